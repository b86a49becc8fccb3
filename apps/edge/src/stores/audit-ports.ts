/** The ports of the audit log's storage. Everything in it is written as it stands in the log, pseudonyms included. */
import type { ChainedEntry, EntryContent } from "@hi-stranger/core/audit/entry";

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
