/**
 * The vault's folder: `header`, `auth.db`, `vault.db` with their journals, `lock`, and `setting-up` until
 * the header is there.
 *
 * The folder is 0700 and its files 0600, also where they were there before (see `private-folder.ts`).
 */
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseName, VaultFiles } from "../ports.ts";
import { openNodeDatabase } from "./database.ts";
import { patchFile, replaceFile, syncFolder } from "./durable-file.ts";
import { takeLock } from "./exclusive-lock.ts";
import { ensurePrivateFolder } from "./private-folder.ts";
import { readFileOutside, readFileSeals } from "./read-seals.ts";
import { codeOf, withVaultErrors } from "./system-errors.ts";

const sideFileSuffixes = ["", "-journal", "-wal", "-shm"];
const ourNames = /^((header|setting-up)(\.new)?|(lock|(auth|vault)\.db)(-journal|-wal|-shm)?)$/;

/** The files of the vault in `folder`. */
export function createVaultFiles(folder: string): VaultFiles {
  const headerPath = join(folder, "header");
  const setUpMarkPath = join(folder, "setting-up");
  const databasePath = (name: DatabaseName): string => join(folder, `${name}.db`);

  return {
    acquire: async () =>
      withVaultErrors("folder", () => {
        ensurePrivateFolder(folder, (name) => ourNames.test(name));
        return takeLock(join(folder, "lock"));
      }),

    readHeader: async () => withVaultErrors("header", () => readOrNull(headerPath)),

    writeHeader: async (offset, bytes) =>
      withVaultErrors("header", () => {
        if (isThere(headerPath)) {
          patchFile(headerPath, offset, bytes);
          return;
        }
        if (offset !== 0) throw new RangeError("a header begins at its beginning");
        replaceFile(headerPath, bytes);
      }),

    openDatabase: async (name, key) => openNodeDatabase(databasePath(name), key, `${name}.db`),

    // An empty file is one that SQLite would take for a new database.
    hasDatabase: async (name) =>
      withVaultErrors(`${name}.db`, () => (sizeOf(databasePath(name)) ?? 0) > 0),

    readOutside: async (name) =>
      withVaultErrors(`${name}.db`, () => {
        const path = databasePath(name);
        return isThere(path) ? readFileOutside(path) : null;
      }),

    readSeals: async (name, maxByteLength) =>
      withVaultErrors(`${name}.db`, () => {
        const path = databasePath(name);
        if (!isThere(path) || isThere(`${path}-journal`)) return null;
        return readFileSeals(path, maxByteLength);
      }),

    removeDatabase: async (name) =>
      withVaultErrors(`${name}.db`, () => {
        for (const suffix of sideFileSuffixes) {
          rmSync(`${databasePath(name)}${suffix}`, { force: true });
        }
        syncFolder(folder);
      }),

    removeHeader: async () =>
      withVaultErrors("header", () => {
        rmSync(headerPath, { force: true });
        syncFolder(folder);
      }),

    hasSetUpMark: async () => withVaultErrors("folder", () => isThere(setUpMarkPath)),

    writeSetUpMark: async () =>
      withVaultErrors("folder", () => {
        replaceFile(setUpMarkPath, new Uint8Array(0));
      }),

    removeSetUpMark: async () =>
      withVaultErrors("folder", () => {
        rmSync(setUpMarkPath, { force: true });
        syncFolder(folder);
      }),
  };
}

/** Whether there is a file; not being let to know is an error. */
function isThere(path: string): boolean {
  return sizeOf(path) !== null;
}

/** Of the file, in bytes; null when there is none. */
function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function readOrNull(path: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
