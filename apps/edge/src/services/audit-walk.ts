/**
 * Recomputes a day of the audit log before it is signed, over as many runs as it takes: what one run
 * has reached is where the next goes on.
 *
 * Who can write to the database can also move that mark. That gets changed entries signed, which then
 * recompute for nobody; hashing anew all of a day that isn't signed yet hides more (docs/audit.md).
 */
import { endOfDay } from "@hi-stranger/core/audit/checkpoint";
import { type LinkEnd, checkLink } from "@hi-stranger/core/audit/verify";
import type { AuditEntryStore, AuditProgressStore } from "../stores/audit-ports.ts";

export interface AuditWalkOptions {
  readonly subtle: SubtleCrypto;
  readonly entries: AuditEntryStore;
  readonly progress: AuditProgressStore;
  /** Entries of a query. */
  readonly pageSize: number;
  /** Queries of entries in a run, whatever the number of days. */
  readonly maxPages: number;
}

/**
 * Gives the last entry of a day that goes on after `before`, once all of it was recomputed; null when
 * the run's queries don't suffice.
 *
 * @throws {AuditFault} for the first entry that is wrong
 */
export type AuditWalk = (day: string, before: LinkEnd) => Promise<LinkEnd | null>;

/** So many pages are lost at most when a run is killed. */
const pagesPerMark = 50;

/** A walk for one run. */
export function startAuditWalk(options: AuditWalkOptions): AuditWalk {
  const { subtle, entries, progress, pageSize, maxPages } = options;
  let pageCount = 0;

  /** Where to go on: at the mark of the run before, if the log still has it. */
  async function startOf(day: string, before: LinkEnd): Promise<LinkEnd> {
    const mark = await progress.find(day);
    if (!mark || mark.seq <= before.seq) return before;
    const entry = await entries.find(mark.seq);
    return entry?.hash === mark.hash && entry.atMs === mark.atMs ? mark : before;
  }

  return async (day, before) => {
    let last = await startOf(day, before);
    while (pageCount < maxPages) {
      const untilMs = endOfDay(day);
      const query = { order: "oldest", limit: pageSize, afterSeq: last.seq, untilMs } as const;
      const page = await entries.list(query);
      pageCount += 1;
      for (const entry of page) {
        await checkLink(subtle, last, entry);
        last = entry;
      }
      if (page.length < pageSize) return last;
      if (pageCount === maxPages || pageCount % pagesPerMark === 0) await progress.save(day, last);
    }
    return null;
  };
}
