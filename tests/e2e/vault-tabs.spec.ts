/** The vault in several tabs, and without a network. */
import { expect } from "@playwright/test";
import {
  get,
  lock,
  otherPassphrase,
  put,
  setUp,
  status,
  test,
  unlock,
} from "./support/vault-page.ts";

test.beforeEach(async ({ page, vaultUrl }) => {
  await page.goto(vaultUrl);
});

test("locking one tab locks the other that has the vault, and its worker is replaced", async ({
  page,
  context,
  vaultUrl,
}) => {
  await setUp(page);
  const other = await context.newPage();
  await other.goto(vaultUrl);
  expect(await lock(other)).toEqual({ value: undefined });
  await expect.poll(() => page.evaluate(() => globalThis.vaultPage.lockCount)).toBe(1);
  expect(await get(page, "note")).toMatchObject({ code: "vault_locked" });
  expect(await status(page)).toBe("locked");
  expect(await page.evaluate(() => globalThis.vaultPage.workerCount)).toBe(2);
  expect(await unlock(other)).toEqual({ value: [] });
});

test("a second tab is told that another one has the vault, until that one locks it or is closed", async ({
  page,
  context,
  vaultUrl,
}) => {
  await setUp(page);
  await put(page, "note", "kept");
  const other = await context.newPage();
  await other.goto(vaultUrl);
  expect(await status(other)).toBe("in_use");
  expect(await unlock(other)).toMatchObject({ code: "vault_in_use" });
  expect(await lock(page)).toEqual({ value: undefined });
  expect(await unlock(other)).toEqual({ value: [] });
  expect(await get(other, "note")).toEqual({ value: "kept" });
  expect(await unlock(page)).toMatchObject({ code: "vault_in_use" });
  await other.close();
  expect(await unlock(page)).toEqual({ value: [] });
});

test("the end of the last session locks the vault, and keeps no other tab out", async ({
  page,
  context,
  vaultUrl,
}) => {
  await setUp(page);
  await page.evaluate(async () => {
    const { sessions } = globalThis.vaultPage.vault;
    for (const { id } of await sessions.list()) await sessions.end(id);
  });
  await expect.poll(() => page.evaluate(() => globalThis.vaultPage.lockCount)).toBe(1);
  expect(await get(page, "note")).toMatchObject({ code: "vault_locked" });
  const other = await context.newPage();
  await other.goto(vaultUrl);
  expect(await unlock(other)).toEqual({ value: [] });
});

test("a tab that is locked keeps no other one out", async ({ page, context, vaultUrl }) => {
  await setUp(page);
  await lock(page);
  expect(await unlock(page, otherPassphrase)).toMatchObject({ code: "unlock_failed" });
  const other = await context.newPage();
  await other.goto(vaultUrl);
  expect(await unlock(other)).toEqual({ value: [] });
});

// What can't be loaded is said on the console.
test.describe("without a network", () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|Failed to fetch|wasm/ });

  test("a page that was loaded sets up, unlocks, writes, exports and locks", async ({
    page,
    context,
  }) => {
    expect(await status(page)).toBe("empty");
    await context.setOffline(true);
    expect(await setUp(page)).toHaveProperty("value");
    await put(page, "note", "kept");
    expect(await lock(page)).toEqual({ value: undefined });
    expect(await get(page, "note")).toMatchObject({ code: "vault_locked" });
    expect(await unlock(page)).toEqual({ value: [] });
    expect(await get(page, "note")).toEqual({ value: "kept" });
    const bundleBytes = await page.evaluate(async () => {
      const bundle = await globalThis.vaultPage.vault.exportBundle();
      return bundle.size;
    });
    expect(bundleBytes).toBeGreaterThan(0);
  });
});
