/**
 * Named secrets in `vault.db`: what somebody keeps in the vault that is no record, such as a token
 * or a key. Values are bytes of any kind.
 */
import { StoreError } from "@hi-stranger/core/errors";
import type { Database } from "../ports.ts";

/** Longest value, in bytes. */
export const maxSecretBytes = 64 * 1024;
/** Longest name, in UTF-16 code units. */
const maxNameLength = 128;

export interface SecretInfo {
  readonly name: string;
  readonly byteLength: number;
}

export interface SecretStore {
  /** The value, which the caller wipes; null when there is none of that name. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Keeps `value` in the place of any before. The caller wipes what it passed.
   *
   * @throws {StoreError} `invalid_parameter` for a name that is empty, longer than 128 characters or
   *   holds control characters, or a value above {@link maxSecretBytes}.
   */
  put(name: string, value: Uint8Array): Promise<void>;
  /** Every name, in the order of UTF-8 bytes, with the size of its value. */
  list(): Promise<SecretInfo[]>;
  /** False when there was none of that name. */
  delete(name: string): Promise<boolean>;
}

export function createSqlSecretStore(database: Database): SecretStore {
  return {
    async get(name) {
      const sql = "SELECT value FROM secrets WHERE name = ?";
      const value = database.get<{ value: Uint8Array }>(sql, name)?.value;
      if (!value) return null;
      const copy = Uint8Array.from(value);
      value.fill(0);
      return copy;
    },

    async put(name, value) {
      putSecret(database, name, value);
    },

    async list() {
      const sql = "SELECT name, length(value) AS byteLength FROM secrets ORDER BY name";
      return database.all<SecretInfo>(sql);
    },

    async delete(name) {
      const sql = "DELETE FROM secrets WHERE name = ?";
      return database.transaction(() => database.run(sql, name)) > 0;
    },
  };
}

/** What {@link SecretStore.put} does, at once. */
export function putSecret(database: Database, name: string, value: Uint8Array): void {
  checkName(name);
  if (value.length > maxSecretBytes) {
    const detail = `A secret has at most ${maxSecretBytes} bytes. Keep a larger one elsewhere, and its key here.`;
    throw new StoreError("invalid_parameter", detail);
  }
  const sql = `INSERT INTO secrets (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
  database.transaction(() => database.run(sql, name, value));
}

function checkName(name: string): void {
  if (name !== "" && name.length <= maxNameLength && !/\p{C}/u.test(name)) return;
  throw new StoreError(
    "invalid_parameter",
    `The name of a secret has 1 to ${maxNameLength} characters, none of them invisible.`,
  );
}
