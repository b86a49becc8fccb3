/**
 * What a `Gatekeeper` keeps of its caller: written through to the object's SQLite, read once when
 * the object starts.
 *
 * Tables are made by the first write: an object that only handed out tokens by the minute stores
 * nothing. Buckets of such windows live in memory, which an idle object keeps for about as long as
 * they take to fill; a deployment or a crash fills them early. Longer windows are stored.
 */
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import { limitClasses } from "@hi-stranger/core/contract/limit-classes";
import { oldestSlot, slotOf } from "./baseline.ts";
import { type Signal, signals } from "./messages.ts";
import type { Bucket } from "./token-bucket.ts";

/** A block, and how many there were without a day's peace between them. */
export interface Block {
  readonly untilMs: number;
  readonly times: number;
}

export interface CallerRecord {
  bucket(name: LimitClass): Bucket | undefined;
  setBucket(name: LimitClass, bucket: Bucket, isStored: boolean): void;
  counts(signal: Signal): ReadonlyMap<number, number>;
  addCount(signal: Signal, count: number, nowMs: number): void;
  /** Forgets what was counted from `slot` on. */
  forgetCounts(signal: Signal, slot: number): void;
  readonly throttledUntilMs: number;
  setThrottled(untilMs: number): void;
  readonly block: Block | null;
  setBlock(block: Block): void;
  /** Ids of revoked sessions, those that are past at `nowMs` left out. */
  revoked(nowMs: number): string[];
  addRevoked(sessionIds: readonly string[], untilMs: number, nowMs: number): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (class TEXT PRIMARY KEY, tokens REAL NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS signal_counts (signal TEXT NOT NULL, slot INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (signal, slot)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sanctions (kind TEXT PRIMARY KEY, until_ms INTEGER NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS revoked_sessions (session_id TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) WITHOUT ROWID;`;

/** Reads the record of an object, which may be empty. */
export function openRecord(sql: SqlStorage): CallerRecord {
  const buckets = new Map<LimitClass, Bucket>();
  const countsBySignal = new Map<Signal, Map<number, number>>(
    signals.map((signal) => [signal, new Map()]),
  );
  const revokedUntil = new Map<string, number>();
  let throttledUntilMs = 0;
  let block: Block | null = null;
  let hasTables =
    sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'sanctions'").toArray().length > 0;
  if (hasTables) load();

  function load(): void {
    for (const row of sql.exec<BucketRow>("SELECT class, tokens, at_ms FROM buckets")) {
      const name = limitClasses.find((each) => each === row.class);
      if (name) buckets.set(name, { tokens: row.tokens, atMs: row.at_ms });
    }
    for (const row of sql.exec<CountRow>("SELECT signal, slot, count FROM signal_counts")) {
      const signal = signals.find((each) => each === row.signal);
      if (signal) countsBySignal.get(signal)?.set(row.slot, row.count);
    }
    for (const row of sql.exec<SanctionRow>("SELECT kind, until_ms, times FROM sanctions")) {
      if (row.kind === "throttle") throttledUntilMs = row.until_ms;
      else block = { untilMs: row.until_ms, times: row.times };
    }
    for (const row of sql.exec<RevokedRow>("SELECT session_id, until_ms FROM revoked_sessions")) {
      revokedUntil.set(row.session_id, row.until_ms);
    }
  }

  function write(statement: string, ...values: SqlStorageValue[]): void {
    if (!hasTables) sql.exec(schema);
    hasTables = true;
    sql.exec(statement, ...values);
  }

  return {
    bucket: (name) => buckets.get(name),
    setBucket(name, bucket, isStored) {
      buckets.set(name, bucket);
      if (isStored) {
        write("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", name, bucket.tokens, bucket.atMs);
      }
    },
    counts: (signal) => countsBySignal.get(signal) ?? new Map(),
    addCount(signal, count, nowMs) {
      const counts = countsBySignal.get(signal);
      const slot = slotOf(nowMs);
      const total = (counts?.get(slot) ?? 0) + count;
      counts?.set(slot, total);
      write("INSERT OR REPLACE INTO signal_counts VALUES (?, ?, ?)", signal, slot, total);
      const oldest = oldestSlot(nowMs);
      const past = Array.from(counts?.keys() ?? []).filter((each) => each < oldest);
      for (const each of past) counts?.delete(each);
      if (past.length > 0) {
        write("DELETE FROM signal_counts WHERE signal = ? AND slot < ?", signal, oldest);
      }
    },
    forgetCounts(signal, slot) {
      const counts = countsBySignal.get(signal);
      for (const each of counts?.keys() ?? []) if (each >= slot) counts?.delete(each);
      write("DELETE FROM signal_counts WHERE signal = ? AND slot >= ?", signal, slot);
    },
    get throttledUntilMs() {
      return throttledUntilMs;
    },
    setThrottled(untilMs) {
      throttledUntilMs = untilMs;
      write("INSERT OR REPLACE INTO sanctions VALUES ('throttle', ?, 1)", untilMs);
    },
    get block() {
      return block;
    },
    setBlock(next) {
      block = next;
      write("INSERT OR REPLACE INTO sanctions VALUES ('block', ?, ?)", next.untilMs, next.times);
    },
    revoked: (nowMs) =>
      Array.from(revokedUntil).flatMap(([id, untilMs]) => (untilMs > nowMs ? [id] : [])),
    addRevoked(sessionIds, untilMs, nowMs) {
      for (const id of sessionIds) {
        revokedUntil.set(id, untilMs);
        write("INSERT OR REPLACE INTO revoked_sessions VALUES (?, ?)", id, untilMs);
      }
      for (const [id, until] of revokedUntil) if (until <= nowMs) revokedUntil.delete(id);
      write("DELETE FROM revoked_sessions WHERE until_ms <= ?", nowMs);
    },
  };
}

type BucketRow = { class: string; tokens: number; at_ms: number };
type CountRow = { signal: string; slot: number; count: number };
type SanctionRow = { kind: string; until_ms: number; times: number };
type RevokedRow = { session_id: string; until_ms: number };
