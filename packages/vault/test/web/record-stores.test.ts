/** The vault's stores as a page has them: encrypted SQLite in WebAssembly, behind a worker's calls. */
import { describe, expect, test } from "vitest";
import { describeChatStore } from "../../../core/test/chat-store-contract.ts";
import { describeMessageStore } from "../../../core/test/message-store-contract.ts";
import { describePolicyStore } from "../../../core/test/policy-store-contract.ts";
import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import type { RecordStores } from "../../src/records/record-stores.ts";
import { createCaller } from "../../src/web/calls/caller.ts";
import { createRemoteStores } from "../../src/web/remote-ports.ts";

const worker = new Worker(new URL("./support/records-worker.ts", import.meta.url), {
  type: "module",
});
const { call } = createCaller(worker, () => undefined);

async function emptyStores(): Promise<RecordStores> {
  const number = await call("open", "", []);
  return createRemoteStores((port, method, input) =>
    call(`${String(number)}/${port}`, method, input),
  );
}

describeProfileStore("a page's store of personas", async () => (await emptyStores()).profiles);
describeChatStore("a page's store of chats", async () => (await emptyStores()).chats);
describeMessageStore("a page's store of messages", async () => (await emptyStores()).messages);
describePolicyStore("a page's store of moderation", async () => (await emptyStores()).policies);

describe("a page's store of secrets", () => {
  test("gives back what was put, lists names and sizes, and forgets what is deleted", async () => {
    const { secrets } = await emptyStores();
    await secrets.put("token", new Uint8Array([1, 2, 3]));
    await secrets.put("empty", new Uint8Array());
    expect(await secrets.get("token")).toEqual(new Uint8Array([1, 2, 3]));
    expect(await secrets.list()).toEqual([
      { name: "empty", byteLength: 0 },
      { name: "token", byteLength: 3 },
    ]);
    expect([await secrets.delete("token"), await secrets.delete("token")]).toEqual([true, false]);
    expect(await secrets.get("token")).toBeNull();
  });

  test("refuses a name or a size with the store's own error", async () => {
    const { secrets } = await emptyStores();
    for (const [name, size] of [["", 1] as const, ["large", 64 * 1024 + 1] as const]) {
      await expect(secrets.put(name, new Uint8Array(size))).rejects.toMatchObject({
        name: "StoreError",
        code: "invalid_parameter",
      });
    }
  });
});
