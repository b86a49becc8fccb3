/**
 * Encrypts and decrypts the columns of a table that the data map protects by `dek`, and no others.
 * Stores of personal data go through this at their boundary; nothing else touches a key.
 */
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import type { DataKey, DataKeyClass } from "@hi-stranger/core/crypto/data-key";
import {
  type FieldPlace,
  type FieldSuiteName,
  dataKeyOf,
  openField,
  sealField,
} from "@hi-stranger/core/crypto/envelope";
import { factsOfColumn, mappedTables } from "@hi-stranger/core/data-map";
import type { SubjectKeys, WrappedKey } from "./identity-ports.ts";

export interface FieldCipherOptions {
  readonly environment: string;
  readonly table: string;
  readonly schemaVersion: string;
  readonly class: DataKeyClass;
  /** What values are sealed by. Those of any suite open. */
  readonly suite: FieldSuiteName;
  readonly keys: SubjectKeys;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
}

/** Values by column, null where there is none. */
export type Fields = Readonly<Record<string, string | null>>;

export interface FieldCipher {
  /** The columns that are encrypted. */
  readonly columns: readonly string[];
  /**
   * The encrypted form of values of encrypted columns. With suite `hs2`, who stores them counts them
   * (`countSeals`).
   *
   * @throws {RangeError} for any other column.
   */
  seal(subjectId: string, rowId: string, values: Fields): Promise<Record<string, string | null>>;
  /**
   * The values of a row's encrypted columns; null when they were shredded.
   * @throws {FieldError} when one was changed, moved or forged.
   */
  open(
    subjectId: string,
    rowId: string,
    row: Fields,
  ): Promise<Record<string, string | null> | null>;
  /**
   * Those of a row's values that another key has sealed, sealed with `key`; null when one was shredded.
   * @throws {FieldError} as {@link open} does.
   */
  reseal(
    key: DataKey,
    subjectId: string,
    rowId: string,
    row: Fields,
  ): Promise<Record<string, string> | null>;
  /** Takes a key's wrap that was just read, so that opening what it sealed reads it no more. */
  learn(wrapped: WrappedKey): Promise<void>;
  /** Obtains keys anew for the next {@link seal}. */
  forget(subjectId: string): void;
}

export function createFieldCipher(options: FieldCipherOptions): FieldCipher {
  const { keys, subtle, suite, fillRandom } = options;
  const columns = encryptedColumnsOf(options.table);
  const placeOf = (subjectId: string, rowId: string, column: string): FieldPlace => {
    const { environment, table, schemaVersion } = options;
    return { environment, table, column, rowId, subjectId, schemaVersion };
  };

  return {
    columns,
    async seal(subjectId, rowId, values) {
      const key = await keys.obtain(subjectId, options.class);
      const sealed: Record<string, string | null> = {};
      for (const [column, value] of Object.entries(values)) {
        if (!columns.includes(column)) throw new RangeError(`${column} is not an encrypted column`);
        const place = placeOf(subjectId, rowId, column);
        sealed[column] =
          value === null ? null : await sealField(subtle, key, place, value, { suite, fillRandom });
      }
      return sealed;
    },
    async open(subjectId, rowId, row) {
      const opened: Record<string, string | null> = {};
      for (const column of columns) {
        const value = row[column] ?? null;
        opened[column] = null;
        if (value === null) continue;
        const { dekId = "", dekVersion = 0 } = dataKeyOf(value) ?? {};
        const key = await keys.find(subjectId, dekId, dekVersion);
        if (!key) return null;
        opened[column] = await openField(subtle, key, placeOf(subjectId, rowId, column), value);
      }
      return opened;
    },
    async reseal(key, subjectId, rowId, row) {
      const resealed: Record<string, string> = {};
      for (const column of columns) {
        const value = row[column] ?? null;
        if (value === null) continue;
        const { dekId = "", dekVersion = 0 } = dataKeyOf(value) ?? {};
        if (dekId === key.dekId && dekVersion === key.version) continue;
        const former = await keys.find(subjectId, dekId, dekVersion);
        if (!former) return null;
        const place = placeOf(subjectId, rowId, column);
        const plaintext = await openField(subtle, former, place, value);
        resealed[column] = await sealField(subtle, key, place, plaintext, { suite, fillRandom });
      }
      return resealed;
    },
    learn: (wrapped) => keys.learn(wrapped),
    forget: (subjectId) => keys.forget(subjectId),
  };
}

/** @throws {RangeError} for a table that the data map doesn't know, or that has nothing to encrypt. */
function encryptedColumnsOf(name: string): string[] {
  const table = mappedTables.find(({ database, table }) => database === "PII_DB" && table === name);
  const columns = Object.keys(table?.columns ?? {}).filter(
    (column) => table && factsOfColumn(table, column).protection === "dek",
  );
  if (columns.length === 0) throw new RangeError(`${name} has no encrypted column`);
  return columns;
}
