/**
 * Closes the days of the audit log: signs a checkpoint of every day that has ended, and prunes whole
 * days once they are old enough and theirs stands.
 *
 * A day is signed only when an entry of a later day follows it, since times never go back in the log:
 * nothing can come into it afterwards. What is signed was recomputed before.
 */
import {
  type CheckpointContent,
  checkpointKey,
  dayMs,
  dayOf,
  endOfDay,
  isSignedBy,
  signCheckpoint,
} from "@hi-stranger/core/audit/checkpoint";
import { type ChainedEntry, genesisHash } from "@hi-stranger/core/audit/entry";
import {
  type AuditCheckpoint,
  type AuditDetail,
  auditRetentionDays,
} from "@hi-stranger/core/contract/audit";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import type {
  AuditCheckpointStore,
  AuditEntryStore,
  AuditProgressStore,
} from "../stores/audit-ports.ts";
import { type AuditWalk, startAuditWalk } from "./audit-walk.ts";
import type { AuditLog } from "./audit.ts";

/** Days that one run signs; a run after a year's pause leaves the rest to the next. */
const maxDays = 40;

/** What a run does at most, so that no log is too big for the queries and the time that it has. */
export interface AuditDaysBounds {
  /** Entries that a query reads. */
  readonly pageSize: number;
  /** Such queries. */
  readonly maxPages: number;
  /** Rows that a query removes. */
  readonly batchRows: number;
  /** Such queries. */
  readonly maxBatches: number;
}

/** 300,000 entries an hour are recomputed, and as many removed. */
const defaultBounds: AuditDaysBounds = {
  pageSize: 1_000,
  maxPages: 300,
  batchRows: 20_000,
  maxBatches: 15,
};

export interface AuditDaysOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly subtle: SubtleCrypto;
  readonly log: AuditLog;
  readonly entries: AuditEntryStore;
  readonly checkpoints: AuditCheckpointStore;
  readonly progress: AuditProgressStore;
  readonly bounds?: AuditDaysBounds;
}

export interface AuditDays {
  /** Signs the days that have ended at `nowMs`. Gives how many. @throws {AuditFault} for a day that is damaged */
  close(nowMs: number): Promise<number>;
  /** Removes entries of days that ended 30 days before `nowMs`. Gives how many. */
  prune(nowMs: number): Promise<number>;
}

export function createAuditDays(options: AuditDaysOptions): AuditDays {
  const { environment, keyring, subtle, log, entries, checkpoints, progress } = options;
  const bounds = options.bounds ?? defaultBounds;

  async function firstEntry(): Promise<ChainedEntry | null> {
    const [first] = await entries.list({ order: "oldest", limit: 1, afterSeq: null });
    return first ?? null;
  }

  async function appendOwn(
    action: "audit.day_closed" | "audit.pruned",
    detail: AuditDetail,
  ): Promise<void> {
    await log.append({ actor: { kind: "system" }, action, subject: null, outcome: "done", detail });
  }

  /** Null while the day isn't recomputed to its end. */
  async function signDay(
    day: string,
    before: AuditCheckpoint | null,
    walk: AuditWalk,
  ): Promise<AuditCheckpoint | null> {
    const start = before
      ? { seq: before.last_seq, hash: before.head_hash, atMs: endOfDay(before.day) }
      : { seq: 0, hash: genesisHash, atMs: 0 };
    const last = await walk(day, start);
    if (!last) return null;
    const content: CheckpointContent = {
      environment,
      day,
      first_seq: start.seq + 1,
      last_seq: last.seq,
      count: last.seq - start.seq,
      head_hash: last.hash,
      key_version: keyring.activeByPurpose.audit,
    };
    const checkpoint = await signCheckpoint(
      subtle,
      await checkpointKey(subtle, keyring, environment),
      content,
    );
    await checkpoints.add(checkpoint);
    await progress.clear();
    return checkpoint;
  }

  /** The last checkpoint up to which everything may go now, within the rows of a run. */
  async function choosePruned(first: ChainedEntry, nowMs: number): Promise<AuditCheckpoint | null> {
    let chosen: AuditCheckpoint | null = null;
    // Days before it were pruned; their checkpoints stay, each an object to read.
    let afterDay: string | null = dayOf(first.atMs - dayMs);
    for (;;) {
      const page = await checkpoints.list(afterDay, maxDays);
      for (const each of page) {
        const isOld = endOfDay(each.day) + auditRetentionDays * dayMs <= nowMs;
        const fits =
          chosen === null || each.last_seq - first.seq < bounds.batchRows * bounds.maxBatches;
        if (!isOld || !fits) return chosen;
        if (each.last_seq >= first.seq) chosen = each;
      }
      if (page.length < maxDays) return chosen;
      afterDay = page.at(-1)?.day ?? null;
    }
  }

  /** Removes what was told, as much of it as one run may. */
  async function removeThrough(lastSeq: number): Promise<number> {
    const { batchRows, maxBatches } = bounds;
    let removedCount = 0;
    for (let batch = 0; batch < maxBatches; batch++) {
      const count = await entries.removeThrough(lastSeq, batchRows);
      removedCount += count;
      if (count < batchRows) break;
    }
    return removedCount;
  }

  async function requireGenuine(checkpoint: AuditCheckpoint): Promise<void> {
    const { publicKey } = await checkpointKey(subtle, keyring, environment, checkpoint.key_version);
    const entry = await entries.find(checkpoint.last_seq);
    const isGenuine =
      entry?.hash === checkpoint.head_hash && (await isSignedBy(subtle, publicKey, checkpoint));
    if (!isGenuine) throw new Error(`the checkpoint of ${checkpoint.day} is not that of the log`);
  }

  return {
    async close(nowMs) {
      let before = await checkpoints.last();
      const first = before ? null : await firstEntry();
      let day = before ? dayOf(endOfDay(before.day)) : first && dayOf(first.atMs);
      const walk = startAuditWalk({ subtle, entries, progress, ...bounds });
      let closedCount = 0;
      while (day !== null && endOfDay(day) <= nowMs && closedCount < maxDays) {
        const [newest] = await entries.list({ order: "newest", limit: 1, afterSeq: null });
        if (!newest || newest.atMs < endOfDay(day)) await appendOwn("audit.day_closed", {});
        const signed = await signDay(day, before, walk);
        if (!signed) break;
        before = signed;
        day = dayOf(endOfDay(day));
        closedCount += 1;
      }
      return closedCount;
    },

    async prune(nowMs) {
      const first = await firstEntry();
      if (!first) return 0;
      const action = "audit.pruned";
      const [told] = await entries.list({ order: "newest", limit: 1, afterSeq: null, action });
      const toldSeq = told ? ((JSON.parse(told.detail) as AuditDetail).last_seq ?? 0) : 0;
      // A run that was stopped, or a day of more rows than one run removes: what was told goes on.
      if (toldSeq >= first.seq) return removeThrough(toldSeq);
      const checkpoint = await choosePruned(first, nowMs);
      if (!checkpoint) return 0;
      await requireGenuine(checkpoint);
      const { last_seq: lastSeq, head_hash: headHash } = checkpoint;
      await appendOwn(action, {
        first_seq: first.seq,
        last_seq: lastSeq,
        count: lastSeq - first.seq + 1,
        head_hash: headHash,
      });
      return removeThrough(lastSeq);
    },
  };
}
