/**
 * Records in memory, with revisions and a change feed: what the stores of this package that have
 * no database share.
 *
 * Everything is synchronous, so a call is never seen half done. Pages are found by binary search;
 * the order of ids is rebuilt only after ids came out of order.
 */
import type {
  ChangePage,
  ListQuery,
  ProfileChange,
  ProfileFacets,
  ProfilePage,
  ProfileRow,
  StoredProfile,
  WriteCounts,
} from "@hi-stranger/core/store/profile-store";
import { matchesFilter } from "@hi-stranger/core/store/profile-store";

export interface ProfileTable {
  /** The latest revision given out; 0 in a new table. */
  readonly lastRev: number;
  get(profileId: string): StoredProfile | null;
  list(query: ListQuery): ProfilePage;
  count(): number;
  changes(sinceRev: number, limit: number): ChangePage;
  write(rows: readonly ProfileRow[]): WriteCounts;
  delete(profileId: string): boolean;
  /** Everything by ascending revision, deletions included: what `restore` takes. */
  entries(): Iterable<ProfileChange>;
  /** Puts back a record, or a deletion when `row` is null, as it was. Revisions ascend from call to call. */
  restore(profileId: string, rev: number, row: ProfileRow | null): void;
}

/** What is known of one id: a record, or that it was deleted. */
interface Entry extends ProfileChange {
  readonly facets: ProfileFacets | null;
}

/** Makes an empty table whose revisions go on after `lastRev`. */
export function createProfileTable(startRev = 0): ProfileTable {
  const entriesById = new Map<string, Entry>();
  const sortedIds = createSortedIds(entriesById);
  /** Every entry by ascending revision, also those that a later one of the same id replaced. */
  let log: Entry[] = [];
  let recordCount = 0;
  let lastRev = startRev;

  const put = (profileId: string, rev: number, row: ProfileRow | null): void => {
    const before = entriesById.get(profileId);
    const { line = null, facets = null } = row ?? {};
    const entry: Entry = { profileId, rev, line, facets };
    recordCount += Number(line !== null) - Number(before !== undefined && before.line !== null);
    if (!before) sortedIds.add(profileId);
    entriesById.set(profileId, entry);
    log.push(entry);
    lastRev = Math.max(lastRev, rev);
    // At least half of the log is alive, so its upkeep is constant for each change.
    if (log.length > 64 && log.length > 2 * entriesById.size) log = log.filter(isCurrent);
  };
  const isCurrent = (entry: Entry) => entriesById.get(entry.profileId) === entry;

  return {
    get lastRev() {
      return lastRev;
    },
    count: () => recordCount,

    get(profileId) {
      const entry = entriesById.get(profileId);
      return entry ? toStoredProfile(entry) : null;
    },

    list({ filter, cursor, limit }) {
      const items: StoredProfile[] = [];
      const ids = sortedIds.inOrder();
      for (let index = cursor === null ? 0 : firstAfter(ids, cursor); index < ids.length; index++) {
        const entry = entriesById.get(ids[index] ?? "");
        const isAsked = entry?.facets && matchesFilter(entry.facets, filter);
        const item = isAsked ? toStoredProfile(entry) : null;
        if (!item) continue;
        if (items.length === limit) return { items, nextCursor: items.at(-1)?.profileId ?? null };
        items.push(item);
      }
      return { items, nextCursor: null };
    },

    changes(sinceRev, limit) {
      const changes: ProfileChange[] = [];
      for (let index = firstRevAfter(log, sinceRev); index < log.length; index++) {
        const entry = log[index];
        if (!entry || !isCurrent(entry)) continue;
        if (changes.length === limit) {
          return { changes, nextSinceRev: changes.at(-1)?.rev ?? sinceRev, isComplete: false };
        }
        changes.push({ profileId: entry.profileId, rev: entry.rev, line: entry.line });
      }
      return { changes, nextSinceRev: Math.max(sinceRev, lastRev), isComplete: true };
    },

    write(rows) {
      const rowsById = new Map(rows.map((row) => [row.profileId, row]));
      let inserted = 0;
      let updated = 0;
      for (const [profileId, row] of rowsById) {
        const lineBefore = entriesById.get(profileId)?.line ?? null;
        if (lineBefore === row.line) continue;
        if (lineBefore === null) inserted += 1;
        else updated += 1;
        put(profileId, lastRev + 1, row);
      }
      return { inserted, updated, unchanged: rows.length - inserted - updated };
    },

    delete(profileId) {
      if ((entriesById.get(profileId)?.line ?? null) === null) return false;
      put(profileId, lastRev + 1, null);
      return true;
    },

    entries: () => log.filter(isCurrent),
    restore: put,
  };
}

function toStoredProfile({ profileId, rev, line }: Entry): StoredProfile | null {
  return line === null ? null : { profileId, rev, line };
}

/** The ids of a map in order, sorted again only when one came that does not belong at the end. */
function createSortedIds(entriesById: ReadonlyMap<string, unknown>) {
  let ids: string[] = [];
  let isSorted = true;
  return {
    /** Takes note of an id before it is in the map. */
    add(id: string): void {
      isSorted &&= id > (ids.at(-1) ?? "");
      if (isSorted) ids.push(id);
    },
    inOrder(): readonly string[] {
      if (!isSorted) ids = [...entriesById.keys()].sort();
      isSorted = true;
      return ids;
    },
  };
}

/** Index of the first id after `cursor`. */
function firstAfter(ids: readonly string[], cursor: string): number {
  return lowerBound(ids.length, (index) => (ids[index] ?? "") > cursor);
}

function firstRevAfter(log: readonly Entry[], sinceRev: number): number {
  return lowerBound(log.length, (index) => (log[index]?.rev ?? 0) > sinceRev);
}

/** The first of `length` indexes for which `isPast` holds; it holds for all that follow one. */
function lowerBound(length: number, isPast: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
