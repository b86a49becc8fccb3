/** The audit log in D1 (`DB`), as it is read and pruned. */
import type { ChainedEntry } from "@hi-stranger/core/audit/entry";
import type { AuditEntryStore, AuditQuery } from "./audit-ports.ts";

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: string;
  readonly detail: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const columns = "seq, at, actor, action, subject, outcome, detail, previous_hash, hash";
/** The first entry of a moment or later: times never go back in the log, so it bounds the order by seq too. */
const firstSince =
  "SELECT seq FROM audit_log INDEXED BY audit_log_by_time WHERE at >= ? ORDER BY at, seq LIMIT 1";

export function createD1AuditEntryStore(db: D1Database): AuditEntryStore {
  return {
    async list(query) {
      const { sql, values } = toSelect(query);
      const { results } = await db
        .prepare(sql)
        .bind(...values)
        .all<Row>();
      return results.map(toEntry);
    },

    async lastBefore(untilMs) {
      const row = await db
        .prepare(
          `SELECT ${columns} FROM audit_log INDEXED BY audit_log_by_time
           WHERE at < ?1 ORDER BY at DESC, seq DESC LIMIT 1`,
        )
        .bind(untilMs)
        .first<Row>();
      return row && toEntry(row);
    },

    async find(seq) {
      const sql = `SELECT ${columns} FROM audit_log WHERE seq = ?1`;
      const row = await db.prepare(sql).bind(seq).first<Row>();
      return row && toEntry(row);
    },

    async removeThrough(lastSeq, limit) {
      const { meta } = await db
        .prepare(
          `DELETE FROM audit_log WHERE seq IN (
             SELECT seq FROM audit_log WHERE seq <= ?1 ORDER BY seq LIMIT ?2)`,
        )
        .bind(lastSeq, limit)
        .run();
      return meta.changes;
    },
  };
}

/** The statement for a query, over the one index that serves its filter. */
function toSelect(query: AuditQuery): { sql: string; values: (string | number)[] } {
  const { order, limit, afterSeq, action, outcome, sinceMs, untilMs } = query;
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined | null) => {
    if (value === undefined || value === null) return;
    conditions.push(condition);
    values.push(value);
  };
  add("action = ?", action);
  add("outcome = ?", outcome);
  add(order === "newest" ? "seq < ?" : "seq > ?", afterSeq);
  add(`seq >= (${firstSince})`, sinceMs);
  add(`seq < coalesce((${firstSince}), ${Number.MAX_SAFE_INTEGER})`, untilMs);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const direction = order === "newest" ? "DESC" : "ASC";
  return {
    sql: `SELECT ${columns} FROM audit_log ${indexFor(query)} ${where} ORDER BY seq ${direction} LIMIT ?`,
    values: [...values, limit],
  };
}

function indexFor({ action, outcome }: AuditQuery): string {
  if (action !== undefined) {
    return `INDEXED BY audit_log_by_action${outcome === undefined ? "" : "_and_outcome"}`;
  }
  return outcome === undefined ? "NOT INDEXED" : "INDEXED BY audit_log_by_outcome";
}

function toEntry({ at, previous_hash: previousHash, ...row }: Row): ChainedEntry {
  return { ...row, atMs: at, previousHash };
}
