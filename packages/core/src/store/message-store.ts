/** The port to a home of messages. Every adapter passes `test/message-store-contract.ts`. */
import { fromInstant } from "../clock.ts";
import type { Message } from "../schema/message.ts";
import type { ReadRecord } from "../schema/record-line.ts";
import type { PageQuery, RecordPage, RecordRow, RecordStore } from "./record-store.ts";

/** How many messages people see at once, unless they ask for another number. */
export const messagesPerPage = 50;

/** A message to be written; its key is its `message_id`. */
export interface MessageRow extends RecordRow {
  readonly chatId: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
}

export interface MessageQuery extends PageQuery {
  readonly chatId: string;
}

export interface MessageStore extends RecordStore<MessageRow> {
  /**
   * The messages of a chat, the newest first; those of the same millisecond in the descending order
   * of their ids. A page's `nextCursor` leads to the messages before it.
   *
   * @throws {StoreError} `invalid_cursor`
   */
  list(query: MessageQuery): Promise<RecordPage>;
  /** Removes all messages of a chat; answers how many there were. */
  clear(chatId: string): Promise<number>;
}

/** The row of a message that was read through `readMessageLine`. */
export function toMessageRow({ record, line }: ReadRecord<Message>): MessageRow {
  return {
    key: record.message_id,
    line,
    chatId: record.chat_id,
    createdAtMs: fromInstant(record.created_at),
  };
}
