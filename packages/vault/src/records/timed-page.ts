/** Pages of lists that run from the newest record to the oldest. */
import type { RecordPage, StoredRecord } from "@hi-stranger/core/store/record-store";
import { toTimeCursor } from "@hi-stranger/core/store/time-cursor";
import type { Database } from "../ports.ts";
import { toPage } from "./sql-records.ts";

/**
 * A page of `limit` records from one more, if there are more. The last one's time, for the cursor,
 * is asked for by `timeSql`: having it in every row costs a page a fifth of its time.
 *
 * @param timeSql A query of a record's epoch milliseconds, `atMs`, by its key.
 */
export function toTimedPage(
  database: Database,
  found: readonly StoredRecord[],
  limit: number,
  timeSql: string,
): RecordPage {
  return toPage(found, limit, ({ key }) =>
    toTimeCursor({ atMs: database.get<{ atMs: number }>(timeSql, key)?.atMs ?? 0, key }),
  );
}
