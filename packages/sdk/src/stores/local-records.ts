/**
 * The prototype's stores of chats, messages and moderation, under `hs.chat_meta`, `hs.messages` and
 * `hs.policy_state`; local-home.ts says what they promise and what not.
 */
import type { ChatMeta } from "@hi-stranger/core/schema/chat-meta";
import type { Message } from "@hi-stranger/core/schema/message";
import type { PolicyState } from "@hi-stranger/core/schema/policy-state";
import type { ReadRecord } from "@hi-stranger/core/schema/record-line";
import {
  readStoredChatMeta,
  readStoredMessage,
  readStoredPolicyState,
} from "@hi-stranger/core/schema/stored-line";
import { type ChatStore, toChatRow } from "@hi-stranger/core/store/chat-store";
import { type MessageStore, toMessageRow } from "@hi-stranger/core/store/message-store";
import { type PolicyStore, toPolicyRow } from "@hi-stranger/core/store/policy-store";
import type { RecordRow, RecordStore } from "@hi-stranger/core/store/record-store";
import { type FreeText, chatTexts, messageTexts, policyTexts } from "../personal-data.ts";
import { type LocalStorageOptions, createLocalHome } from "./local-home.ts";
import type { RecordsKey } from "./local-keys.ts";
import type { LocalKind } from "./local-value.ts";
import { refusePersonalData } from "./personal-data-refusal.ts";
import {
  chatStoreOver,
  createKeyedTable,
  messageStoreOver,
  policyStoreOver,
} from "./record-stores.ts";

/** Makes a store of the chats that `storage` holds. Nothing is read before the first call. */
export function createLocalStorageChatStore(options: LocalStorageOptions): ChatStore {
  const kind = toKind("hs.chat_meta", readStoredChatMeta, toChatRow);
  const store = chatStoreOver(createLocalHome(kind, options));
  return guarded(store, "chat_id", (record: ChatMeta) => chatTexts(record));
}

/** Makes a store of the messages that `storage` holds. Nothing is read before the first call. */
export function createLocalStorageMessageStore(options: LocalStorageOptions): MessageStore {
  const kind = toKind("hs.messages", readStoredMessage, toMessageRow);
  const store = messageStoreOver(createLocalHome(kind, options));
  return guarded(store, "message_id", (record: Message) => messageTexts(record));
}

/** Makes a store of the states of moderation that `storage` holds. Nothing is read before the first call. */
export function createLocalStoragePolicyStore(options: LocalStorageOptions): PolicyStore {
  const kind = toKind("hs.policy_state", readStoredPolicyState, toPolicyRow);
  const store = policyStoreOver(createLocalHome(kind, options));
  return guarded(store, "policy_key", (record: PolicyState) => policyTexts(record));
}

function toKind<Value, Row extends RecordRow>(
  key: RecordsKey,
  readStored: (line: string) => Value | null,
  toRow: (read: ReadRecord<Value>) => Row,
): LocalKind<Row> {
  return {
    key,
    createTable: createKeyedTable,
    readRow(line) {
      const record = readStored(line);
      return record === null ? null : toRow({ record, line });
    },
    keyOf: (row) => row.key,
    tracedKeys: null,
  };
}

/** `store` with writes that refuse personal data in the texts of `Value`, what its lines hold. */
function guarded<Value, Row extends RecordRow, Store extends RecordStore<Row>>(
  store: Store & RecordStore<Row>,
  idName: string,
  textsOf: (record: Value) => Iterable<FreeText>,
): Store {
  return {
    ...store,
    async write(rows: readonly Row[]) {
      const written = rows.map(({ key, line }) => ({
        key,
        // The row's line is one that was read as a `Value`.
        texts: textsOf(JSON.parse(line) as Value),
      }));
      refusePersonalData(idName, written);
      return store.write(rows);
    },
  };
}
