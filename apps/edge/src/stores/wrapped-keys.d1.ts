/** Wrapped data keys in D1 (`PII_DB`). */
import type { Clock } from "@hi-stranger/core/clock";
import type { DataKeyClass } from "@hi-stranger/core/crypto/data-key";
import type { WrappedKey, WrappedKeyStore } from "./identity-ports.ts";

/** The columns of `data_keys` that make a key. */
export interface WrappedKeyRow {
  readonly dek_id: string;
  readonly version: number;
  readonly subject_id: string;
  readonly class: DataKeyClass;
  readonly kek_version: number;
  readonly wrapped: string;
}

export const wrappedKeyColumns = "dek_id, version, subject_id, class, kek_version, wrapped";

export function createD1WrappedKeyStore(db: D1Database, clock: Clock): WrappedKeyStore {
  return {
    async current(subjectId, dataClass) {
      const row = await db
        .prepare(
          `SELECT ${wrappedKeyColumns} FROM data_keys INDEXED BY data_keys_by_subject
           WHERE subject_id = ?1 AND class = ?2 ORDER BY version DESC LIMIT 1`,
        )
        .bind(subjectId, dataClass)
        .first<WrappedKeyRow>();
      return row && toKey(row);
    },
    async find(dekId, version) {
      const row = await db
        .prepare(`SELECT ${wrappedKeyColumns} FROM data_keys WHERE dek_id = ?1 AND version = ?2`)
        .bind(dekId, version)
        .first<WrappedKeyRow>();
      return row && toKey(row);
    },
    async findAll(names) {
      const named = JSON.stringify(names.map(({ dekId, version }) => [dekId, version]));
      // A cross join is SQLite's way to fix the order: by the names, not through all keys.
      const { results } = await db
        .prepare(
          `SELECT ${wrappedKeyColumns} FROM json_each(?1) AS name CROSS JOIN data_keys
           WHERE dek_id = name.value ->> 0 AND version = name.value ->> 1`,
        )
        .bind(named)
        .all<WrappedKeyRow>();
      return results.map(toKey);
    },
    async add(key) {
      const { meta } = await db
        .prepare(
          `INSERT INTO data_keys (${wrappedKeyColumns}, created_at)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
             SELECT 1 FROM key_rotations
             WHERE purpose = 'kek' AND state = 'finished' AND to_version > ?5)
           ON CONFLICT DO NOTHING`,
        )
        .bind(
          key.dekId,
          key.version,
          key.subjectId,
          key.class,
          key.kekVersion,
          key.wrapped,
          clock.now(),
        )
        .run();
      return meta.changes === 1;
    },
    async removeAll(subjectId) {
      await db.prepare("DELETE FROM data_keys WHERE subject_id = ?1").bind(subjectId).run();
    },
  };
}

/**
 * Counts fields that are stored in the same batch, which fails as a whole once the key has sealed
 * `maxSealsPerKey`: a rotation gives its subject the next.
 */
export function countSeals(
  db: D1Database,
  { dekId, version }: Pick<WrappedKey, "dekId" | "version">,
  count: number,
): D1PreparedStatement {
  return db
    .prepare("UPDATE data_keys SET sealed = sealed + ?3 WHERE dek_id = ?1 AND version = ?2")
    .bind(dekId, version, count);
}

/** A row of `data_keys` as the port has it. */
export function toKey(row: WrappedKeyRow): WrappedKey {
  return {
    dekId: row.dek_id,
    version: row.version,
    subjectId: row.subject_id,
    class: row.class,
    kekVersion: row.kek_version,
    wrapped: row.wrapped,
  };
}
