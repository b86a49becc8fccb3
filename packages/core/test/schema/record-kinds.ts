/** The kinds of record that share one reader of lines, each with all that tests ask of it. */
import { readChatMetaLine } from "../../src/schema/chat-meta-line.ts";
import { chatMetaSchema } from "../../src/schema/chat-meta.ts";
import { compactLength as chatMetaLength } from "../../src/schema/generated/chat-meta.check.js";
import { compactLength as messageLength } from "../../src/schema/generated/message.check.js";
import { compactLength as policyStateLength } from "../../src/schema/generated/policy-state.check.js";
import { readMessageLine } from "../../src/schema/message-line.ts";
import { messageSchema } from "../../src/schema/message.ts";
import { readPolicyStateLine } from "../../src/schema/policy-state-line.ts";
import { policyStateSchema } from "../../src/schema/policy-state.ts";
import {
  readStoredChatMeta,
  readStoredMessage,
  readStoredPolicyState,
} from "../../src/schema/stored-line.ts";
import { changeAt } from "../support/change.ts";
import { fullChat, fullMessage, fullPolicy } from "../support/records.ts";
import { chatMetaFields } from "./chat-meta-fields.ts";
import type { Field } from "./field-rules.ts";
import { messageFields } from "./message-fields.ts";
import { policyStateFields } from "./policy-state-fields.ts";

export const recordKinds = [
  {
    name: "chat_meta.v1",
    schema: chatMetaSchema,
    compactLength: chatMetaLength,
    readLine: readChatMetaLine,
    readStored: readStoredChatMeta,
    fields: chatMetaFields,
    objectPointers: [""],
    full: fullChat(),
    lean: withoutOptional(fullChat(), chatMetaFields),
  },
  {
    name: "policy_state.v1",
    schema: policyStateSchema,
    compactLength: policyStateLength,
    readLine: readPolicyStateLine,
    readStored: readStoredPolicyState,
    fields: policyStateFields,
    objectPointers: ["", "/scores"],
    full: fullPolicy(),
    lean: withoutOptional(fullPolicy(), policyStateFields),
  },
  {
    name: "message.v1",
    schema: messageSchema,
    compactLength: messageLength,
    readLine: readMessageLine,
    readStored: readStoredMessage,
    fields: messageFields,
    objectPointers: [""],
    full: fullMessage(),
    lean: withoutOptional(fullMessage(), messageFields),
  },
];

/** `full` without the optional members of its root. */
function withoutOptional<Value>(full: Value, fields: readonly Field[]): Value {
  const atRoot = fields.filter(({ pointer }) => pointer.lastIndexOf("/") === 0);
  return atRoot
    .filter(({ isRequired }) => !isRequired)
    .reduce((record, { pointer }) => changeAt(record, pointer), full);
}
