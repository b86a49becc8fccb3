/**
 * A vault whose durable writes fail at chosen moments, as on a disk that is full or broken. The parts
 * are the real ones; only what the storage answers at that moment is not.
 */
import type { Database, VaultPlatform } from "../../src/ports.ts";
import { VaultError } from "../../src/vault-error.ts";

export interface FailingWrites {
  readonly platform: VaultPlatform;
  /**
   * From now on everything whose name matches `pattern` fails with `error`, but for the first
   * `spared` of them. Names are `header`, `record`, and for a database its file's name with the
   * statement, or with `close`.
   */
  failAt(pattern: RegExp, options?: { spared?: number; error?: Error }): void;
  /** Lets everything succeed again. */
  heal(): void;
}

export function withFailingWrites(platform: VaultPlatform): FailingWrites {
  let fault: { pattern: RegExp; spared: number; error: Error } | null = null;

  const step = (name: string): void => {
    if (!fault?.pattern.test(name)) return;
    if (fault.spared-- > 0) return;
    throw fault.error;
  };

  const { files, deviceKeys } = platform;
  const failing = (database: Database, part: string): Database => ({
    ...database,
    run(sql, ...parameters) {
      step(`${part} ${sql}`);
      return database.run(sql, ...parameters);
    },
    get(sql, ...parameters) {
      step(`${part} ${sql}`);
      return database.get(sql, ...parameters);
    },
    close() {
      database.close();
      step(`${part} close`);
    },
  });
  return {
    platform: {
      ...platform,
      deviceKeys: {
        ...deviceKeys,
        writeRecord: async (vaultId, record) => {
          step("record");
          return deviceKeys.writeRecord(vaultId, record);
        },
      },
      files: {
        ...files,
        writeHeader: async (offset, bytes) => {
          step("header");
          return files.writeHeader(offset, bytes);
        },
        openDatabase: async (name, key) =>
          failing(await files.openDatabase(name, key), `${name}.db`),
      },
    },
    failAt(pattern, { spared = 0, error = new VaultError("disk_full") } = {}) {
      fault = { pattern, spared, error };
    },
    heal() {
      fault = null;
    },
  };
}
