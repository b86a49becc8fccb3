/**
 * Records of one kind in memory, with revisions: what the stores of this package that have no
 * database share.
 *
 * Everything is synchronous, so a call is never seen half done. Pages are found by binary search;
 * the order of keys is rebuilt only after keys came out of order or left.
 */
import type { WriteCounts } from "@hi-stranger/core/store/profile-store";

/** What is known of one key: a record, or that it was deleted. */
export interface TableEntry<Row> {
  readonly key: string;
  readonly rev: number;
  readonly row: Row | null;
}

/** A record that is there. */
export interface LiveEntry<Row> extends TableEntry<Row> {
  readonly row: Row;
}

export interface TablePage<Row> {
  readonly entries: readonly LiveEntry<Row>[];
  /** The last key of the page when more entries follow, else null. */
  readonly nextCursor: string | null;
}

export interface RecordTable<Row> {
  /** The latest revision given out, deletions counted; 0 in a new table. */
  readonly lastRev: number;
  get(key: string): LiveEntry<Row> | null;
  count(): number;
  /** Up to `limit` records after the key `cursor` (null for all) that `isAsked`, in the order of keys. */
  page(cursor: string | null, limit: number, isAsked?: (row: Row) => boolean): TablePage<Row>;
  /** Up to `limit` entries after revision `sinceRev`, by ascending revision. */
  changes(sinceRev: number, limit: number): TableEntry<Row>[];
  write(rows: readonly Row[]): WriteCounts;
  delete(key: string): boolean;
  /** Everything by ascending revision, with the deletions that are kept: what `restore` takes. */
  entries(): readonly TableEntry<Row>[];
  /** Puts back a record, or a deletion when `row` is null, as it was. Revisions ascend from call to call. */
  restore(key: string, rev: number, row: Row | null): void;
}

export interface TableOptions<Row> {
  readonly keyOf: (row: Row) => string;
  /** Whether a deletion leaves a trace, for a change feed. */
  readonly keepsDeletions: boolean;
  /** Revisions go on after this one. */
  readonly startRev: number;
}

/** Makes an empty table. */
export function createRecordTable<Row extends { readonly line: string }>({
  keyOf,
  keepsDeletions,
  startRev,
}: TableOptions<Row>): RecordTable<Row> {
  const entriesByKey = new Map<string, TableEntry<Row>>();
  const sortedKeys = createSortedKeys(entriesByKey);
  /** Every entry by ascending revision, also those that a later one of the same key replaced. */
  let log: TableEntry<Row>[] = [];
  let recordCount = 0;
  let lastRev = startRev;
  const isCurrent = (entry: TableEntry<Row>) => entriesByKey.get(entry.key) === entry;

  const put = (key: string, rev: number, row: Row | null): void => {
    const before = entriesByKey.get(key);
    recordCount += Number(row !== null) - Number(before !== undefined && before.row !== null);
    lastRev = Math.max(lastRev, rev);
    if (row === null && !keepsDeletions) {
      entriesByKey.delete(key);
      sortedKeys.forget();
    } else {
      if (!before) sortedKeys.add(key);
      const entry = { key, rev, row };
      entriesByKey.set(key, entry);
      log.push(entry);
    }
    // At least half of the log is alive, so its upkeep is constant for each change.
    if (log.length > 64 && log.length > 2 * entriesByKey.size) log = log.filter(isCurrent);
  };
  const get = (key: string) => toLive(entriesByKey.get(key));

  return {
    get lastRev() {
      return lastRev;
    },
    count: () => recordCount,
    get,

    page(cursor, limit, isAsked = () => true) {
      const entries: LiveEntry<Row>[] = [];
      const keys = sortedKeys.inOrder();
      for (
        let index = cursor === null ? 0 : firstAfter(keys, cursor);
        index < keys.length;
        index++
      ) {
        const entry = get(keys[index] ?? "");
        if (!entry || !isAsked(entry.row)) continue;
        if (entries.length === limit) return { entries, nextCursor: entries.at(-1)?.key ?? null };
        entries.push(entry);
      }
      return { entries, nextCursor: null };
    },

    changes(sinceRev, limit) {
      const first = lowerBound(log.length, (index) => (log[index]?.rev ?? 0) > sinceRev);
      const changes: TableEntry<Row>[] = [];
      for (let index = first; index < log.length && changes.length < limit; index++) {
        const entry = log[index];
        if (entry && isCurrent(entry)) changes.push(entry);
      }
      return changes;
    },

    write(rows) {
      const rowsByKey = new Map(rows.map((row) => [keyOf(row), row]));
      let inserted = 0;
      let updated = 0;
      for (const [key, row] of rowsByKey) {
        const before = get(key);
        if (before?.row.line === row.line) continue;
        if (before) updated += 1;
        else inserted += 1;
        put(key, lastRev + 1, row);
      }
      return { inserted, updated, unchanged: rows.length - inserted - updated };
    },

    delete(key) {
      if (!get(key)) return false;
      put(key, lastRev + 1, null);
      return true;
    },

    entries: () => log.filter(isCurrent),
    restore: put,
  };
}

function toLive<Row>(entry: TableEntry<Row> | undefined): LiveEntry<Row> | null {
  return entry !== undefined && isLive(entry) ? entry : null;
}

function isLive<Row>(entry: TableEntry<Row>): entry is LiveEntry<Row> {
  return entry.row !== null;
}

/** The keys of a map in order, sorted again only when one came that does not belong at the end, or left. */
function createSortedKeys(entriesByKey: ReadonlyMap<string, unknown>) {
  let keys: string[] = [];
  let isSorted = true;
  return {
    /** Takes note of a key before it is in the map. */
    add(key: string): void {
      isSorted &&= key > (keys.at(-1) ?? "");
      if (isSorted) keys.push(key);
    },
    /** Takes note that a key left the map. */
    forget(): void {
      isSorted = false;
    },
    inOrder(): readonly string[] {
      if (!isSorted) keys = [...entriesByKey.keys()].sort();
      isSorted = true;
      return keys;
    },
  };
}

/** Index of the first key after `cursor`. */
function firstAfter(keys: readonly string[], cursor: string): number {
  return lowerBound(keys.length, (index) => (keys[index] ?? "") > cursor);
}

/** The first of `length` indexes for which `isPast` holds; it holds for all that follow one. */
export function lowerBound(length: number, isPast: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
