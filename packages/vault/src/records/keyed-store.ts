/** What the stores of chats, messages and moderation have in common, over their tables. */
import type { RecordRow, RecordStore } from "@hi-stranger/core/store/record-store";
import type { Database } from "../ports.ts";
import { type SqlKind, type SqlRecords, createSqlRecords, sqlCapabilities } from "./sql-records.ts";
import type { SyncWriter } from "./sync-writer.ts";

/** The common part of a port, and the records beneath it for the rest. */
export interface KeyedStore<Row extends RecordRow> {
  readonly store: RecordStore<Row> & SyncWriter<Row>;
  readonly records: SqlRecords<Row>;
}

export function keyedStore<Row extends RecordRow>(
  database: Database,
  kind: Omit<SqlKind<Row>, "keyOf">,
): KeyedStore<Row> {
  const records = createSqlRecords<Row>(database, { ...kind, keyOf: ({ key }) => key });
  return {
    records,
    store: {
      capabilities: sqlCapabilities,
      async get(key) {
        return records.get(key);
      },
      async scan(query) {
        return records.scan(query);
      },
      async count() {
        return records.count();
      },
      async write(rows) {
        return records.write(rows);
      },
      writeNow: records.write,
      async delete(key) {
        return records.delete(key);
      },
    },
  };
}
