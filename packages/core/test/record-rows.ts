/** Small chats, messages and states of moderation for tests of stores, read through their schemas. */
import { readChatMetaLine } from "../src/schema/chat-meta-line.ts";
import type { ChatMeta } from "../src/schema/chat-meta.ts";
import { readMessageLine } from "../src/schema/message-line.ts";
import type { Message } from "../src/schema/message.ts";
import { readPolicyStateLine } from "../src/schema/policy-state-line.ts";
import type { PolicyState } from "../src/schema/policy-state.ts";
import type { ReadRecord, RecordLine } from "../src/schema/record-line.ts";
import { type ChatRow, toChatRow } from "../src/store/chat-store.ts";
import { type MessageRow, toMessageRow } from "../src/store/message-store.ts";
import { type PolicyRow, toPolicyRow } from "../src/store/policy-store.ts";

/** An id of ours that ascends with `index`. */
export function idAt(prefix: "cht" | "msg", index: number): string {
  return `${prefix}_${String(index).padStart(26, "0")}`;
}

/** A profile id that ascends with `index`. */
export function profileAt(index: number): string {
  return `usr_${String(index).padStart(6, "0")}`;
}

export function chatRow(index: number, traits: Partial<ChatMeta> = {}): ChatRow {
  const chat: ChatMeta = {
    schema_version: "chat_meta.v1",
    chat_id: idAt("cht", index),
    owner_id: profileAt(0),
    participant_ids: [profileAt(0), profileAt(1)],
    chat_type: "one_on_one",
    goal: "Talk about maps",
    languages: ["en"],
    created_at: "2026-01-02T03:04:05.678Z",
    status: "active",
    moderation_stage: "intro",
    ...traits,
  };
  return toChatRow(accepted(readChatMetaLine(JSON.stringify(chat))));
}

export function messageRow(index: number, traits: Partial<Message> = {}): MessageRow {
  const message: Message = {
    schema_version: "message.v1",
    message_id: idAt("msg", index),
    chat_id: idAt("cht", 0),
    sender_id: profileAt(0),
    body: "Have you seen it?",
    enc: "server",
    created_at: "2026-01-02T03:04:05.678Z",
    ...traits,
  };
  return toMessageRow(accepted(readMessageLine(JSON.stringify(message))));
}

/** The state of chat `chatIndex` or, with `profileIndex`, of a persona in it. */
export function policyRow(
  chatIndex: number,
  profileIndex: number | null = null,
  traits: Partial<PolicyState> = {},
): PolicyRow {
  const policy: PolicyState = {
    schema_version: "policy_state.v1",
    chat_id: idAt("cht", chatIndex),
    ...(profileIndex === null ? {} : { profile_id: profileAt(profileIndex) }),
    tone_profile: "neutral",
    policy_version: "default@1",
    created_at: "2026-01-02T03:04:05.678Z",
    updated_at: "2026-01-02T03:04:05.678Z",
    ...traits,
  };
  return toPolicyRow(accepted(readPolicyStateLine(JSON.stringify(policy))));
}

/** Throws for a line that no writer would pass on. */
function accepted<Value>(read: RecordLine<Value>): ReadRecord<Value> {
  if ("violations" in read) throw new Error(`not a record: ${JSON.stringify(read.violations)}`);
  return read;
}
