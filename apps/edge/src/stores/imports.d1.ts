/**
 * Imports in D1: claims, reports, staged rows and the audit entry.
 *
 * The claim of an idempotency key is a unique insert. Finished reports and answers are copied to
 * KV, where replays and look-ups find them near the caller; D1 remains what decides.
 */
import type { Clock } from "@hi-stranger/core/clock";
import { type ImportReport, reportTtlSeconds } from "@hi-stranger/core/contract/imports";
import { idempotencyTtlSeconds } from "@hi-stranger/core/contract/idempotency";
import type { ProfileRow } from "@hi-stranger/core/store/profile-store";
import { notePending } from "./audit-log.d1.ts";
import { releaseClaim, renewClaim } from "./claims.d1.ts";
import { claimKey, finishImportClaim, leaseMs } from "./import-claims.d1.ts";
import { idempotencyKvKey, reportKvKey } from "./import-kv-keys.ts";
import type { Beginning, Finish, FinishedImport, IdempotencyKey, ImportStore } from "./ports.ts";
import type { CachedProfileStore } from "./profiles.cached.ts";
import {
  advanceCounter,
  maxGroupBytes,
  toChunks,
  upsertChunks,
  upsertStaged,
  writtenCounts,
} from "./profile-sql.ts";

/** More chunks than the largest import can be cut into; staged chunks take their revisions by it. */
const maxStagedChunks = 1_000;

interface Bindings {
  readonly db: D1Database;
  readonly reports: KVNamespace;
  readonly replays: KVNamespace;
}

export function createD1ImportStore(
  bindings: Bindings,
  profiles: CachedProfileStore,
  clock: Clock,
): ImportStore {
  const { db } = bindings;
  const leases = new Map<string, number>();

  async function keepAlive(report: ImportReport, key: IdempotencyKey | null): Promise<void> {
    const now = clock.now();
    if ((leases.get(report.import_id) ?? 0) - now > leaseMs / 2) return;
    leases.set(report.import_id, now + leaseMs);
    await db.batch([
      db
        .prepare("UPDATE import_reports SET report = ?2, lease_until = ?3 WHERE import_id = ?1")
        .bind(report.import_id, JSON.stringify(report), now + leaseMs),
      ...(key ? [renewClaim(db, { key, by: report.import_id }, now + leaseMs)] : []),
    ]);
  }

  return {
    maxGroupBytes,
    async begin(report, key) {
      const now = clock.now();
      const beginning = await begin(bindings, report, key, now);
      if (beginning.kind === "claimed") leases.set(report.import_id, now + leaseMs);
      return beginning;
    },
    keepAlive,
    write: (rows) => profiles.write(rows),
    stage: (importId, rows) => stageRows(db, importId, rows, clock.now()),
    async finish(finish) {
      leases.delete(finish.report.import_id);
      const { report, holdsClaim } = await finishImport(db, finish, clock.now());
      // Stored is stored: what KV makes of the copies can't change the answer any more.
      if (report.inserted + report.updated > 0) await profiles.voidEntries();
      await copyToKv(bindings, finish, report, holdsClaim);
      return report;
    },
    async discard(importId) {
      await dropStaged(db, importId).run();
    },
    async abandon(report, key) {
      leases.delete(report.import_id);
      const [closed] = await db.batch([
        // An import whose end was stored, though nobody heard of it, stays as it is.
        db
          .prepare(
            `UPDATE import_reports SET state = ?2, report = ?3, lease_until = 0
             WHERE import_id = ?1 AND state = 'running'`,
          )
          .bind(report.import_id, report.state, JSON.stringify(report)),
        dropStaged(db, report.import_id),
        ...(key ? [releaseClaim(db, { key, by: report.import_id })] : []),
      ]);
      if (closed?.meta.changes === 1)
        await Promise.allSettled([putReport(bindings.reports, report)]);
    },
    report: (importId) => findReport(bindings, importId, clock.now()),
  };
}

async function begin(
  bindings: Bindings,
  report: ImportReport,
  key: IdempotencyKey | null,
  nowMs: number,
): Promise<Beginning> {
  const { db } = bindings;
  const open = db
    .prepare(
      `INSERT INTO import_reports (import_id, state, report, started_at, lease_until)
       VALUES (?1, 'running', ?2, ?3, ?4)`,
    )
    .bind(report.import_id, JSON.stringify(report), nowMs, nowMs + leaseMs);
  const beginning: Beginning = key
    ? await claimKey(bindings, { key, by: report.import_id }, nowMs)
    : { kind: "claimed" };
  if (beginning.kind === "claimed") await open.run();
  return beginning;
}

