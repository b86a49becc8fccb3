/** Pages of a table that run from its newest record to its oldest. */
import type { PageQuery } from "@hi-stranger/core/store/record-store";
import { readTimeCursor, toTimeCursor } from "@hi-stranger/core/store/time-cursor";
import { type LiveEntry, type RecordTable, type TablePage, lowerBound } from "./record-table.ts";

/** Reads pages of `table` in which each record's time is `atMs`, in epoch milliseconds. */
export type NewestFirst<Row> = (
  table: RecordTable<Row>,
  query: PageQuery,
  isAsked: (row: Row) => boolean,
) => TablePage<Row>;

/** Makes a reader that sorts a table once for each of its revisions. */
export function createNewestFirst<Row extends { readonly key: string }>(
  atMs: (row: Row) => number,
): NewestFirst<Row> {
  let sorted: { table: RecordTable<Row>; rev: number; entries: LiveEntry<Row>[] } | null = null;

  const inOrder = (table: RecordTable<Row>): readonly LiveEntry<Row>[] => {
    if (sorted?.table !== table || sorted.rev !== table.lastRev) {
      const { entries } = table.page(null, Number.POSITIVE_INFINITY);
      const newestFirst = entries.toSorted(
        (a, b) => atMs(b.row) - atMs(a.row) || (a.key < b.key ? 1 : -1),
      );
      sorted = { table, rev: table.lastRev, entries: newestFirst };
    }
    return sorted.entries;
  };

  return (table, { cursor, limit }, isAsked) => {
    const all = inOrder(table);
    const entries: LiveEntry<Row>[] = [];
    for (let index = firstAfter(all, cursor, atMs); index < all.length; index++) {
      const entry = all[index];
      if (!entry || !isAsked(entry.row)) continue;
      const last = entries.at(-1);
      if (entries.length === limit && last) {
        const nextCursor = toTimeCursor({ atMs: atMs(last.row), key: last.key });
        return { entries, nextCursor };
      }
      entries.push(entry);
    }
    return { entries, nextCursor: null };
  };
}

/** Index of the first entry behind the place that `cursor` names. */
function firstAfter<Row>(
  entries: readonly LiveEntry<Row>[],
  cursor: string | null,
  atMs: (row: Row) => number,
): number {
  if (cursor === null) return 0;
  const place = readTimeCursor(cursor);
  return lowerBound(entries.length, (index) => {
    const entry = entries[index];
    if (!entry) return true;
    const at = atMs(entry.row);
    return at < place.atMs || (at === place.atMs && entry.key < place.key);
  });
}
