/** The port to a home of states of moderation. Every adapter passes `test/policy-store-contract.ts`. */
import type { PolicyState } from "../schema/policy-state.ts";
import type { ReadRecord } from "../schema/record-line.ts";
import type { PageQuery, RecordPage, RecordRow, RecordStore } from "./record-store.ts";

/** A state to be written; its key is {@link policyKey}. */
export interface PolicyRow extends RecordRow {
  readonly chatId: string;
}

export interface PolicyQuery extends PageQuery {
  readonly chatId: string;
}

export interface PolicyStore extends RecordStore<PolicyRow> {
  /** The states of a chat: the whole chat's, if there is one, then those of single personas by their ids. */
  list(query: PolicyQuery): Promise<RecordPage>;
  /** Removes all states of a chat; answers how many there were. */
  clear(chatId: string): Promise<number>;
}

/** The key of a whole chat's state or, with `profileId`, of one persona's in it. */
export function policyKey(chatId: string, profileId?: string): string {
  return profileId === undefined ? chatId : `${chatId}/${profileId}`;
}

/** The row of a state that was read through `readPolicyStateLine`. */
export function toPolicyRow({ record, line }: ReadRecord<PolicyState>): PolicyRow {
  return { key: policyKey(record.chat_id, record.profile_id), line, chatId: record.chat_id };
}
