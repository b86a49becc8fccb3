/** The idempotency keys of imports in D1, whose answers are the imports' reports. */
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { type Claim, finishClaim, secondsUntil, takeClaim } from "./claims.d1.ts";
import { idempotencyKvKey } from "./import-kv-keys.ts";
import type { Beginning, Finish, FinishedImport, IdempotencyKey } from "./ports.ts";

/** How long a claim lasts without a sign of life. */
export const leaseMs = 15_000;

/** Claims a key for an import, or tells who holds it. */
export async function claimKey(
  { db, replays }: { db: D1Database; replays: KVNamespace },
  claim: Claim,
  nowMs: number,
): Promise<Beginning> {
  if (await takeClaim(db, claim, { nowMs, leaseMs })) return { kind: "claimed" };
  const copy = await replays.get<FinishedImport>(idempotencyKvKey(claim.key), "json");
  return copy ? { kind: "finished", first: copy } : readClaim(db, claim.key, nowMs);
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
    return { kind: "running", retryAfterSeconds: secondsUntil(row?.expires_at, nowMs) };
  }
  const { status } = JSON.parse(row.response) as { status: number };
  const report = JSON.parse(row.report) as ImportReport;
  return { kind: "finished", first: { fingerprint: row.fingerprint, status, report } };
}

/** Turns the claim of an import into the answer that repeats get. */
export function finishImportClaim(
  db: D1Database,
  { report, fingerprint, status }: Finish,
  key: IdempotencyKey,
  nowMs: number,
) {
  const importId = report.import_id;
  const response = JSON.stringify({ import_id: importId, status });
  return finishClaim(db, { key, by: importId }, { fingerprint, response }, nowMs);
}
