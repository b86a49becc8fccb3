/** Pages of lists that run from the newest record to the oldest. */
import type { RecordPage, StoredRecord } from "@hi-stranger/core/store/record-store";
import { toTimeCursor } from "@hi-stranger/core/store/time-cursor";
import { toPage } from "./sql-records.ts";

/** A record with the epoch milliseconds that it is listed by. */
export type Timed<Row> = Row & { readonly atMs: number };

/** A page of `limit` records from one more, if there are more. */
export function toTimedPage(found: readonly Timed<StoredRecord>[], limit: number): RecordPage {
  const { items, nextCursor } = toPage(found, limit, toTimeCursor);
  return { items: items.map(({ key, rev, line }) => ({ key, rev, line })), nextCursor };
}
