/** Chats in `vault.db`. */
import type { ChatQuery, ChatRow, ChatStore } from "@hi-stranger/core/store/chat-store";
import type { StoredRecord } from "@hi-stranger/core/store/record-store";
import { readTimeCursor } from "@hi-stranger/core/store/time-cursor";
import type { Database, SqlValue } from "../ports.ts";
import { keyedStore } from "./keyed-store.ts";
import type { SyncWriter } from "./sync-writer.ts";
import { toTimedPage } from "./timed-page.ts";

const timeSql = "SELECT active_at AS atMs FROM chats WHERE chat_id = ?";

export function createSqlChatStore(database: Database): ChatStore & SyncWriter<ChatRow> {
  const removeParticipants = (chatId: string): void => {
    database.run("DELETE FROM chat_participants WHERE chat_id = ?", chatId);
  };
  const { store } = keyedStore<ChatRow>(database, {
    table: "chats",
    keyColumn: "chat_id",
    columns: ["owner_id", "active_at"],
    valuesOf: ({ ownerId, activeAtMs }) => [ownerId, activeAtMs],
    afterWrite({ key, participantIds, activeAtMs }) {
      removeParticipants(key);
      const sql = "INSERT INTO chat_participants (profile_id, active_at, chat_id) VALUES (?, ?, ?)";
      for (const profileId of participantIds) database.run(sql, profileId, activeAtMs, key);
    },
    afterDelete: removeParticipants,
  });
  return {
    ...store,
    async list(query) {
      const { sql, values } = toSql(query);
      const found = database.all<StoredRecord>(sql, ...values);
      return toTimedPage(database, found, query.limit, timeSql);
    },
  };
}

/** The list of a participant runs along the participants, any other along the chats. */
function toSql({ ownerId, participantId, cursor, limit }: ChatQuery) {
  const values: SqlValue[] = [];
  const where: string[] = [];
  const [from, place] =
    participantId === undefined
      ? ["chats", "chats.active_at, chats.chat_id"]
      : [
          // CROSS JOIN keeps SQLite from turning the two around.
          "chat_participants AS part CROSS JOIN chats ON chats.chat_id = part.chat_id",
          "part.active_at, part.chat_id",
        ];
  if (participantId !== undefined) {
    where.push("part.profile_id = ?");
    values.push(participantId);
  }
  if (ownerId !== undefined) {
    where.push("chats.owner_id = ?");
    values.push(ownerId);
  }
  if (cursor !== null) {
    const { atMs, key } = readTimeCursor(cursor);
    where.push(`(${place}) < (?, ?)`);
    values.push(atMs, key);
  }
  values.push(limit + 1);
  const sql = `
    SELECT chats.chat_id AS key, chats.rev, chats.body AS line
    FROM ${from} ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""}
    ORDER BY ${place.replace(",", " DESC,")} DESC LIMIT ?`;
  return { sql, values };
}
