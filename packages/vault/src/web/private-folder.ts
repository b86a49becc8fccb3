/**
 * A folder in the origin's private file system (https://fs.spec.whatwg.org), for one worker at a
 * time: what no other site and no file manager sees, and what a browser may evict.
 */
import { VaultError } from "../vault-error.ts";
import type { OpenFile } from "./sqlite/vfs.ts";

export interface PrivateFolder {
  /** The bytes of a file, or null when it isn't there. Works while somebody has it open. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** The first `byteLength` bytes of a file, or null when it isn't there. Works while somebody has it open. */
  readStart(name: string, byteLength: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** How many bytes a file has, or null when it isn't there. Works while somebody has it open. */
  size(name: string): Promise<number | null>;
  /** Opens a file for this holder alone, and creates it when it isn't there. Rejects with `vault_in_use`. */
  open(name: string): Promise<OpenFile>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
}

export interface PrivateFolderOptions {
  /** Names of folders from the root on; they are created when something is opened. */
  readonly path: readonly string[];
  /**
   * How long to wait for a file that somebody has open. A worker that was ended keeps its files for
   * as long as its last call runs, which browsers bound to some seconds.
   */
  readonly maxWaitMs?: number;
}

const defaultMaxWaitMs = 5000;
const pauseMs = 25;

export function createPrivateFolder({
  path,
  maxWaitMs = defaultMaxWaitMs,
}: PrivateFolderOptions): PrivateFolder {
  const find = async (create: boolean): Promise<FileSystemDirectoryHandle> => {
    let folder = await openRoot();
    for (const name of path) folder = await folder.getDirectoryHandle(name, { create });
    return folder;
  };
  const look = async (name: string): Promise<File> =>
    (await (await find(false)).getFileHandle(name)).getFile();
  return {
    read: (name) => orNull(async () => new Uint8Array(await (await look(name)).arrayBuffer())),

    readStart: (name, byteLength) =>
      orNull(
        async () => new Uint8Array(await (await look(name)).slice(0, byteLength).arrayBuffer()),
      ),

    size: (name) => orNull(async () => (await look(name)).size),

    async open(name) {
      const handle = await (await find(true)).getFileHandle(name, { create: true });
      return openWithPatience(handle, Math.ceil(maxWaitMs / pauseMs));
    },

    async remove(name) {
      await orNull(async () => (await find(false)).removeEntry(name));
    },
  };
}

/** @throws {VaultError} `read_only` where the browser has no such files, or no leave to keep any */
async function openRoot(): Promise<FileSystemDirectoryHandle> {
  try {
    return await navigator.storage.getDirectory();
  } catch (error) {
    const advice =
      "This browser doesn't let the site keep files. Allow it to store data, or leave the private window, then try again.";
    throw new VaultError("read_only", { cause: error }, advice);
  }
}

async function openWithPatience(
  handle: FileSystemFileHandle,
  maxPauses: number,
): Promise<OpenFile> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if (!isNamed(error, "NoModificationAllowedError")) throw error;
      if (pauses === maxPauses) throw new VaultError("vault_in_use", { cause: error });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
}

async function orNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (isNamed(error, "NotFoundError")) return null;
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
