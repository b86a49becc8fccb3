/** The ports of the audit log's storage. Everything in it is written as it stands in the log, pseudonyms included. */
import type { ChainedEntry, EntryContent } from "@hi-stranger/core/audit/entry";
import type { AuditCheckpoint } from "@hi-stranger/core/contract/audit";

/** The last entry, or what stands for it in an empty log: seq 0 and the hash that the first one follows. */
export interface AuditHead {
  readonly seq: number;
  readonly atMs: number;
  readonly hash: string;
}

/** What is said of something before it has a place in the log. */
export type AuditStatement = Omit<EntryContent, "seq" | "atMs">;

/** A statement that waits for its place. */
export interface PendingStatement extends Omit<AuditStatement, "outcome"> {
  readonly pendingId: string;
  readonly notedAtMs: number;
  /** Null while the act that it tells of goes on. */
  readonly outcome: string | null;
}

export interface AuditLogStore {
  head(): Promise<AuditHead>;
  /**
   * Puts `entries`, which are chained after `after`, at the end of the log and removes the pending
   * statements that they came from, both or neither: neither when `after` isn't the end any more.
   * Gives the end there is then.
   */
  extend(
    after: AuditHead,
    entries: readonly ChainedEntry[],
    pendingIds: readonly string[],
  ): Promise<{ readonly isExtended: boolean; readonly head: AuditHead }>;
  note(statement: PendingStatement): Promise<void>;
  /** Up to `limit` statements noted before `notedBeforeMs`, oldest first. */
  listPending(notedBeforeMs: number, limit: number): Promise<PendingStatement[]>;
}

/** Which entries of the log, and in what order. */
export interface AuditQuery {
  readonly order: "newest" | "oldest";
  readonly limit: number;
  /** Goes on after this entry; from the beginning when null. */
  readonly afterSeq: number | null;
  readonly action?: string | undefined;
  readonly outcome?: string | undefined;
  /** Entered then or later, in epoch milliseconds. */
  readonly sinceMs?: number | undefined;
  /** Entered before then. */
  readonly untilMs?: number | undefined;
}

/** The log, for those who read it and for the jobs that keep it. */
export interface AuditEntryStore {
  /** Up to `limit` entries, for which the database reads no other rows but two at most. */
  list(query: AuditQuery): Promise<ChainedEntry[]>;
  /** The last entry before a moment. */
  lastBefore(untilMs: number): Promise<ChainedEntry | null>;
  find(seq: number): Promise<ChainedEntry | null>;
  /** Removes up to `limit` entries from the beginning on, none after `lastSeq`. Gives how many. */
  removeThrough(lastSeq: number, limit: number): Promise<number>;
}

/** The mark up to which the day that is signed next was recomputed. */
export interface AuditProgressStore {
  find(day: string): Promise<AuditHead | null>;
  save(day: string, mark: AuditHead): Promise<void>;
  /** Forgets it, of whatever day. */
  clear(): Promise<void>;
}

/** Checkpoints: one a day, and never replaced. */
export interface AuditCheckpointStore {
  /** Keeps it, unless the day has one. */
  add(checkpoint: AuditCheckpoint): Promise<void>;
  /** Up to `limit` of the days after `afterDay`, oldest first. */
  list(afterDay: string | null, limit: number): Promise<AuditCheckpoint[]>;
  /** That of the latest day. */
  last(): Promise<AuditCheckpoint | null>;
}
