/** A few records of every kind, made as core's own tests make them. */
import type { RecordStores } from "../../src/records/record-stores.ts";
import { rowOf } from "../../../core/test/profile-rows.ts";
import { chatRow, messageRow, policyRow } from "../../../core/test/record-rows.ts";
import { utf8 } from "./temp-vault.ts";

const secretValues = [
  utf8("canary of a secret"),
  new Uint8Array(0),
  new Uint8Array(65_536).fill(5),
];

export const sampleCounts = {
  profiles: { inserted: 2, updated: 0, unchanged: 0 },
  chats: { inserted: 1, updated: 0, unchanged: 0 },
  policies: { inserted: 1, updated: 0, unchanged: 0 },
  messages: { inserted: 3, updated: 0, unchanged: 0 },
  secrets: 3,
};

export async function keepSamples(stores: RecordStores): Promise<void> {
  const { profiles, chats, policies, messages, secrets } = stores;
  await profiles.write([rowOf("usr_canary1"), rowOf("usr_canary2", { biography: "canary" })]);
  await chats.write([chatRow(1)]);
  await policies.write([policyRow(1)]);
  await messages.write([messageRow(1), messageRow(2), messageRow(3)]);
  for (const [index, value] of secretValues.entries()) await secrets.put(`secret ${index}`, value);
}
