/** Messages in `vault.db`. */
import type { MessageRow, MessageStore } from "@hi-stranger/core/store/message-store";
import type { StoredRecord } from "@hi-stranger/core/store/record-store";
import { readTimeCursor } from "@hi-stranger/core/store/time-cursor";
import type { Database } from "../ports.ts";
import { keyedStore } from "./keyed-store.ts";
import type { SyncWriter } from "./sync-writer.ts";
import { selectedColumns } from "./sql-records.ts";
import { toTimedPage } from "./timed-page.ts";

const columns = selectedColumns("message_id");
const order = "ORDER BY created_at DESC, message_id DESC LIMIT ?";
const newest = `SELECT ${columns} FROM messages WHERE chat_id = ? ${order}`;
const before = `SELECT ${columns} FROM messages
  WHERE chat_id = ? AND (created_at, message_id) < (?, ?) ${order}`;
const timeSql = "SELECT created_at AS atMs FROM messages WHERE message_id = ?";

export function createSqlMessageStore(database: Database): MessageStore & SyncWriter<MessageRow> {
  const { store, records } = keyedStore<MessageRow>(database, {
    table: "messages",
    keyColumn: "message_id",
    columns: ["chat_id", "created_at"],
    valuesOf: ({ chatId, createdAtMs }) => [chatId, createdAtMs],
  });
  return {
    ...store,
    async list({ chatId, cursor, limit }) {
      const place = cursor === null ? null : readTimeCursor(cursor);
      const found = place
        ? database.all<StoredRecord>(before, chatId, place.atMs, place.key, limit + 1)
        : database.all<StoredRecord>(newest, chatId, limit + 1);
      return toTimedPage(database, found, limit, timeSql);
    },
    async clear(chatId) {
      return records.deleteWhere("chat_id", chatId);
    },
  };
}
