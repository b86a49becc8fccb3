/**
 * The hourly purge: what has outlived its time. KV does so by itself; this is for D1.
 *
 * Reports go after 30 days, answers for replays after 24 hours, staged rows of imports that never
 * ended after an hour, traces of deletions and tokens that ended after 30 days, links for signing in
 * when they end, sessions a day after that.
 */
import { reportTtlSeconds } from "@hi-stranger/core/contract/imports";
import type { Env } from "../env.ts";

const stagingTtlMs = 60 * 60 * 1000;
const endedSessionTtlMs = 24 * 60 * 60 * 1000;

/** Deletes what has expired at `nowMs`. In the prototype there is nothing to do. */
export async function purgeExpired(
  { DB: db, PII_DB: identities }: Pick<Env, "DB" | "PII_DB">,
  nowMs: number,
): Promise<void> {
  if (!db || !identities) return;
  const monthAgo = nowMs - reportTtlSeconds * 1000;
  await db.batch([
    db.prepare("DELETE FROM import_reports WHERE started_at < ?1").bind(monthAgo),
    // A claim that ended unanswered may belong to an import that is merely slow.
    db
      .prepare(
        "DELETE FROM idempotency WHERE expires_at < ?1 AND (state = 'finished' OR expires_at < ?2)",
      )
      .bind(nowMs, nowMs - stagingTtlMs),
    db
      .prepare(
        `DELETE FROM import_staging WHERE staged_at < ?1 AND NOT EXISTS (
           SELECT 1 FROM import_reports AS report WHERE report.import_id = import_staging.import_id
           AND state = 'running' AND lease_until > ?2)`,
      )
      .bind(nowMs - stagingTtlMs, nowMs),
    db.prepare("DELETE FROM profile_deletions WHERE deleted_at < ?1").bind(monthAgo),
  ]);
  await identities.batch([
    ...deleteEnded(identities, "api_tokens", monthAgo),
    identities.prepare("DELETE FROM magic_links WHERE expires_at < ?1").bind(nowMs),
    ...deleteEnded(identities, "sign_ins", nowMs - endedSessionTtlMs),
  ]);
}

/** Deletes what expired or was revoked before, by an index each: an `OR` of both would read the table. */
function deleteEnded(
  db: D1Database,
  table: "api_tokens" | "sign_ins",
  beforeMs: number,
): D1PreparedStatement[] {
  return [
    `DELETE FROM ${table} INDEXED BY ${table}_by_expiry WHERE expires_at < ?1`,
    `DELETE FROM ${table} INDEXED BY ${table}_by_revocation WHERE revoked_at < ?1`,
  ].map((sql) => db.prepare(sql).bind(beforeMs));
}
