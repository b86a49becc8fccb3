/** `vault.db`: the person's data, and the counter that shows an old copy. */
import type { Database } from "./ports.ts";
import { VaultError } from "./vault-error.ts";
import { applyConnectionSettings } from "./auth/auth-schema.ts";
import { createRecordSchema } from "./records/record-schema.ts";

/**
 * Sets the connection up and creates the tables in a new `vault.db`.
 *
 * @throws {VaultError} `newer_version`, `damaged`.
 */
export function prepareVaultSchema(database: Database): void {
  applyConnectionSettings(database);
  createRecordSchema(database);
}

/** The counter (see `epochs.ts`). */
export function readVaultEpoch(database: Database): number {
  const epoch = readNumber(database, "epoch");
  if (epoch === null) throw new VaultError("damaged", { parts: ["vault.db"] });
  return epoch;
}

export function writeVaultEpoch(database: Database, epoch: number): void {
  writeNumber(database, "epoch", epoch);
}

/** The counter that all places were noted to be at, or null when it was never noted. */
export function readSettledEpoch(database: Database): number | null {
  return readNumber(database, "settled_epoch");
}

export function writeSettledEpoch(database: Database, epoch: number): void {
  writeNumber(database, "settled_epoch", epoch);
}

type NumberName = "epoch" | "settled_epoch";

function readNumber(database: Database, name: NumberName): number | null {
  const sql = "SELECT value FROM vault_meta WHERE name = ?";
  const row = database.get<{ value: string }>(sql, name);
  if (!row) return null;
  const value = Number(row.value);
  if (!Number.isSafeInteger(value)) throw new VaultError("damaged", { parts: ["vault.db"] });
  return value;
}

function writeNumber(database: Database, name: NumberName, value: number): void {
  database.run(
    `INSERT INTO vault_meta (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    name,
    String(value),
  );
}
