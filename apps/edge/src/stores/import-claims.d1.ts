/**
 * Claims of idempotency keys in D1.
 *
 * A claim is a unique insert and lasts until its lease ends. Every later step names the import that
 * made the claim, so one that lost it to another (its sender stalled for longer than the lease) can
 * neither prolong, release nor answer for the claim that followed.
 */
import { idempotencyTtlSeconds, type ImportReport } from "@hi-stranger/core/contract/imports";
import { idempotencyKvKey } from "./import-kv-keys.ts";
import type { Beginning, Finish, FinishedImport, IdempotencyKey } from "./ports.ts";

/** How long a claim lasts without a sign of life. */
export const leaseMs = 15_000;

/** Claims `key` for `importId`, or tells who holds it. */
export async function claimKey(
  { db, replays }: { db: D1Database; replays: KVNamespace },
  importId: string,
  key: IdempotencyKey,
  nowMs: number,
): Promise<Beginning> {
  const claimed = await db
    .prepare(
      `INSERT INTO idempotency (scope, key, fingerprint, state, response, expires_at)
       VALUES (?1, ?2, NULL, 'running', ?3, ?4)
       ON CONFLICT (scope, key) DO UPDATE SET
         fingerprint = NULL, state = 'running', response = excluded.response,
         expires_at = excluded.expires_at
       WHERE idempotency.expires_at <= ?5
       RETURNING key`,
    )
    .bind(key.scope, key.key, JSON.stringify({ import_id: importId }), nowMs + leaseMs, nowMs)
    .all();
  if (claimed.results.length === 1) return { kind: "claimed" };
  const copy = await replays.get<FinishedImport>(idempotencyKvKey(key), "json");
  return copy ? { kind: "finished", first: copy } : readClaim(db, key, nowMs);
}

interface ClaimRow {
  readonly state: string;
  readonly fingerprint: string;
  readonly response: string;
  readonly expires_at: number;
  readonly report: string | null;
}

async function readClaim(db: D1Database, key: IdempotencyKey, nowMs: number): Promise<Beginning> {
  const row = await db
    .prepare(
      `SELECT idempotency.state, fingerprint, response, expires_at, report FROM idempotency
       LEFT JOIN import_reports ON import_id = response ->> 'import_id'
       WHERE scope = ?1 AND key = ?2`,
    )
    .bind(key.scope, key.key)
    .first<ClaimRow>();
  if (row?.state !== "finished" || row.report === null) {
    const leftMs = (row?.expires_at ?? nowMs) - nowMs;
    return { kind: "running", retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)) };
  }
  const { status } = JSON.parse(row.response) as { status: number };
  const report = JSON.parse(row.report) as ImportReport;
  return { kind: "finished", first: { fingerprint: row.fingerprint, status, report } };
}

const heldBy = "scope = ?1 AND key = ?2 AND state = 'running' AND response ->> 'import_id' = ?3";

/** Prolongs the claim of `importId` until `untilMs`. */
export function renewClaim(db: D1Database, importId: string, key: IdempotencyKey, untilMs: number) {
  return db
    .prepare(`UPDATE idempotency SET expires_at = ?4 WHERE ${heldBy}`)
    .bind(key.scope, key.key, importId, untilMs);
}

/** Frees the key. */
export function releaseClaim(db: D1Database, importId: string, key: IdempotencyKey) {
  return db.prepare(`DELETE FROM idempotency WHERE ${heldBy}`).bind(key.scope, key.key, importId);
}

/** Turns the claim into the answer that replays get. */
export function finishClaim(db: D1Database, finish: Finish, key: IdempotencyKey, nowMs: number) {
  const importId = finish.report.import_id;
  return db
    .prepare(
      `UPDATE idempotency SET state = 'finished', fingerprint = ?4, response = ?5, expires_at = ?6
       WHERE ${heldBy}`,
    )
    .bind(
      key.scope,
      key.key,
      importId,
      finish.fingerprint,
      JSON.stringify({ import_id: importId, status: finish.status }),
      nowMs + idempotencyTtlSeconds * 1000,
    );
}
