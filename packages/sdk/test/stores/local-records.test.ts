import { StoreError } from "@hi-stranger/core/errors";
import { describe, expect, test } from "vitest";
import { describeChatStore } from "../../../core/test/chat-store-contract.ts";
import { describeMessageStore } from "../../../core/test/message-store-contract.ts";
import { describePolicyStore } from "../../../core/test/policy-store-contract.ts";
import { rowOf } from "../../../core/test/profile-rows.ts";
import { chatRow, idAt, messageRow, policyRow, profileAt } from "../../../core/test/record-rows.ts";
import { linesOf } from "../../../core/test/record-store-walk.ts";
import type { LocalProblem } from "../../src/stores/local-home.ts";
import {
  createLocalStorageChatStore,
  createLocalStorageMessageStore,
  createLocalStoragePolicyStore,
} from "../../src/stores/local-records.ts";
import { createLocalStorageProfileStore } from "../../src/stores/local-storage.ts";
import { createStorage } from "./storage-double.ts";

/** The page's own where there is one, as in a browser; emptied for each test. */
function emptyStorage(): Storage {
  if (typeof document === "undefined") return createStorage();
  localStorage.clear();
  return localStorage;
}

describeChatStore("createLocalStorageChatStore", () =>
  createLocalStorageChatStore({ storage: emptyStorage() }),
);
describeMessageStore("createLocalStorageMessageStore", () =>
  createLocalStorageMessageStore({ storage: emptyStorage() }),
);
describePolicyStore("createLocalStoragePolicyStore", () =>
  createLocalStoragePolicyStore({ storage: emptyStorage() }),
);

/** All four stores over `storage`, which note their problems. */
function openAll(storage: Storage) {
  const problems: LocalProblem[] = [];
  const options = { storage, onProblem: (problem: LocalProblem) => void problems.push(problem) };
  return {
    profiles: createLocalStorageProfileStore(options),
    chats: createLocalStorageChatStore(options),
    messages: createLocalStorageMessageStore(options),
    policies: createLocalStoragePolicyStore(options),
    problems,
  };
}

async function filledStorage(): Promise<Storage> {
  const storage = emptyStorage();
  const { profiles, chats, messages, policies } = openAll(storage);
  await profiles.write([rowOf("usr_aaaaaa")]);
  await chats.write([chatRow(1), chatRow(2)]);
  await messages.write([messageRow(1), messageRow(2), messageRow(3)]);
  await policies.write([policyRow(1), policyRow(1, 7)]);
  return storage;
}

async function errorOf(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error("expected a StoreError", { cause: error });
  return error;
}

const scanned = async (store: ReturnType<typeof openAll>["chats" | "messages" | "policies"]) =>
  linesOf((await store.scan({ cursor: null, limit: 1000 })).items);

const dump = (storage: Storage) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").map((key) => [
    key,
    storage.getItem(key),
  ]);

describe("what localStorage holds", () => {
  test("is one value for each kind in the documented format, without a trace of deletions", async () => {
    const storage = await filledStorage();
    const { chats, messages, policies } = openAll(storage);
    await chats.delete(idAt("cht", 2));
    await messages.delete(idAt("msg", 2));
    expect(storage.getItem("hs.chat_meta")).toBe(
      ['{"format":"hs.chat_meta.v1","last_rev":3}', `1 ${chatRow(1).line}`].join("\n"),
    );
    expect(storage.getItem("hs.messages")).toBe(
      [
        '{"format":"hs.messages.v1","last_rev":4}',
        `1 ${messageRow(1).line}`,
        `3 ${messageRow(3).line}`,
      ].join("\n"),
    );
    await policies.clear(idAt("cht", 1));
    expect(storage.getItem("hs.policy_state")).toBe('{"format":"hs.policy_state.v1","last_rev":4}');
    expect(storage.getItem("hs.meta")).toBe('{"profiles_version":1,"meta_version":1}');
    expect(storage.length).toBe(5);
  });

  test("is read by other stores just as it was", async () => {
    const storage = await filledStorage();
    const again = openAll(storage);
    expect(await scanned(again.chats)).toEqual(linesOf([chatRow(1), chatRow(2)]));
    expect(await scanned(again.messages)).toHaveLength(3);
    expect(await scanned(again.policies)).toEqual(linesOf([policyRow(1), policyRow(1, 7)]));
    expect(await again.profiles.count()).toBe(1);
    expect(again.problems).toEqual([]);
  });
});

