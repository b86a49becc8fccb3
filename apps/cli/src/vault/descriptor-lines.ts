/**
 * Secrets that a script hands over by a file descriptor, 0 being stdin: as bytes, a line each, so
 * that several can come by the same descriptor one after the other.
 */
import { createReadStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { concatBytes, copySecret, wipe } from "@hi-stranger/vault/secret-bytes";
import { usageError } from "../errors.ts";

export interface DescriptorLines {
  /** The next line without its ending, which the caller wipes. @throws {CliError} when there is none. */
  line(what: string): Promise<Uint8Array<ArrayBuffer>>;
  /** All lines that are left. */
  lines(): Promise<Uint8Array<ArrayBuffer>[]>;
  /** Stops reading, and wipes what was not asked for. */
  close(): void;
}

/** More than all secrets of one command. */
const maxBytes = 64 * 1024;
const lf = 0x0a;
const cr = 0x0d;

/** @throws {CliError} when there is no such descriptor. */
export function openDescriptor(fd: number, signal: AbortSignal): DescriptorLines {
  const stream = openStream(fd);
  const stop = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  const chunks = stream.iterator({ destroyOnReturn: false });
  let held = new Uint8Array(0);
  let hasEnded = false;

  const readMore = async (): Promise<void> => {
    const next = await chunks.next();
    if (next.done === true) {
      hasEnded = true;
      return;
    }
    const chunk = next.value as Buffer;
    const joined = concatBytes(held, chunk);
    wipe(held, chunk);
    held = joined;
    if (held.length > maxBytes)
      throw usageError(`Descriptor ${fd} holds more than any secret has.`);
  };
  const nextLine = async (): Promise<Uint8Array<ArrayBuffer> | null> => {
    for (let seen = 0; ;) {
      const end = held.indexOf(lf, seen);
      if (end !== -1 || hasEnded) {
        if (end === -1 && held.length === 0) return null;
        const stop = end === -1 ? held.length : end;
        const line = copySecret(held, held[stop - 1] === cr ? stop - 1 : stop);
        const rest = copySecret(held.subarray(end === -1 ? stop : stop + 1));
        wipe(held);
        held = rest;
        return line;
      }
      seen = held.length;
      await readMore();
    }
  };

  return {
    async line(what) {
      const line = await nextLine();
      if (line) return line;
      throw usageError(`Descriptor ${fd} ended before the ${what}.`);
    },
    async lines() {
      const lines: Uint8Array<ArrayBuffer>[] = [];
      for (let line = await nextLine(); line; line = await nextLine()) {
        if (line.length > 0) lines.push(line);
      }
      return lines;
    },
    close() {
      signal.removeEventListener("abort", stop);
      wipe(held);
      stream.destroy();
    },
  };
}

/** Pipes and sockets are read without blocking, so that Ctrl-C is heard. */
function openStream(fd: number): Readable {
  if (fd === 0) return process.stdin;
  let info;
  try {
    info = fstatSync(fd);
  } catch {
    throw usageError(
      `There is no file descriptor ${fd}.`,
      `The shell opens one so: npx hi vault … --passphrase-fd ${fd} ${fd}< FILE`,
    );
  }
  if (info.isFIFO() || info.isSocket()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream("", { fd, autoClose: false });
}
