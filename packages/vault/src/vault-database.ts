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
  const row = database.get<{ value: string }>("SELECT value FROM vault_meta WHERE name = 'epoch'");
  const epoch = Number(row?.value);
  if (!row || !Number.isSafeInteger(epoch))
    throw new VaultError("damaged", { parts: ["vault.db"] });
  return epoch;
}

export function writeVaultEpoch(database: Database, epoch: number): void {
  database.run(
    `INSERT INTO vault_meta (name, value) VALUES ('epoch', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    String(epoch),
  );
}
