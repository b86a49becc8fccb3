/** SQLite, loaded once in this worker, and databases on files in memory. */
import { systemClock } from "@hi-stranger/core/clock";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import type { Database, DatabaseKey } from "../../../src/ports.ts";
import { openSqliteDatabase } from "../../../src/web/sqlite/database.ts";
import { loadSqlite, type SqliteModule } from "../../../src/web/sqlite/module.ts";
import { type FileVfs, installFileVfs } from "../../../src/web/sqlite/vfs.ts";
import { createFragileDisk, type FragileDisk } from "./fragile-disk.ts";

export interface Engine {
  readonly sqlite: SqliteModule;
  readonly vfs: FileVfs;
}

let loaded: Promise<Engine> | undefined;

export function loadEngine(): Promise<Engine> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Engine> {
  const sqlite = await loadSqlite();
  const vfs = installFileVfs({ sqlite, clock: systemClock, fillRandom: platformRandom });
  return { sqlite, vfs };
}

export const fileNames = ["/data.db", "/data.db-journal"] as const;

export const createDisk = (contents?: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): FragileDisk =>
  createFragileDisk(fileNames, contents);

export const key: DatabaseKey = {
  key: new Uint8Array(32).fill(0x4b),
  salt: new Uint8Array(16).fill(0x53),
};

/** Opens `/data.db` of `disk`; null for a key opens it in the clear. */
export async function openOn(
  disk: FragileDisk,
  keyOrNone: DatabaseKey | null = key,
): Promise<Database> {
  const { sqlite, vfs } = await loadEngine();
  for (const [name, file] of disk.files) vfs.filesByPath.set(name, file);
  const vfsName = keyOrNone ? vfs.encryptingName : vfs.plainName;
  return openSqliteDatabase({
    sqlite,
    vfsName,
    path: fileNames[0],
    part: "data.db",
    key: keyOrNone,
  });
}

/** What is in a file of `disk`. */
export function contentOf(disk: FragileDisk, name: (typeof fileNames)[number]) {
  const file = disk.files.get(name);
  const bytes = new Uint8Array(file?.getSize() ?? 0);
  file?.read(bytes, { at: 0 });
  return bytes;
}
