/** Everything that a person keeps in an open vault. */
import type { ChatStore } from "@hi-stranger/core/store/chat-store";
import type { MessageStore } from "@hi-stranger/core/store/message-store";
import type { PolicyStore } from "@hi-stranger/core/store/policy-store";
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import type { Database } from "../ports.ts";
import { createSqlChatStore } from "./chats.ts";
import { createSqlMessageStore } from "./messages.ts";
import { createSqlPolicyStore } from "./policies.ts";
import { createSqlProfileStore } from "./profiles.ts";
import { type SecretStore, createSqlSecretStore } from "./secrets.ts";

export interface RecordStores {
  readonly profiles: ProfileStore;
  readonly chats: ChatStore;
  readonly messages: MessageStore;
  readonly policies: PolicyStore;
  readonly secrets: SecretStore;
}

/** Makes the stores over an open `vault.db` whose schema is there (`createRecordSchema`). */
export function createRecordStores(database: Database): RecordStores {
  return {
    profiles: createSqlProfileStore(database),
    chats: createSqlChatStore(database),
    messages: createSqlMessageStore(database),
    policies: createSqlPolicyStore(database),
    secrets: createSqlSecretStore(database),
  };
}
