/** The counted attempts in `auth.db`. */
import type { Database } from "../ports.ts";
import type { AttemptKind, AttemptState } from "./attempts.ts";

interface AttemptRow {
  readonly failed_count: number;
  readonly wait_ms: number;
  readonly clock_epoch: string;
  readonly clock_ms: number;
}

/** What is kept of attempts of `kind`, or null when none has failed. */
export function readAttempts(database: Database, kind: AttemptKind): AttemptState | null {
  const row = database.get<AttemptRow>(
    "SELECT failed_count, wait_ms, clock_epoch, clock_ms FROM attempts WHERE kind = ?",
    kind,
  );
  return (
    (row && {
      failedCount: row.failed_count,
      waitMs: row.wait_ms,
      clockEpoch: row.clock_epoch,
      clockMs: row.clock_ms,
    }) ??
    null
  );
}

export function writeAttempts(database: Database, kind: AttemptKind, state: AttemptState): void {
  database.run(
    `INSERT INTO attempts (kind, failed_count, wait_ms, clock_epoch, clock_ms)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET failed_count = excluded.failed_count,
       wait_ms = excluded.wait_ms, clock_epoch = excluded.clock_epoch, clock_ms = excluded.clock_ms`,
    kind,
    state.failedCount,
    Math.ceil(state.waitMs),
    state.clockEpoch,
    Math.floor(state.clockMs),
  );
}

/** Forgets all failures. */
export function clearAttempts(database: Database): void {
  database.run("DELETE FROM attempts");
}
