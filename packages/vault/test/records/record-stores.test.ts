import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeChatStore } from "../../../core/test/chat-store-contract.ts";
import { describeMessageStore } from "../../../core/test/message-store-contract.ts";
import { describePolicyStore } from "../../../core/test/policy-store-contract.ts";
import { rowOf } from "../../../core/test/profile-rows.ts";
import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import { chatRow, idAt, messageRow, policyRow, profileAt } from "../../../core/test/record-rows.ts";
import type { Database, SqlValue } from "../../src/ports.ts";
import { createRecordSchema } from "../../src/records/record-schema.ts";
import { createRecordStores } from "../../src/records/record-stores.ts";
import { writeAll } from "../../src/records/write-all.ts";
import { newFolder, newKey, openIn, openRecordDatabase } from "./open-database.ts";

const emptyStores = () => createRecordStores(openRecordDatabase());

describeProfileStore("the vault's store of personas", () => emptyStores().profiles);
describeChatStore("the vault's store of chats", () => emptyStores().chats);
describeMessageStore("the vault's store of messages", () => emptyStores().messages);
describePolicyStore("the vault's store of moderation", () => emptyStores().policies);

describe("what the vault keeps", () => {
  test("is there when the database is opened again, revisions and all, and unreadable without the key", async () => {
    const [folder, key] = [newFolder(), newKey()];
    const first = openIn(folder, key);
    createRecordSchema(first);
    const before = createRecordStores(first);
    await before.profiles.write([rowOf("usr_aaaaaa"), rowOf("usr_bbbbbb")]);
    await before.profiles.delete("usr_aaaaaa");
    await before.chats.write([chatRow(1)]);
    await before.messages.write([messageRow(1, { body: "canary in the coal mine" })]);
    await before.policies.write([policyRow(1, 2)]);
    await before.secrets.put("token", new TextEncoder().encode("canary in the vault"));
    const changes = await before.profiles.changes(0, 10);
    first.close();

    const bytes = readFileSync(join(folder, "vault.db"));
    const plain = ["canary", "usr_bbbbbb", "SQLite format 3", "CREATE TABLE", "token"];
    expect(plain.filter((text) => bytes.includes(text))).toEqual([]);
    const second = openIn(folder, key);
    createRecordSchema(second);
    const after = createRecordStores(second);
    expect(await after.profiles.changes(0, 10)).toEqual(changes);
    expect((await after.chats.get(idAt("cht", 1)))?.line).toBe(chatRow(1).line);
    expect(await after.messages.count()).toBe(1);
    expect(await after.policies.count()).toBe(1);
    await after.messages.write([messageRow(2)]);
    expect((await after.messages.get(idAt("msg", 2)))?.rev).toBe(2);
  });

  test("is untouched by a write that fails in the middle", async () => {
    const database = openRecordDatabase();
    const { chats } = createRecordStores(database);
    await chats.write([chatRow(1)]);
    // No writer passes such a row on; it stands for whatever fails in the middle.
    const failing = { ...chatRow(3), activeAtMs: 0.5 };
    const write = chats.write([chatRow(1, { goal: "changed" }), chatRow(2), failing]);
    await expect(write).rejects.toThrow();
    expect(await chats.count()).toBe(1);
    expect((await chats.get(idAt("cht", 1)))?.line).toBe(chatRow(1).line);
    expect(await chats.get(idAt("cht", 2))).toBeNull();
    expect(await chats.write([chatRow(2)])).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect((await chats.get(idAt("cht", 2)))?.rev).toBe(2);
  });

  test("takes in records of several kinds as a whole, or none of them", async () => {
    const database = openRecordDatabase();
    const { profiles, chats, messages, policies, secrets } = createRecordStores(database);
    const takeIn = (secretName: string) =>
      writeAll(database, {
        profiles: [rowOf("usr_aaaaaa")],
        chats: [chatRow(1)],
        messages: [messageRow(1), messageRow(2)],
        policies: [policyRow(1)],
        secrets: [
          { name: "token", value: Uint8Array.of(1, 2, 3) },
          { name: secretName, value: Uint8Array.of(4) },
        ],
      });
    const counted = async () => [
      await profiles.count(),
      await chats.count(),
      await messages.count(),
      await policies.count(),
      (await secrets.list()).length,
    ];
    expect(() => takeIn("")).toThrow("The name of a secret");
    await messages.write([messageRow(9)]);
    // No writer passes such a row on; it stands for whatever fails at the end.
    const failing = { ...chatRow(3), activeAtMs: 0.5 };
    const rows = { profiles: [], messages: [messageRow(8)], policies: [], secrets: [] };
    expect(() => writeAll(database, { ...rows, chats: [failing] })).toThrow();
    expect(await counted()).toEqual([0, 0, 1, 0, 0]);
    const counts = takeIn("other");
    expect(await counted()).toEqual([1, 1, 3, 1, 2]);
    expect(counts.messages).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
    expect((await messages.get(idAt("msg", 1)))?.rev).toBe(2);
  });

  test("leaves no participant of a chat behind that is gone", async () => {
    const database = openRecordDatabase();
    const { chats } = createRecordStores(database);
    await chats.write([chatRow(1), chatRow(2)]);
    await chats.delete(idAt("cht", 1));
    const rows = database.all("SELECT DISTINCT chat_id FROM chat_participants");
    expect(rows).toEqual([{ chat_id: idAt("cht", 2) }]);
  });
});

describe("every list runs along an index, and sorts nothing:", () => {
  /** The plans of every statement that `run` reads with. */
  async function plansOf(run: (database: Database) => Promise<unknown>): Promise<string[]> {
    const database = openRecordDatabase();
    const statements: (readonly [string, readonly SqlValue[]])[] = [];
    await run({
      ...database,
      all: (sql, ...parameters) => {
        statements.push([sql, parameters]);
        return database.all(sql, ...parameters);
      },
    });
    return statements.flatMap(([sql, parameters]) =>
      database
        .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)
        .map(({ detail }) => detail),
    );
  }

  const page = { cursor: `0.${idAt("cht", 1)}`, limit: 50 };
  const cases = {
    chats: (database) => createRecordStores(database).chats.list(page),
    "an owner's chats": (database) =>
      createRecordStores(database).chats.list({ ...page, ownerId: profileAt(1) }),
    "a participant's chats": (database) =>
      createRecordStores(database).chats.list({ ...page, participantId: profileAt(1) }),
    "a chat's messages": (database) =>
      createRecordStores(database).messages.list({ ...page, chatId: idAt("cht", 1) }),
    "a chat's moderation": (database) =>
      createRecordStores(database).policies.list({ ...page, chatId: idAt("cht", 1) }),
    "all messages": (database) => createRecordStores(database).messages.scan(page),
    "personas of a language": (database) =>
      createRecordStores(database).profiles.list({ ...page, filter: { language: "de" } }),
    "personas that changed": (database) => createRecordStores(database).profiles.changes(1, 50),
  } satisfies Record<string, (database: Database) => Promise<unknown>>;

  test.each(Object.entries(cases))("%s", async (_, run) => {
    const plans = await plansOf(run);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans)
      expect(plan).toMatch(/^SEARCH .* USING (?:(?:COVERING )?INDEX|PRIMARY KEY) /);
  });
});
