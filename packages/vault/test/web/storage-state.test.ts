import { expect, test } from "vitest";
import { readStorageState, type StorageLike } from "../../src/web/storage-state.ts";

const megabyte = 1024 * 1024;

/** A browser that answers `agrees` when it is asked to keep data, and how often it was asked. */
function createStorage(input: { agrees: boolean; isPersistent?: boolean; freeBytes?: number }) {
  const { agrees, isPersistent = false, freeBytes = 1000 * megabyte } = input;
  let asked = 0;
  const storage: StorageLike = {
    persisted: async () => isPersistent,
    async persist() {
      asked += 1;
      return agrees;
    },
    estimate: async () => ({ usage: 5 * megabyte, quota: 5 * megabyte + freeBytes }),
  };
  return { storage, asked: () => asked };
}

test("a browser that may evict the vault is warned about, asked or not", async () => {
  const { storage, asked } = createStorage({ agrees: false });
  for (const ask of [false, true]) {
    const state = await readStorageState(storage, ask);
    expect(state).toMatchObject({ isPersistent: false, notices: ["storage_not_persistent"] });
  }
  expect(asked()).toBe(1);
});

test("a browser that promises to keep data gives no warning, and is not asked again", async () => {
  expect(await readStorageState(createStorage({ agrees: true }).storage, true)).toMatchObject({
    isPersistent: true,
    notices: [],
  });
  const kept = createStorage({ agrees: false, isPersistent: true });
  expect((await readStorageState(kept.storage, true)).notices).toEqual([]);
  expect(kept.asked()).toBe(0);
});

test("little room is warned about", async () => {
  const { storage } = createStorage({ agrees: true, freeBytes: 31 * megabyte });
  expect(await readStorageState(storage, true)).toMatchObject({
    usedBytes: 5 * megabyte,
    quotaBytes: 36 * megabyte,
    notices: ["storage_nearly_full"],
  });
});
