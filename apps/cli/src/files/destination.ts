/**
 * What stands at a path that output is to go to. A file can be replaced when its successor is
 * whole; a pipe or a device can't, and is written into, as a shell's `>` would.
 */
import { type Stats, fstatSync } from "node:fs";
import { readlink, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemCode, usageError } from "../errors.ts";

export interface Destination {
  /**
   * `file`: a regular file, or nothing yet. `stdout`: what stdout writes to already, by another name,
   * such as `/dev/stdout`. `pipe`: a FIFO. `device`: a device, such as `/dev/null`.
   */
  readonly kind: "file" | "stdout" | "pipe" | "device";
  /** The path; of a file, the one that symbolic links lead to. */
  readonly path: string;
}

const stdoutFd = 1;

/** Looks at `path`. @throws {CliError} when nothing can be written there, as to a folder. */
export async function findDestination(path: string): Promise<Destination> {
  const info = await orNull(stat(path), "ENOENT");
  if (!info) return { kind: "file", path: await followDanglingLink(path) };
  if (info.isDirectory()) throw usageError(`${path} is a folder; name a file in it.`);
  if (isStdout(info)) return { kind: "stdout", path };
  if (info.isFile()) return { kind: "file", path: await realpath(path) };
  if (info.isFIFO()) return { kind: "pipe", path };
  if (info.isCharacterDevice() || info.isBlockDevice()) return { kind: "device", path };
  throw usageError(`${path} is neither a file nor a pipe nor a device.`);
}

/** Where a link leads to nothing, the file appears there, and the link stays. */
async function followDanglingLink(path: string): Promise<string> {
  const target = await orNull(readlink(path), "ENOENT", "EINVAL");
  if (target === null) return path;
  return followDanglingLink(resolve(await realpath(dirname(path)), target));
}

function isStdout({ dev, ino }: Stats): boolean {
  try {
    const stdout = fstatSync(stdoutFd);
    return ino !== 0 && stdout.dev === dev && stdout.ino === ino;
  } catch (error) {
    // Closed by whoever started us.
    if (systemCode(error) === "EBADF") return false;
    throw error;
  }
}

/** What `asked` resolves with, or null when it fails with one of `codes`. */
async function orNull<T>(asked: Promise<T>, ...codes: readonly string[]): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (codes.includes(systemCode(error) ?? "")) return null;
    throw error;
  }
}
