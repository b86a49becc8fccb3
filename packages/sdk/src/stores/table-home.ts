/** Where a store has its table: in memory alone, or behind something that keeps it. */
import type { RecordTable } from "./record-table.ts";

export interface TableHome<Row> {
  /** The table as it is now. */
  forReading(): RecordTable<Row>;
  /** Applies a change and keeps it; `notSaved` says what is lost when there is no room. */
  change<Result>(notSaved: string, apply: (table: RecordTable<Row>) => Result): Result;
}

/** A home that ends with its page or process. */
export function createMemoryHome<Row>(table: RecordTable<Row>): TableHome<Row> {
  return { forReading: () => table, change: (_, apply) => apply(table) };
}
