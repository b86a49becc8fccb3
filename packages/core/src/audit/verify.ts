/**
 * Verifies the audit log: that entries are chained, that each day is what its signed checkpoint says,
 * and that what is missing at the beginning was pruned as the log itself tells.
 *
 * Entries and checkpoints come in their order, as streams; of the log no more is held than the entry
 * before and the checkpoints of the days it still has. It stops at the first thing that is wrong.
 */
import {
  type AuditCheckpoint,
  type AuditEntry,
  type AuditKey,
  auditRetentionDays,
} from "../contract/audit.ts";
import { fromInstant } from "../clock.ts";
import { dayMs, endOfDay } from "./checkpoint.ts";
import { type ChainedEntry, canonicalDetail, hashOfEntry, isHash } from "./entry.ts";
import { AuditFault } from "./fault.ts";
import { createSignedDays } from "./signed-days.ts";

export interface AuditSource {
  /** All of the log, the oldest first. */
  readonly entries: AsyncIterable<AuditEntry>;
  /** All of them, the oldest first. */
  readonly checkpoints: AsyncIterable<AuditCheckpoint>;
  /** The keys that are trusted. */
  readonly keys: readonly AuditKey[];
}

export interface AuditReport {
  readonly entryCount: number;
  /** 0 in an empty log. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The last entry that a checkpoint vouches for; later ones are chained, and no more than that. */
  readonly signedSeq: number;
  readonly checkpointCount: number;
  /** The day of the last checkpoint. */
  readonly lastDay: string | null;
}

/** As much of an entry as the next one is checked against. */
export type LinkEnd = Pick<ChainedEntry, "seq" | "atMs" | "hash">;

/** Checks that `entry` follows `before`, or is the first to be seen. @throws {AuditFault} */
export async function checkLink(
  subtle: SubtleCrypto,
  before: LinkEnd | null,
  entry: ChainedEntry,
): Promise<void> {
  const { seq } = entry;
  if (before) {
    const wanted = before.seq + 1;
    if (seq > wanted) throw new AuditFault("entry_missing", `Entry ${wanted} is missing.`, wanted);
    if (seq < wanted) throw new AuditFault("order_broken", `Entry ${seq} comes twice.`, seq);
    if (entry.previousHash !== before.hash) {
      throw new AuditFault("order_broken", `Entry ${seq} doesn't follow ${before.seq}.`, seq);
    }
    if (entry.atMs < before.atMs) {
      throw new AuditFault("order_broken", `Entry ${seq} is earlier than the one before.`, seq);
    }
  }
  // No bytes stand for no subject, so an empty one, which there never is, would hash alike.
  const isWhole = entry.subject !== "" && isHash(entry.previousHash);
  if (!isWhole || (await hashOfEntry(subtle, entry, entry.previousHash)) !== entry.hash) {
    throw new AuditFault("entry_changed", `Entry ${seq} is not what was entered.`, seq);
  }
}

/** Verifies all of a log. @throws {AuditFault} for the first thing that is wrong. */
export async function verifyAudit(
  subtle: SubtleCrypto,
  source: AuditSource,
  onEntry: (seq: number) => void = () => undefined,
): Promise<AuditReport> {
  const days = createSignedDays(subtle, source.checkpoints, source.keys);
  let first: ChainedEntry | null = null;
  let before: ChainedEntry | null = null;
  let pruning: Pruning | null = null;
  let entryCount = 0;
  for await (const wire of source.entries) {
    const entry = toChained(wire);
    await checkLink(subtle, before, entry);
    if (!first) {
      first = entry;
      await days.skipTo(entry);
    }
    await days.check(entry);
    if (wire.action === "audit.pruned" && wire.detail.last_seq !== undefined) {
      pruning = { lastSeq: wire.detail.last_seq, atMs: entry.atMs, seq: entry.seq };
    }
    before = entry;
    entryCount += 1;
    onEntry(entry.seq);
  }
  const ending = await days.end(before?.seq ?? 0);
  if (first && first.seq > 1) checkPruning(first.seq, pruning, ending.kept);
  return {
    entryCount,
    firstSeq: first?.seq ?? 0,
    lastSeq: before?.seq ?? 0,
    signedSeq: ending.signedSeq,
    checkpointCount: ending.count,
    lastDay: ending.lastDay,
  };
}

/** The last entry that tells of pruned ones. */
interface Pruning {
  readonly seq: number;
  readonly atMs: number;
  /** The last of those that it tells of. */
  readonly lastSeq: number;
}

/** Checks that the log tells of what its beginning lacks. */
function checkPruning(
  firstSeq: number,
  pruning: Pruning | null,
  checkpoints: readonly AuditCheckpoint[],
): void {
  if (!pruning || pruning.lastSeq < firstSeq - 1) {
    const told = `Entries 1 to ${firstSeq - 1} are missing, and the log doesn't say why.`;
    throw new AuditFault("start_missing", told, firstSeq - 1);
  }
  const checkpoint = checkpoints.find(({ last_seq: seq }) => seq === pruning.lastSeq);
  if (!checkpoint) {
    const told = `Entry ${pruning.seq} tells of pruned entries that no checkpoint vouches for.`;
    throw new AuditFault("start_missing", told, pruning.seq);
  }
  if (endOfDay(checkpoint.day) + auditRetentionDays * dayMs > pruning.atMs) {
    const told = `Entry ${pruning.seq} tells of entries pruned before their time.`;
    throw new AuditFault("start_missing", told, pruning.seq, checkpoint.day);
  }
}

/** An entry as it travels, as what was hashed. */
export function toChained(entry: AuditEntry): ChainedEntry {
  return {
    seq: entry.seq,
    atMs: fromInstant(entry.at),
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    outcome: entry.outcome,
    detail: canonicalDetail(entry.detail),
    previousHash: entry.previous_hash,
    hash: entry.hash,
  };
}
