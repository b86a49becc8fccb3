/** Ports whose work is done in the worker: each method is a call. */
import type { ChatStore } from "@hi-stranger/core/store/chat-store";
import type { MessageStore } from "@hi-stranger/core/store/message-store";
import type { PolicyStore } from "@hi-stranger/core/store/policy-store";
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import type { RecordStores } from "../records/record-stores.ts";
import type { SecretStore } from "../records/secrets.ts";
import { sqlCapabilities } from "../records/sql-records.ts";
import type { Caller } from "./calls/caller.ts";
import { type Remote, storeMethodsByName } from "./vault-calls.ts";

/** The stores of an open vault. */
export function createRemoteStores(call: Caller["call"]): RecordStores {
  const { profiles, chats, messages, policies, secrets } = storeMethodsByName;
  const capabilities = sqlCapabilities;
  return {
    profiles: {
      capabilities,
      ...createRemote<ProfileStore, typeof profiles>(call, "profiles", profiles),
    },
    chats: { capabilities, ...createRemote<ChatStore, typeof chats>(call, "chats", chats) },
    messages: {
      capabilities,
      ...createRemote<MessageStore, typeof messages>(call, "messages", messages),
    },
    policies: {
      capabilities,
      ...createRemote<PolicyStore, typeof policies>(call, "policies", policies),
    },
    secrets: createRemote<SecretStore, typeof secrets>(call, "secrets", secrets),
  };
}

/** Makes the part of a port that `methods` name, out of calls to `port`. */
export function createRemote<Port, Methods extends readonly (keyof Port & string)[]>(
  call: Caller["call"],
  port: string,
  methods: Methods,
): Remote<Port, Methods> {
  const entries = methods.map(
    (method) => [method, (...input: readonly unknown[]) => call(port, method, input)] as const,
  );
  // The worker calls the same methods of the same port with the same arguments.
  return Object.fromEntries(entries) as Remote<Port, Methods>;
}
