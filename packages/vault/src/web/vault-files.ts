/**
 * The files of one vault in the origin's private file system: `header`, `auth.db` and `vault.db`,
 * each database with its journal beside it, and `setting-up` until the header is there. A Web Lock tells tabs apart that want the same
 * vault; the browser lets go of it when a worker ends, however it ends.
 */
import { sealsOf } from "../page-seals.ts";
import type { DatabaseName, VaultFiles, VaultLock } from "../ports.ts";
import { VaultError } from "../vault-error.ts";
import type { PrivateFolder } from "./private-folder.ts";
import { openSqliteDatabase } from "./sqlite/database.ts";
import type { SqliteModule } from "./sqlite/module.ts";
import type { FileVfs, OpenFile } from "./sqlite/vfs.ts";

export interface VaultFilesOptions {
  readonly folder: PrivateFolder;
  readonly sqlite: SqliteModule;
  readonly vfs: FileVfs;
  readonly locks: LockManager;
  /** The name of the Web Lock, one for each vault. */
  readonly lockName: string;
  /** How long to wait for the lock: a tab that has just let go of it, or closed, may still seem to have it. */
  readonly maxWaitMs?: number;
}

const defaultMaxWaitMs = 1000;
const headerName = "header";
const setUpMarkName = "setting-up";
const saltByteLength = 16;
const fileEndings = ["", "-journal"];

export function createVaultFiles(options: VaultFilesOptions): VaultFiles {
  const { folder, sqlite, vfs } = options;
  return {
    acquire: () => acquireLock(options),

    async readHeader() {
      const bytes = await folder.read(headerName);
      return bytes?.length ? bytes : null;
    },

    async writeHeader(offset, bytes) {
      const file = await folder.open(headerName);
      try {
        writeAll(file, offset, bytes);
        file.flush();
      } finally {
        file.close();
      }
    },

    async openDatabase(name, key) {
      const attached = await attachFiles(folder, vfs, name);
      try {
        const database = openSqliteDatabase({
          sqlite,
          vfsName: vfs.encryptingName,
          path: toPath(name, ""),
          part: toFileName(name, ""),
          key,
        });
        return {
          ...database,
          close() {
            database.close();
            attached.detach();
          },
        };
      } catch (error) {
        attached.detach();
        throw error;
      }
    },

    // An empty file is one that a set-up opened and never wrote to.
    hasDatabase: async (name) => ((await folder.size(toFileName(name, ""))) ?? 0) > 0,

    async readOutside(name) {
      const byteLength = await folder.size(toFileName(name, ""));
      const start = await folder.readStart(toFileName(name, ""), saltByteLength);
      return byteLength !== null && start ? { byteLength, start } : null;
    },

    async readSeals(name, maxByteLength) {
      // A journal that was played back is empty.
      if (((await folder.size(toFileName(name, "-journal"))) ?? 0) > 0) return null;
      const byteLength = await folder.size(toFileName(name, ""));
      if (byteLength === null || byteLength > maxByteLength) return null;
      const bytes = await folder.read(toFileName(name, ""));
      return bytes && sealsOf(bytes);
    },

    async removeDatabase(name) {
      // The database first: its journal alone is nothing, and a database without it may be half of one.
      for (const ending of fileEndings) await folder.remove(toFileName(name, ending));
    },

    removeHeader: () => folder.remove(headerName),

    hasSetUpMark: async () => (await folder.size(setUpMarkName)) !== null,

    async writeSetUpMark() {
      const file = await folder.open(setUpMarkName);
      file.flush();
      file.close();
    },

    removeSetUpMark: () => folder.remove(setUpMarkName),
  };
}

function toFileName(name: DatabaseName, ending: string): string {
  return `${name}.db${ending}`;
}

function toPath(name: DatabaseName, ending: string): string {
  return `/${toFileName(name, ending)}`;
}

/** Opens the files of a database and hands them to the VFS, or none of them. */
async function attachFiles(folder: PrivateFolder, vfs: FileVfs, name: DatabaseName) {
  if (vfs.filesByPath.has(toPath(name, ""))) throw new Error(`${name}.db is open already`);
  const attached: [path: string, file: OpenFile][] = [];
  const detach = () => {
    for (const [path, file] of attached) {
      vfs.filesByPath.delete(path);
      file.close();
    }
  };
  try {
    for (const ending of fileEndings) {
      attached.push([toPath(name, ending), await folder.open(toFileName(name, ending))]);
    }
  } catch (error) {
    detach();
    throw error;
  }
  for (const [path, file] of attached) vfs.filesByPath.set(path, file);
  return { detach };
}

/** @throws {VaultError} `disk_full` */
function writeAll(file: OpenFile, offset: number, bytes: Uint8Array): void {
  const copy = new Uint8Array(bytes);
  try {
    if (file.write(copy, { at: offset }) === copy.length) return;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
    throw new VaultError("disk_full", { cause: error });
  }
  throw new VaultError("disk_full");
}

/** Holds the lock until it is released; null when somebody else keeps it. */
function acquireLock({
  locks,
  lockName,
  maxWaitMs = defaultMaxWaitMs,
}: VaultFilesOptions): Promise<VaultLock | null> {
  const signal = AbortSignal.timeout(maxWaitMs);
  return new Promise((resolve, reject) => {
    const held = locks.request(
      lockName,
      { signal },
      () =>
        new Promise<void>((release) => {
          resolve({
            async release() {
              release();
              await held;
            },
          });
        }),
    );
    held.catch((error: unknown) => {
      if (error === signal.reason) resolve(null);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