describe("damage", () => {
  test.each([
    ["hs.chat_meta", "chats"],
    ["hs.messages", "messages"],
    ["hs.policy_state", "policies"],
  ] as const)("of all of %s is set aside as it was, and hits no other kind", async (key, name) => {
    const storage = await filledStorage();
    storage.setItem(key, "no value of ours");
    const stores = openAll(storage);
    for (const kind of ["chats", "messages", "policies"] as const) {
      expect((await stores[kind].count()) === 0).toBe(kind === name);
    }
    const quarantineKey = `hs.quarantine.${key}.1`;
    expect(stores.problems).toEqual([{ key, quarantineKey, recordCount: null }]);
    expect(stores.profiles.problems()).toEqual([{ key, quarantineKey, text: "no value of ours" }]);
  });

  test.each([
    ["is cut short", (line: string) => line.slice(0, -5)],
    ["breaks the schema", (line: string) => line.replace('"server"', '"rot13"')],
    ["is a deletion, of which no trace is kept", () => `2 ${idAt("msg", 2)}`],
    ["is of another kind", () => `2 ${chatRow(1).line}`],
  ])("of a record that %s sets it aside alone", async (_, damage) => {
    const storage = await filledStorage();
    const lines = (storage.getItem("hs.messages") ?? "").split("\n");
    const damaged = damage(lines[2] ?? "");
    storage.setItem("hs.messages", lines.with(2, damaged).join("\n"));
    const { messages, profiles, problems } = openAll(storage);
    expect(await scanned(messages)).toEqual(linesOf([messageRow(1), messageRow(3)]));
    const quarantineKey = "hs.quarantine.hs.messages.1";
    expect(problems).toEqual([{ key: "hs.messages", quarantineKey, recordCount: 1 }]);
    expect(profiles.problems()).toEqual([{ key: "hs.messages", quarantineKey, text: damaged }]);
  });

  test("of the versions is set aside once, whichever store comes first", async () => {
    const storage = await filledStorage();
    storage.setItem("hs.meta", "{");
    const { chats, messages, problems } = openAll(storage);
    expect(await chats.count()).toBe(2);
    expect(await messages.count()).toBe(3);
    expect(problems.map(({ key }) => key)).toEqual(["hs.meta"]);
    await messages.write([messageRow(9)]);
    expect(storage.getItem("hs.meta")).toBe('{"profiles_version":1,"meta_version":1}');
  });
});

test("values of a later release are refused, and nothing is touched", async () => {
  const storage = await filledStorage();
  storage.setItem("hs.messages", '{"format":"hs.messages.v2","last_rev":1}');
  const { chats, messages } = openAll(storage);
  expect((await errorOf(messages.write([messageRow(1)]))).code).toBe("not_supported");
  expect(storage.getItem("hs.messages")).toBe('{"format":"hs.messages.v2","last_rev":1}');
  expect(await chats.count()).toBe(2);
  storage.setItem("hs.meta", '{"profiles_version":1,"meta_version":2}');
  expect((await errorOf(chats.count())).code).toBe("not_supported");
});

test("a full storage refuses a write as a whole, and says what was not saved", async () => {
  const storage = createStorage(4000);
  const { chats, messages } = openAll(storage);
  await messages.write([messageRow(1)]);
  const rows = [2, 3].map((index) => messageRow(index, { body: "x".repeat(3000) }));
  const error = await errorOf(messages.write([messageRow(1, { body: "changed" }), ...rows]));
  expect(error.code).toBe("quota_exceeded");
  expect(error.detail).toContain("Not saved: 3 records (message)");
  expect(await scanned(messages)).toEqual([messageRow(1).line]);
  await chats.write([chatRow(1)]);
  expect(await chats.count()).toBe(1);
});

describe("personal data", () => {
  const mail = "write to me@example.org";
  const findings = async (write: (stores: ReturnType<typeof openAll>) => Promise<unknown>) => {
    const storage = await filledStorage();
    const before = dump(storage);
    const error = await errorOf(write(openAll(storage)));
    expect(error.code).toBe("personal_data_refused");
    expect(JSON.stringify([error.message, error.detail, error.extra])).not.toContain("example.org");
    expect(dump(storage)).toEqual(before);
    return error.extra.members?.["findings"];
  };

  test.each([
    ["/goal", { goal: mail }],
    ["/description", { description: mail }],
    ["/topic_stack/1", { topic_stack: ["tea", mail] }],
    ["/active_topic", { active_topic: mail }],
    ["/success_metrics/0", { success_metrics: [mail] }],
    ["/rules/0", { rules: [mail] }],
  ])("in %s of a chat is refused with its place", async (path, traits) => {
    const rows = [chatRow(8), chatRow(9, traits)];
    expect(await findings(({ chats }) => chats.write(rows))).toEqual([
      { chat_id: idAt("cht", 9), kind: "email", path },
    ]);
  });

  test("in a message is refused with its place, unless only its readers can read it", async () => {
    const row = messageRow(9, { body: "call +49 151 23456789" });
    expect(await findings(({ messages }) => messages.write([row]))).toEqual([
      { message_id: idAt("msg", 9), kind: "phone", path: "/body" },
    ]);
    const { messages } = openAll(emptyStorage());
    await messages.write([
      messageRow(9, { body: "0049151234567890", enc: "e2ee" }),
      messageRow(8, { body: null }),
    ]);
    expect(await messages.count()).toBe(2);
  });

  test("in a state of moderation is refused with its place", async () => {
    const row = policyRow(1, 7, { last_action: mail });
    expect(await findings(({ policies }) => policies.write([row]))).toEqual([
      { policy_key: `${idAt("cht", 1)}/${profileAt(7)}`, kind: "email", path: "/last_action" },
    ]);
  });
});
