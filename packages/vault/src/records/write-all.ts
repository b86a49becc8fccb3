/** Records of every kind in one transaction: all of them, or none. */
import type { ChatRow } from "@hi-stranger/core/store/chat-store";
import type { MessageRow } from "@hi-stranger/core/store/message-store";
import type { PolicyRow } from "@hi-stranger/core/store/policy-store";
import type { ProfileRow, WriteCounts } from "@hi-stranger/core/store/profile-store";
import type { Database } from "../ports.ts";
import { createSqlChatStore } from "./chats.ts";
import { createSqlMessageStore } from "./messages.ts";
import { createSqlPolicyStore } from "./policies.ts";
import { createSqlProfileStore } from "./profiles.ts";
import { putSecret } from "./secrets.ts";

export interface AllRows {
  readonly profiles: readonly ProfileRow[];
  readonly chats: readonly ChatRow[];
  readonly policies: readonly PolicyRow[];
  readonly messages: readonly MessageRow[];
  readonly secrets: readonly { readonly name: string; readonly value: Uint8Array }[];
}

/** What was done to the rows of each kind; secrets are counted alone. */
export interface AllCounts extends Record<Exclude<keyof AllRows, "secrets">, WriteCounts> {
  readonly secrets: number;
}

/** Inserts and replaces. Nothing of it is kept when it throws. */
export function writeAll(database: Database, rows: AllRows): AllCounts {
  return database.transaction(() => {
    for (const { name, value } of rows.secrets) putSecret(database, name, value);
    return {
      profiles: createSqlProfileStore(database).writeNow(rows.profiles),
      chats: createSqlChatStore(database).writeNow(rows.chats),
      policies: createSqlPolicyStore(database).writeNow(rows.policies),
      messages: createSqlMessageStore(database).writeNow(rows.messages),
      secrets: rows.secrets.length,
    };
  });
}
