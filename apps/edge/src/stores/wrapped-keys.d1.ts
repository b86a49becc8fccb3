/** Wrapped data keys in D1 (`PII_DB`). */
import type { Clock } from "@hi-stranger/core/clock";
import type { DataKeyClass } from "@hi-stranger/core/crypto/data-key";
import type { WrappedKey, WrappedKeyStore } from "./identity-ports.ts";

interface Row {
  readonly dek_id: string;
  readonly version: number;
  readonly subject_id: string;
  readonly class: DataKeyClass;
  readonly kek_version: number;
  readonly wrapped: string;
}

const columns = "dek_id, version, subject_id, class, kek_version, wrapped";

export function createD1WrappedKeyStore(db: D1Database, clock: Clock): WrappedKeyStore {
  return {
    async current(subjectId, dataClass) {
      const row = await db
        .prepare(
          `SELECT ${columns} FROM data_keys INDEXED BY data_keys_by_subject
           WHERE subject_id = ?1 AND class = ?2 ORDER BY version DESC LIMIT 1`,
        )
        .bind(subjectId, dataClass)
        .first<Row>();
      return row && toKey(row);
    },
    async find(dekId, version) {
      const row = await db
        .prepare(`SELECT ${columns} FROM data_keys WHERE dek_id = ?1 AND version = ?2`)
        .bind(dekId, version)
        .first<Row>();
      return row && toKey(row);
    },
    async add(key) {
      const { meta } = await db
        .prepare(
          `INSERT INTO data_keys (${columns}, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
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

function toKey(row: Row): WrappedKey {
  return {
    dekId: row.dek_id,
    version: row.version,
    subjectId: row.subject_id,
    class: row.class,
    kekVersion: row.kek_version,
    wrapped: row.wrapped,
  };
}
