/** The ports to chats, messages and states of moderation, over tables in memory. */
import type { ChatRow, ChatStore } from "@hi-stranger/core/store/chat-store";
import type { MessageRow, MessageStore } from "@hi-stranger/core/store/message-store";
import type { PolicyRow, PolicyStore } from "@hi-stranger/core/store/policy-store";
import type {
  RecordPage,
  RecordRow,
  RecordStore,
  StoredRecord,
} from "@hi-stranger/core/store/record-store";
import { createNewestFirst } from "./newest-first.ts";
import {
  type LiveEntry,
  type RecordTable,
  type TablePage,
  createRecordTable,
} from "./record-table.ts";
import type { TableHome } from "./table-home.ts";

/** Makes an empty table whose revisions go on after `startRev`. A deletion leaves no trace in it. */
export function createKeyedTable<Row extends RecordRow>(startRev = 0): RecordTable<Row> {
  return createRecordTable<Row>({ keyOf: ({ key }) => key, keepsDeletions: false, startRev });
}

export function chatStoreOver(home: TableHome<ChatRow>): ChatStore {
  const newestFirst = createNewestFirst<ChatRow>(({ activeAtMs }) => activeAtMs);
  return {
    ...recordStoreOver(home, "chat"),
    async list(query) {
      const { ownerId, participantId } = query;
      const isAsked = (row: ChatRow) =>
        (ownerId === undefined || row.ownerId === ownerId) &&
        (participantId === undefined || row.participantIds.includes(participantId));
      return toRecordPage(newestFirst(home.forReading(), query, isAsked));
    },
  };
}

export function messageStoreOver(home: TableHome<MessageRow>): MessageStore {
  const newestFirst = createNewestFirst<MessageRow>(({ createdAtMs }) => createdAtMs);
  return {
    ...recordStoreOver(home, "message"),
    async list(query) {
      const isAsked = ({ chatId }: MessageRow) => chatId === query.chatId;
      return toRecordPage(newestFirst(home.forReading(), query, isAsked));
    },
    clear: (chatId) => clearChat(home, chatId, "the deletion of a chat's messages"),
  };
}

export function policyStoreOver(home: TableHome<PolicyRow>): PolicyStore {
  return {
    ...recordStoreOver(home, "state of moderation"),
    async list({ chatId, cursor, limit }) {
      const isAsked = (row: PolicyRow) => row.chatId === chatId;
      return toRecordPage(home.forReading().page(cursor, limit, isAsked));
    },
    clear: (chatId) => clearChat(home, chatId, "the deletion of a chat's moderation"),
  };
}

/** `what` one record is called in messages. */
function recordStoreOver<Row extends RecordRow>(
  home: TableHome<Row>,
  what: string,
): RecordStore<Row> {
  return {
    capabilities: { isAtomic: true, isConsistent: true, countCost: "constant" },
    async get(key) {
      const entry = home.forReading().get(key);
      return entry && toStored(entry);
    },
    async scan({ cursor, limit }) {
      return toRecordPage(home.forReading().page(cursor, limit));
    },
    async count() {
      return home.forReading().count();
    },
    async write(rows) {
      const notSaved = rows.length === 1 ? `one ${what}` : `${rows.length} records (${what})`;
      return home.change(notSaved, (table) => table.write(rows));
    },
    async delete(key) {
      return home.change(`the deletion of one ${what}`, (table) => table.delete(key));
    },
  };
}

async function clearChat<Row extends RecordRow & { readonly chatId: string }>(
  home: TableHome<Row>,
  chatId: string,
  notSaved: string,
): Promise<number> {
  return home.change(notSaved, (table) => {
    const isAsked = (row: Row) => row.chatId === chatId;
    const { entries } = table.page(null, Number.POSITIVE_INFINITY, isAsked);
    for (const { key } of entries) table.delete(key);
    return entries.length;
  });
}

function toRecordPage<Row extends RecordRow>({ entries, nextCursor }: TablePage<Row>): RecordPage {
  return { items: entries.map(toStored), nextCursor };
}

function toStored<Row extends RecordRow>({ key, rev, row }: LiveEntry<Row>): StoredRecord {
  return { key, rev, line: row.line };
}
