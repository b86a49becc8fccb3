/**
 * Files that appear under their names when they are whole, or not at all.
 *
 * What is written goes to a hidden neighbour, which is flushed to the disk and then renamed. The
 * neighbour's name holds our process id, so that the next one can clear away what a killed process
 * left behind, and a random part, so that nobody who can write to the folder knows it before. It is
 * made anew or not at all: a link that stands there is not followed. Only files are replaced: a pipe or
 * a device would be gone from its place for everyone.
 */
import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CliError, systemCode } from "../errors.ts";
import { isProcessAlive } from "./process-alive.ts";

export interface AtomicFile {
  readonly bytesWritten: number;
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Puts the file in its place, or at another path in the same folder; a file of that name is
   * replaced, and so is a link.
   *
   * @throws {CliError} when something else is there.
   */
  commit(otherPath?: string): Promise<void>;
  /** Throws away what was written, unless it is in its place already. Never fails. */
  discard(): Promise<void>;
}

/**
 * Opens a file that will be at `path`.
 *
 * @param mode Its permissions; without, those of the file it replaces, or else what the umask leaves.
 */
export async function createAtomicFile(path: string, mode?: number): Promise<AtomicFile> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.hi-`;
  await removeLeftovers(folder, prefix);
  const standing = mode === undefined ? await lookAt(path) : null;
  const former = standing?.isFile() === true ? standing : null;
  const temporary = join(folder, `${prefix}${process.pid}-${randomBytes(8).toString("hex")}`);
  const handle = await open(temporary, "wx", mode ?? (former ? permissionsOf(former) : 0o666));
  if (former) await handle.chmod(permissionsOf(former));
  let bytesWritten = 0;
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    get bytesWritten() {
      return bytesWritten;
    },
    async write(bytes) {
      await writeAll(handle, bytes);
      bytesWritten += bytes.length;
    },
    async commit(otherPath = path) {
      await handle.sync();
      await close();
      await checkReplaceable(otherPath);
      await rename(temporary, otherPath);
      await syncFolder(folder);
    },
    async discard() {
      await close().catch(() => undefined);
      await rm(temporary, { force: true }).catch(() => undefined);
    },
  };
}

/** Writes `bytes` to their end, however much the system takes at a time. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

/** What is at `path` itself, where links are not followed; null when there is nothing. */
async function lookAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Who may read, write and run it; what would run it as another user is not handed on. */
function permissionsOf({ mode }: Stats): number {
  return mode & 0o777;
}

async function checkReplaceable(path: string): Promise<void> {
  const info = await lookAt(path);
  if (!info || info.isFile() || info.isSymbolicLink()) return;
  throw new CliError("not_a_file", `${path} is no file, so it is not replaced by one.`, {
    hint: "Name another file.",
  });
}

/** What follows the prefix: a process id, and a random part, which names of before didn't have. */
const leftoverRest = /^(\d+)(-[0-9a-f]+)?$/;

async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(leftoverRest.exec(name.slice(prefix.length))?.[1]);
    if (Number.isSafeInteger(pid) && !isProcessAlive(pid)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/** Makes a rename last through a power cut, where the system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows has no such thing; the file itself is flushed.
  }
}
