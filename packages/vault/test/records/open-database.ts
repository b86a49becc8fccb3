/** Encrypted databases in a folder of their own, as the vault opens them on Node. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openNodeDatabase } from "../../src/node/database.ts";
import type { Database, DatabaseKey } from "../../src/ports.ts";
import { createRecordSchema } from "../../src/records/record-schema.ts";

/** Opens a new `vault.db` that ends with the test. */
export function openEmptyDatabase(): Database {
  return openIn(newFolder(), newKey());
}

/** Opens a new `vault.db` with its tables, which ends with the test. */
export function openRecordDatabase(): Database {
  const database = openEmptyDatabase();
  createRecordSchema(database);
  return database;
}

export function openIn(folder: string, key: DatabaseKey): Database {
  const database = openNodeDatabase(join(folder, "vault.db"), key, "vault.db");
  onTestFinished(() => database.close());
  return database;
}

/** A folder that ends with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hi-stranger-records-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function newKey(): DatabaseKey {
  return { key: randomBytes(32), salt: randomBytes(16) };
}
