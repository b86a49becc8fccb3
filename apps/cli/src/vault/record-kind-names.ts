/** The names of the kinds of records in a vault, for command lines that don't open one. */

export const recordKindNames = ["profiles", "chats", "messages", "policies"] as const;
export type RecordKindName = (typeof recordKindNames)[number];

/** What `--kind` takes: the records' kinds, and secrets. */
export const kindNames = ["secrets", ...recordKindNames] as const;
export type KindName = (typeof kindNames)[number];

/** One of the kind and several, as people call them. */
export const nounsByKind: Readonly<Record<KindName, readonly [string, string]>> = {
  secrets: ["secret", "secrets"],
  profiles: ["persona", "personas"],
  chats: ["chat", "chats"],
  messages: ["message", "messages"],
  policies: ["policy", "policies"],
};