async function stageRows(
  db: D1Database,
  importId: string,
  rows: readonly ProfileRow[],
  nowMs: number,
): Promise<void> {
  const insert = db.prepare(
    `INSERT INTO import_staging (import_id, seq, rows, staged_at)
     SELECT ?1, coalesce(max(seq) + 1, 0), ?2, ?3 FROM import_staging WHERE import_id = ?1`,
  );
  await db.batch(toChunks(rows).map((chunk) => insert.bind(importId, chunk, nowMs)));
}

/** The import's last transaction: rows, report, answer, audit entry and counter together. */
async function finishImport(
  db: D1Database,
  finish: Finish,
  nowMs: number,
): Promise<{ report: ImportReport; holdsClaim: boolean }> {
  const { key, report, audit } = finish;
  const isStaged = finish.rows === "staged";
  const chunks = finish.rows === "staged" ? [] : toChunks(finish.rows);
  const statements: D1PreparedStatement[] = [];
  if (chunks.length > 0) statements.push(upsertChunks(db, chunks, nowMs));
  if (isStaged) statements.push(upsertStaged(db, report.import_id, nowMs));
  const writesRows = statements.length > 0;
  const reportIndex = statements.push(closeReport(db, finish, writesRows)) - 1;
  const claimIndex = key ? statements.push(finishImportClaim(db, finish, key, nowMs)) - 1 : -1;
  if (audit) statements.push(notePending(db, audit));
  if (isStaged) statements.push(dropStaged(db, report.import_id));
  if (writesRows) statements.push(advanceCounter(db, isStaged ? maxStagedChunks : chunks.length));
  const results = await db.batch<{ report: string }>(statements);
  const closed = results[reportIndex]?.results[0];
  if (!closed) throw new Error("the import's report is gone");
  return {
    report: JSON.parse(closed.report) as ImportReport,
    holdsClaim: results[claimIndex]?.meta.changes === 1,
  };
}

function dropStaged(db: D1Database, importId: string): D1PreparedStatement {
  return db.prepare("DELETE FROM import_staging WHERE import_id = ?1").bind(importId);
}

/** Writes the report with what the batch's upserts add to its counts. */
function closeReport(db: D1Database, { report }: Finish, writesRows: boolean): D1PreparedStatement {
  const storedLineCount = report.state === "refused" ? 0 : report.lines_valid;
  const counts = writesRows ? writtenCounts : "SELECT 0 AS touched, 0 AS inserted";
  return db
    .prepare(
      `UPDATE import_reports SET state = ?6, lease_until = 0, report = json_set(?2,
         '$.inserted', ?3 + written.inserted,
         '$.updated', ?4 + written.touched - written.inserted,
         '$.unchanged', ?5 + ?7 - written.touched)
       FROM (${counts}) AS written WHERE import_id = ?1 RETURNING report`,
    )
    .bind(
      report.import_id,
      JSON.stringify(report),
      report.inserted,
      report.updated,
      report.unchanged,
      report.state,
      storedLineCount - report.inserted - report.updated - report.unchanged,
    );
}

/** Puts the report and, if its claim still is the import's, the answer for replays where callers are near. */
async function copyToKv(
  bindings: Bindings,
  finish: Finish,
  report: ImportReport,
  holdsClaim: boolean,
): Promise<void> {
  const { key, fingerprint, status } = finish;
  const copy: FinishedImport = { fingerprint, status, report };
  await Promise.allSettled([
    putReport(bindings.reports, report),
    holdsClaim &&
      key &&
      bindings.replays.put(idempotencyKvKey(key), JSON.stringify(copy), {
        expirationTtl: idempotencyTtlSeconds,
      }),
  ]);
}

async function putReport(reports: KVNamespace, report: ImportReport): Promise<void> {
  await reports.put(reportKvKey(report.import_id), JSON.stringify(report), {
    expirationTtl: reportTtlSeconds,
  });
}

async function findReport(
  { db, reports }: Bindings,
  importId: string,
  nowMs: number,
): Promise<ImportReport | null> {
  const copy = await reports.get<ImportReport>(reportKvKey(importId), "json");
  if (copy) return copy;
  const row = await db
    .prepare("SELECT report, state, lease_until FROM import_reports WHERE import_id = ?1")
    .bind(importId)
    .first<{ report: string; state: ImportReport["state"]; lease_until: number }>();
  if (!row) return null;
  const report = JSON.parse(row.report) as ImportReport;
  const isAlive = row.state !== "running" || row.lease_until > nowMs;
  return { ...report, state: isAlive ? row.state : "incomplete" };
}
