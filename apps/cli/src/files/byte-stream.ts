/**
 * Pipes and devices to write into. What has been written is gone: nothing can be taken back, and
 * nothing is left to be put in its place at the end.
 */
import { constants, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { BrokenPipeError, systemCode } from "../errors.ts";
import { writeAll } from "./atomic-file.ts";

export interface ByteStream {
  /** Resolves when more may be written. @throws {BrokenPipeError} when the reader has gone away. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes it; more than once is fine. */
  close(): Promise<void>;
}

/** How often to look whether somebody reads a pipe. */
const readerPollMs = 50;

/** Opens a device, such as a terminal or `/dev/null`. */
export async function openDevice(path: string): Promise<ByteStream> {
  // Neither made when it is gone meanwhile, nor cut to length.
  const handle = await open(path, constants.O_WRONLY);
  return { write: (bytes) => writeAll(handle, bytes), close: () => handle.close() };
}

/**
 * Opens a FIFO once somebody reads it. An opening that blocks could be neither interrupted nor
 * outlived: the program would hang at its end. So this one asks again and again.
 */
export async function openPipe(path: string, signal: AbortSignal): Promise<ByteStream> {
  let fd = tryToOpen(path);
  while (fd === null) {
    await wait(readerPollMs);
    signal.throwIfAborted();
    fd = tryToOpen(path);
  }
  const socket = new Socket({ fd, readable: false, writable: true });
  // Each write tells its own failure.
  socket.on("error", () => undefined);
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          // A reader that keeps up never lets us wait, and a program that never waits doesn't hear Ctrl-C.
          if (!error) setImmediate(resolve);
          else reject(systemCode(error) === "EPIPE" ? new BrokenPipeError() : error);
        });
      }),
    close: async () => {
      socket.destroy();
    },
  };
}

/** A descriptor that doesn't block, or null while nobody reads. */
function tryToOpen(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === "ENXIO") return null;
    throw error;
  }
}
