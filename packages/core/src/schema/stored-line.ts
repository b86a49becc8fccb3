/**
 * The verdict on a line that a store kept, without reasons: for pages, where the code that explains
 * a refusal (`record-line.ts`) would cost more than the rest of the store.
 *
 * Each function gives the record on `text`, or null when that isn't a line as its reader of lines
 * gives them: a record of the newest schema, written compactly and well-formed. None throws.
 */
import type { ChatMeta } from "./chat-meta.ts";
import { compactLength as chatMetaLength } from "./generated/chat-meta.check.js";
import { compactLength as messageLength } from "./generated/message.check.js";
import { compactLength as policyStateLength } from "./generated/policy-state.check.js";
import { compactLength as userProfileLength } from "./generated/user-profile.check.js";
import type { Message } from "./message.ts";
import type { PolicyState } from "./policy-state.ts";
import type { UserProfile } from "./user-profile.ts";

export function readStoredLine(text: string): UserProfile | null {
  return readStored<UserProfile>(userProfileLength, text);
}

export function readStoredChatMeta(text: string): ChatMeta | null {
  return readStored<ChatMeta>(chatMetaLength, text);
}

export function readStoredPolicyState(text: string): PolicyState | null {
  return readStored<PolicyState>(policyStateLength, text);
}

export function readStoredMessage(text: string): Message | null {
  return readStored<Message>(messageLength, text);
}

/** `Value` is what the check that `compactLength` makes holds for. */
function readStored<Value>(compactLength: (value: unknown) => number, text: string): Value | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON, so nothing that a store of ours wrote.
    return null;
  }
  if (compactLength(value) === -1 || JSON.stringify(value) !== text) return null;
  // An escape that stands for half a character survives the way there and back.
  return /\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(value) ? null : (value as Value);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}
