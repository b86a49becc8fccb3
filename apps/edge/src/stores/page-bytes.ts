/** Keeps pages of large records within what a Worker can hold: a record may have 128 KB, a page 1,000. */

/** Most bytes of the records in a page, the last of which may exceed them. */
export const maxPageBytes = 16_000_000;
/** Pages of up to this many records can't hold much more, so they are spared the sum. */
const alwaysFits = 120;

/** A row that tells how many bytes the page has up to and with it, where that was asked. */
interface SummedRow {
  readonly pageBytes?: number | null;
}

/**
 * `query`, whose rows have a `body` and come by ascending `orderBy`, ended where the page is full.
 * `limit` is how many rows it gives at most.
 */
export function endWhenFull(query: string, orderBy: string, limit: number): string {
  if (limit <= alwaysFits) return query;
  const size = "octet_length(coalesce(body, ''))";
  return `SELECT * FROM (
      SELECT *, sum(${size}) OVER (ORDER BY ${orderBy} ROWS UNBOUNDED PRECEDING) AS pageBytes
      FROM (${query}))
    WHERE pageBytes - ${size} < ${maxPageBytes}`;
}

/** Whether more may follow the first `limit` of `rows`, which {@link endWhenFull} gave. */
export function hasMore(rows: readonly SummedRow[], limit: number): boolean {
  return rows.length > limit || (rows.at(-1)?.pageBytes ?? 0) >= maxPageBytes;
}
