/** The tables of the vault's `vault.db`: what a person keeps. */
import {
  type Facts,
  type MappedTable,
  bookkeeping,
  derived,
  operational,
  persona,
} from "./facts.ts";

const kept: Facts = { ...persona, protection: "vault" };

/** What only serves the vault's own work, and lies in its file all the same. */
const internal: Facts = { ...operational, protection: "vault", retention: "until deleted" };

/** The columns that the table of every kind of record has. */
const recordColumns = (body: string) => ({
  body: `the record (\`${body}\`) as compact JSON`,
  rev: { holds: "the kind's revision at its last change", ...bookkeeping },
});

const filterCopy = { holds: "copied for filters", export: derived };
const orderCopy = { holds: "copied for lists, as epoch milliseconds", export: derived };
const chatCopy = { holds: "copied for lists", export: derived };

export const vaultTables: readonly MappedTable[] = [
  {
    database: "vault.db",
    table: "profiles",
    purpose: "Personas",
    ...kept,
    columns: {
      profile_id: "the persona's id",
      ...recordColumns("user_profile.v1"),
      language: filterCopy,
      assertiveness: filterCopy,
      empathy: filterCopy,
      stress: filterCopy,
      regulation: filterCopy,
    },
    indexes: {
      profiles_by_rev: ["rev"],
      profiles_by_language: ["language", "profile_id"],
    },
  },
  {
    database: "vault.db",
    table: "profile_deletions",
    purpose: "Traces of deleted personas, for the change feed",
    ...kept,
    columns: {
      profile_id: "the id of the persona that is gone",
      rev: { holds: "the kind's revision at its deletion", ...bookkeeping },
    },
    indexes: { profile_deletions_by_rev: ["rev"] },
  },
  {
    database: "vault.db",
    table: "chats",
    purpose: "Chats",
    ...kept,
    columns: {
      chat_id: "the chat's id",
      ...recordColumns("chat_meta.v1"),
      owner_id: chatCopy,
      active_at: orderCopy,
    },
    indexes: {
      chats_by_activity: ["active_at", "chat_id"],
      chats_by_owner: ["owner_id", "active_at", "chat_id"],
    },
  },
  {
    database: "vault.db",
    table: "chat_participants",
    purpose: "Who takes part in which chat, copied for lists",
    ...kept,
    export: derived,
    columns: {
      profile_id: "a persona that takes part",
      active_at: "the chat's latest activity, as epoch milliseconds",
      chat_id: "the chat's id",
    },
    indexes: { chat_participants_by_chat: ["chat_id"] },
  },
  {
    database: "vault.db",
    table: "messages",
    purpose: "Messages",
    ...kept,
    columns: {
      message_id: "the message's id",
      ...recordColumns("message.v1"),
      chat_id: chatCopy,
      created_at: orderCopy,
    },
    indexes: { messages_by_chat: ["chat_id", "created_at", "message_id"] },
  },
  {
    database: "vault.db",
    table: "policies",
    purpose: "How chats, and personas in them, are moderated",
    ...kept,
    columns: {
      policy_key: "the chat's id and, for one persona, its id",
      ...recordColumns("policy_state.v1"),
      chat_id: chatCopy,
    },
    indexes: { policies_by_chat: ["chat_id", "policy_key"] },
  },
  {
    database: "vault.db",
    table: "secrets",
    purpose: "Secrets that a person keeps beside the records",
    ...kept,
    subject: "person",
    class: "secret",
    export: { isIncluded: false, why: "leaves the vault in an encrypted bundle alone" },
    columns: { name: "what the person calls it", value: "bytes of any kind" },
    indexes: {},
  },
  {
    database: "vault.db",
    table: "counters",
    purpose: "How many records of a kind there are, and the latest revision",
    ...internal,
    columns: { kind: "kind of record", value: "how many there are", rev: "latest revision" },
    indexes: {},
  },
  {
    database: "vault.db",
    table: "vault_meta",
    purpose: "The counter that shows an old copy",
    ...internal,
    columns: { name: "what it is", value: "the counter" },
    indexes: {},
  },
];
