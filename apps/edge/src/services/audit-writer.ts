/**
 * Brings statements into the log: gives each its place after the last entry, and hashes it there.
 *
 * What waits in an isolate goes in together, in one statement. Isolates race for the end of the log;
 * whoever loses goes on from the end that won, and since one of them always wins, all get there.
 */
import { type ChainedEntry, chainEntry } from "@hi-stranger/core/audit/entry";
import type { Clock } from "@hi-stranger/core/clock";
import { StoreError } from "@hi-stranger/core/errors";
import type { AuditHead, AuditLogStore, AuditStatement } from "../stores/audit-ports.ts";

/** Most entries of one statement: some 60 KB, of the 2 MB that D1 takes. */
const maxBatch = 100;
/** Races lost in a row before a writer gives up; no burst of isolates is as long. */
const maxAttempts = 200;
/** How long somebody waits for a writer that works for another request, which may have been ended. */
const patienceMs = 15_000;

export interface AuditWriter {
  /** Resolves once the statement stands in the log. @throws {StoreError} `store_unavailable` */
  write(statement: AuditStatement, pendingId: string | null): Promise<void>;
}

export interface AuditWriterOptions {
  readonly store: AuditLogStore;
  readonly clock: Clock;
  readonly subtle: SubtleCrypto;
  /** Keeps a request alive until `work` has ended, even if whoever sent it hangs up. */
  readonly defer: (work: Promise<unknown>) => void;
  /** Resolves after `ms`, or rejects once `signal` is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Waiting {
  readonly statement: AuditStatement;
  readonly pendingId: string | null;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createAuditWriter(options: AuditWriterOptions): AuditWriter {
  const { store, clock, subtle } = options;
  let waiting: Waiting[] = [];
  let running: object | null = null;
  let knownHead: AuditHead | null = null;

  /** Enters what waits, until nothing does or another writer has taken over. */
  async function run(turn: object): Promise<void> {
    if (running !== turn) return;
    const batch = waiting.slice(0, maxBatch);
    waiting = waiting.slice(maxBatch);
    if (batch.length === 0) {
      running = null;
      return;
    }
    try {
      await enterAll(batch);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    await run(turn);
  }

  async function enterAll(batch: readonly Waiting[]): Promise<void> {
    const statements = batch.map(({ statement }) => statement);
    const pendingIds = batch.flatMap(({ pendingId }) => (pendingId === null ? [] : [pendingId]));
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const head: AuditHead = knownHead ?? (await store.head());
      const entries = await chainStatements(subtle, head, statements, clock.now());
      // Should this fail, nobody knows where the log ends.
      knownHead = null;
      const result = await store.extend(head, entries, pendingIds);
      knownHead = result.head;
      if (result.isExtended) return;
    }
    throw unavailable();
  }

  return {
    async write(statement, pendingId) {
      const entered = Promise.withResolvers<void>();
      waiting.push({ statement, pendingId, ...entered });
      if (running === null) {
        running = {};
        options.defer(run(running));
      }
      const turn = running;
      const patience = new AbortController();
      const overdue = options.wait(patienceMs, patience.signal).then(() => {
        // Whoever comes next writes by themselves.
        if (running === turn) running = null;
        throw unavailable();
      });
      try {
        await Promise.race([entered.promise, overdue]);
      } finally {
        patience.abort();
      }
    },
  };
}

/** Chains statements after `head`, all at one time: now, or that of the entry before if it is later. */
export async function chainStatements(
  subtle: SubtleCrypto,
  head: AuditHead,
  statements: readonly AuditStatement[],
  nowMs: number,
): Promise<ChainedEntry[]> {
  const atMs = Math.max(nowMs, head.atMs);
  const entries: ChainedEntry[] = [];
  let { seq, hash } = head;
  for (const { actor, action, subject, outcome, detail } of statements) {
    seq += 1;
    const content = { seq, atMs, actor, action, subject, outcome, detail };
    const entry = await chainEntry(subtle, content, hash);
    entries.push(entry);
    hash = entry.hash;
  }
  return entries;
}

function unavailable(): StoreError {
  return new StoreError(
    "store_unavailable",
    "The audit log can't be written, and nothing is done without it; try again.",
    { headers: { "Retry-After": "1" } },
  );
}
