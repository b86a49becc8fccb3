/** Writing at once, for writes of several kinds that are one transaction. */
import type { WriteCounts } from "@hi-stranger/core/store/profile-store";

export interface SyncWriter<Row> {
  /** What the store's `write` does, before this returns, within a transaction if there is one. */
  writeNow(rows: readonly Row[]): WriteCounts;
}
