/**
 * The audit log in D1 (`DB`). Its end moves by compare-and-swap: entries are inserted where the last
 * hash still is the one that they follow, in one statement, and D1 runs one statement at a time.
 */
import { type ChainedEntry, genesisHash } from "@hi-stranger/core/audit/entry";
import type { AuditHead, AuditLogStore, PendingStatement } from "./audit-ports.ts";

interface HeadRow {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
}

interface PendingRow {
  readonly pending_id: string;
  readonly noted_at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: string | null;
  readonly detail: string;
}

const selectHead = "SELECT seq, at, hash FROM audit_log ORDER BY seq DESC LIMIT 1";

const insertChained = `
  INSERT INTO audit_log (seq, at, actor, action, subject, outcome, detail, previous_hash, hash)
  SELECT value ->> 'seq', value ->> 'atMs', value ->> 'actor', value ->> 'action', value ->> 'subject',
    value ->> 'outcome', value ->> 'detail', value ->> 'previousHash', value ->> 'hash'
  FROM json_each(?1)
  WHERE coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), '${genesisHash}') = ?2
  ORDER BY key`;

export function createD1AuditLogStore(db: D1Database): AuditLogStore {
  return {
    async head() {
      return toHead(await db.prepare(selectHead).first<HeadRow>());
    },

    async extend(after, entries, pendingIds) {
      const last = entries.at(-1);
      const results = await db.batch<HeadRow>([
        db.prepare(insertChained).bind(JSON.stringify(entries), after.hash),
        ...(last && pendingIds.length > 0 ? [dropPending(db, last, pendingIds)] : []),
        db.prepare(selectHead),
      ]);
      return {
        isExtended: results[0]?.meta.changes === entries.length,
        head: toHead(results.at(-1)?.results[0] ?? null),
      };
    },

    async note(statement) {
      await notePending(db, statement).run();
    },

    async listPending(notedBeforeMs, limit) {
      const { results } = await db
        .prepare(
          `SELECT pending_id, noted_at, actor, action, subject, outcome, detail FROM audit_pending
           WHERE noted_at < ?1 ORDER BY pending_id LIMIT ?2`,
        )
        .bind(notedBeforeMs, limit)
        .all<PendingRow>();
      return results.map(toStatement);
    },
  };
}

/** Writes a statement down that waits for its place; for a transaction with what it tells of. */
export function notePending(db: D1Database, statement: PendingStatement): D1PreparedStatement {
  const { pendingId, notedAtMs, actor, action, subject, outcome, detail } = statement;
  return db
    .prepare(
      `INSERT INTO audit_pending (pending_id, noted_at, actor, action, subject, outcome, detail)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(pendingId, notedAtMs, actor, action, subject, outcome, detail);
}

/** Removes statements that have got their places: if the entries weren't inserted, they stay. */
function dropPending(
  db: D1Database,
  last: ChainedEntry,
  pendingIds: readonly string[],
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM audit_pending WHERE pending_id IN (SELECT value FROM json_each(?1))
       AND EXISTS (SELECT 1 FROM audit_log WHERE seq = ?2 AND hash = ?3)`,
    )
    .bind(JSON.stringify(pendingIds), last.seq, last.hash);
}

function toHead(row: HeadRow | null): AuditHead {
  return row
    ? { seq: row.seq, atMs: row.at, hash: row.hash }
    : { seq: 0, atMs: 0, hash: genesisHash };
}

function toStatement(row: PendingRow): PendingStatement {
  return {
    pendingId: row.pending_id,
    notedAtMs: row.noted_at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    outcome: row.outcome,
    detail: row.detail,
  };
}
