/** Stores in memory, for tests and for work on a file that is not kept. They end with their page or process. */
import type { ChatStore } from "@hi-stranger/core/store/chat-store";
import type { MessageStore } from "@hi-stranger/core/store/message-store";
import type { PolicyStore } from "@hi-stranger/core/store/policy-store";
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import { createProfileTable, profileStoreOver } from "./profile-table.ts";
import {
  chatStoreOver,
  createKeyedTable,
  messageStoreOver,
  policyStoreOver,
} from "./record-stores.ts";
import { createMemoryHome } from "./table-home.ts";

/** Makes an empty store. */
export function createMemoryProfileStore(): ProfileStore {
  return profileStoreOver(createMemoryHome(createProfileTable()));
}

/** Makes an empty store. */
export function createMemoryChatStore(): ChatStore {
  return chatStoreOver(createMemoryHome(createKeyedTable()));
}

/** Makes an empty store. */
export function createMemoryMessageStore(): MessageStore {
  return messageStoreOver(createMemoryHome(createKeyedTable()));
}

/** Makes an empty store. */
export function createMemoryPolicyStore(): PolicyStore {
  return policyStoreOver(createMemoryHome(createKeyedTable()));
}
