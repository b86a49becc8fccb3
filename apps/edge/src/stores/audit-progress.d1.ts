/** How far a day of the audit log has been recomputed, in D1 (`DB`). */
import type { AuditProgressStore } from "./audit-ports.ts";

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
}

export function createD1AuditProgressStore(db: D1Database): AuditProgressStore {
  return {
    async find(day) {
      const row = await db
        .prepare("SELECT seq, at, hash FROM audit_progress WHERE day = ?1")
        .bind(day)
        .first<Row>();
      return row && { seq: row.seq, atMs: row.at, hash: row.hash };
    },

    async save(day, { seq, atMs, hash }) {
      await db
        .prepare(
          `INSERT INTO audit_progress (day, seq, at, hash) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT (day) DO UPDATE SET seq = excluded.seq, at = excluded.at, hash = excluded.hash`,
        )
        .bind(day, seq, atMs, hash)
        .run();
    },

    async clear() {
      await db.prepare("DELETE FROM audit_progress").run();
    },
  };
}
