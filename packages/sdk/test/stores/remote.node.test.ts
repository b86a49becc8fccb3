import { afterAll, beforeAll, expect, test } from "vitest";
import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import { idsOf, rowOf } from "../../../core/test/profile-rows.ts";
import { createRemoteProfileStore } from "../../src/stores/remote.ts";
import { type LocalStore, startLocalStore } from "../support/local-store.ts";

let local: LocalStore;
beforeAll(async () => {
  local = await startLocalStore();
});
afterAll(() => local.close());

async function emptyStore() {
  await local.empty();
  return createRemoteProfileStore(local.client);
}

describeProfileStore("createRemoteProfileStore", emptyStore);

test("a write larger than one import is counted as one", async () => {
  const store = await emptyStore();
  const interests = Array.from({ length: 100 }, (_, index) => `${index}${"x".repeat(1000)}`);
  const rows = idsOf(120).map((id) => rowOf(id, { interests }));
  expect(await store.write([...rows, ...rows])).toEqual({
    inserted: 120,
    updated: 0,
    unchanged: 120,
  });
  expect(await store.count()).toBe(120);
});
