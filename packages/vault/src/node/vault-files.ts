/**
 * The vault's folder: `header`, `auth.db`, `vault.db` with their journals, `lock`, and `setting-up` until
 * the header is there.
 *
 * The folder is 0700 and its files 0600, also where they were there before (see `private-folder.ts`).
 */
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseName, VaultFiles } from "../ports.ts";
import { openNodeDatabase } from "./database.ts";
import { patchFile, replaceFile, syncFolder } from "./durable-file.ts";
import { takeLock } from "./exclusive-lock.ts";
import { ensurePrivateFolder } from "./private-folder.ts";
import { readFileSeals } from "./read-seals.ts";
import { codeOf, toVaultError } from "./system-errors.ts";

const sideFileSuffixes = ["", "-journal", "-wal", "-shm"];
const ourNames = /^((header|setting-up)(\.new)?|(lock|(auth|vault)\.db)(-journal|-wal|-shm)?)$/;

/** The files of the vault in `folder`. */
export function createVaultFiles(folder: string): VaultFiles {
  const headerPath = join(folder, "header");
  const setUpMarkPath = join(folder, "setting-up");
  const databasePath = (name: DatabaseName): string => join(folder, `${name}.db`);

  return {
    acquire: async () =>
      mapped("folder", async () => {
        await ensurePrivateFolder(folder, (name) => ourNames.test(name));
        return takeLock(join(folder, "lock"));
      }),

    readHeader: async () =>
      mapped("header", async () => {
        const bytes = await absentAsNull(readFile(headerPath));
        return bytes && Uint8Array.from(bytes);
      }),

    writeHeader: async (offset, bytes) =>
      mapped("header", async () => {
        if (await exists(headerPath)) return patchFile(headerPath, offset, bytes);
        if (offset !== 0) throw new RangeError("a header begins at its beginning");
        return replaceFile(headerPath, bytes);
      }),

    openDatabase: async (name, key) => openNodeDatabase(databasePath(name), key, `${name}.db`),

    hasDatabase: async (name) => exists(databasePath(name)),

    readSeals: async (name, maxByteLength) =>
      mapped(`${name}.db`, async () => {
        if (await exists(`${databasePath(name)}-journal`)) return null;
        return absentAsNull(readFileSeals(databasePath(name), maxByteLength));
      }),

    removeDatabase: async (name) =>
      mapped(`${name}.db`, async () => {
        for (const suffix of sideFileSuffixes) {
          await rm(`${databasePath(name)}${suffix}`, { force: true });
        }
        await syncFolder(folder);
      }),

    removeHeader: async () =>
      mapped("header", async () => {
        await rm(headerPath, { force: true });
        await syncFolder(folder);
      }),

    hasSetUpMark: async () => exists(setUpMarkPath),

    writeSetUpMark: async () =>
      mapped("folder", async () => replaceFile(setUpMarkPath, new Uint8Array(0))),

    removeSetUpMark: async () =>
      mapped("folder", async () => {
        await rm(setUpMarkPath, { force: true });
        await syncFolder(folder);
      }),
  };
}

async function mapped<Result>(part: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toVaultError(error, part);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await absentAsNull(access(path).then(() => true))) ?? false;
}

async function absentAsNull<Result>(result: Promise<Result>): Promise<Result | null> {
  try {
    return await result;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
