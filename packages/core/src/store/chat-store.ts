/** The port to a home of chats. Every adapter passes `test/chat-store-contract.ts`. */
import { fromInstant } from "../clock.ts";
import type { ChatMeta } from "../schema/chat-meta.ts";
import type { ReadRecord } from "../schema/record-line.ts";
import type { PageQuery, RecordPage, RecordRow, RecordStore } from "./record-store.ts";

/** A chat to be written; its key is its `chat_id`. */
export interface ChatRow extends RecordRow {
  readonly ownerId: string;
  readonly participantIds: readonly string[];
  /** Epoch milliseconds: `last_active_at`, or `created_at` where nothing happened yet. */
  readonly activeAtMs: number;
}

export interface ChatQuery extends PageQuery {
  /** Lists the chats of this owner alone. */
  readonly ownerId?: string;
  /** Lists the chats in which this persona takes part alone. */
  readonly participantId?: string;
}

export interface ChatStore extends RecordStore<ChatRow> {
  /**
   * Chats that meet all conditions, the latest activity first; those active in the same millisecond
   * in the descending order of their ids.
   *
   * @throws {StoreError} `invalid_cursor`
   */
  list(query: ChatQuery): Promise<RecordPage>;
}

/** The row of a chat that was read through `readChatMetaLine`. */
export function toChatRow({ record, line }: ReadRecord<ChatMeta>): ChatRow {
  return {
    key: record.chat_id,
    line,
    ownerId: record.owner_id,
    participantIds: record.participant_ids,
    activeAtMs: fromInstant(record.last_active_at ?? record.created_at),
  };
}
