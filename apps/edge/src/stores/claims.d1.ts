/**
 * Claims of idempotency keys in D1.
 *
 * A claim is a unique insert and lasts until its lease ends. Every later step names who made the
 * claim, so one that lost it to another (its sender stalled for longer than the lease) can neither
 * prolong, release nor answer for the claim that followed.
 */
import { idempotencyTtlSeconds } from "@hi-stranger/core/contract/idempotency";
import type { IdempotencyKey } from "./ports.ts";

/** A key, and an id of whoever works for it. */
export interface Claim {
  readonly key: IdempotencyKey;
  readonly by: string;
}

/** What is kept of a claim whose work is done. */
export interface KeptAnswer {
  /** What the request was: a repeat must match it. */
  readonly fingerprint: string;
  /** JSON. */
  readonly response: string;
}

/** Claims a key that nobody has, or whose lease or answer has ended. False when it is taken. */
export async function takeClaim(
  db: D1Database,
  { key, by }: Claim,
  { nowMs, leaseMs }: { readonly nowMs: number; readonly leaseMs: number },
): Promise<boolean> {
  const claimed = await db
    .prepare(
      `INSERT INTO idempotency (scope, key, fingerprint, state, response, expires_at)
       VALUES (?1, ?2, NULL, 'running', json_object('by', ?3), ?4)
       ON CONFLICT (scope, key) DO UPDATE SET
         fingerprint = NULL, state = 'running', response = excluded.response,
         expires_at = excluded.expires_at
       WHERE idempotency.expires_at <= ?5
       RETURNING key`,
    )
    .bind(key.scope, key.key, by, nowMs + leaseMs, nowMs)
    .all();
  return claimed.results.length === 1;
}

const heldBy = "scope = ?1 AND key = ?2 AND state = 'running' AND response ->> 'by' = ?3";

/** Prolongs the claim until `untilMs`. */
export function renewClaim(db: D1Database, { key, by }: Claim, untilMs: number) {
  return db
    .prepare(`UPDATE idempotency SET expires_at = ?4 WHERE ${heldBy}`)
    .bind(key.scope, key.key, by, untilMs);
}

/** Frees the key. */
export function releaseClaim(db: D1Database, { key, by }: Claim) {
  return db.prepare(`DELETE FROM idempotency WHERE ${heldBy}`).bind(key.scope, key.key, by);
}

/** Turns the claim into the answer that repeats get. */
export function finishClaim(
  db: D1Database,
  { key, by }: Claim,
  { fingerprint, response }: KeptAnswer,
  nowMs: number,
) {
  return db
    .prepare(
      `UPDATE idempotency SET state = 'finished', fingerprint = ?4, response = ?5, expires_at = ?6
       WHERE ${heldBy}`,
    )
    .bind(key.scope, key.key, by, fingerprint, response, nowMs + idempotencyTtlSeconds * 1000);
}

/** Whole seconds until a lease ends, at least one; when there is none (any more), one. */
export function secondsUntil(expiresAtMs: number | undefined, nowMs: number): number {
  return Math.max(1, Math.ceil(((expiresAtMs ?? nowMs) - nowMs) / 1000));
}
