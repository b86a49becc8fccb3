/** Messages in `vault.db`. */
import type { MessageRow, MessageStore } from "@hi-stranger/core/store/message-store";
import type { StoredRecord } from "@hi-stranger/core/store/record-store";
import { readTimeCursor } from "@hi-stranger/core/store/time-cursor";
import type { Database } from "../ports.ts";
import { keyedStore } from "./keyed-store.ts";
import { type Timed, toTimedPage } from "./timed-page.ts";

const columns = "message_id AS key, rev, body AS line, created_at AS atMs";
const order = "ORDER BY created_at DESC, message_id DESC LIMIT ?";
const newest = `SELECT ${columns} FROM messages WHERE chat_id = ? ${order}`;
const before = `SELECT ${columns} FROM messages
  WHERE chat_id = ? AND (created_at, message_id) < (?, ?) ${order}`;

export function createSqlMessageStore(database: Database): MessageStore {
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
        ? database.all<Timed<StoredRecord>>(before, chatId, place.atMs, place.key, limit + 1)
        : database.all<Timed<StoredRecord>>(newest, chatId, limit + 1);
      return toTimedPage(found, limit);
    },
    async clear(chatId) {
      return records.deleteWhere("chat_id", chatId);
    },
  };
}
