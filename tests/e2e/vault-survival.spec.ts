/** What the vault in a browser survives: reloads, kills, guessing; and what it warns about. */
import { expect, type Page } from "@playwright/test";
import { withProfile } from "./support/browser-profile.ts";
import { lock, otherPassphrase, setUp, test, unlock } from "./support/vault-page.ts";

test.beforeEach(async ({ page, vaultUrl }) => {
  await page.goto(vaultUrl);
});

test("a reload in the middle of writing loses nothing that was acknowledged", async ({ page }) => {
  await setUp(page);
  for (let round = 0; round < 3; round += 1) {
    const acknowledged = await writeUntil(page, `round-${round}`, 25, () => page.reload());
    expect(await unlock(page)).toEqual({ value: [] });
    const names = await secretNames(page);
    expect(names).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThanOrEqual(25);
  }
});

test("a browser that is killed in the middle of writing loses nothing that was acknowledged", async ({
  vaultUrl,
}) => {
  await withProfile(async (launch) => {
    const first = await launch();
    await first.page.goto(vaultUrl);
    await setUp(first.page);
    const acknowledged = await writeUntil(first.page, "killed", 40, first.kill);
    const { page } = await launch();
    await page.goto(vaultUrl);
    expect(await unlock(page)).toEqual({ value: [] });
    expect(await secretNames(page)).toEqual(expect.arrayContaining(acknowledged));
  });
});

test("once the browser has promised to keep the vault, nobody is warned", async ({ vaultUrl }) => {
  await withProfile(async (launch) => {
    const { page, session } = await launch();
    await page.goto(vaultUrl);
    await session.send("Browser.setPermission", {
      permission: { name: "persistent-storage" },
      setting: "granted",
      origin: new URL(vaultUrl).origin,
    });
    const state = await page.evaluate(() => globalThis.vaultPage.vault.storageState(true));
    expect(state).toMatchObject({ isPersistent: true, notices: [] });
  });
});

test("whoever keeps a vault where the browser may evict it is warned", async ({ page }) => {
  const state = await page.evaluate(() => globalThis.vaultPage.vault.storageState(true));
  expect(state.isPersistent).toBe(false);
  expect(state.notices).toEqual(["storage_not_persistent"]);
});

test("failed sign-ins lock the vault for five minutes, and a reload shortens nothing", async ({
  page,
}) => {
  await setUp(page);
  await lock(page);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    expect(await unlock(page, otherPassphrase)).toEqual({
      code: "unlock_failed",
      retryAfterSeconds: null,
    });
  }
  expect(await unlock(page, otherPassphrase)).toEqual({
    code: "unlock_failed",
    retryAfterSeconds: 300,
  });
  const before = await unlock(page);
  expect(before).toMatchObject({ code: "locked_out" });
  await page.reload();
  const after = await unlock(page);
  expect(after).toMatchObject({ code: "locked_out" });
  const seconds = await page.evaluate(async () => {
    const { signInRetryAfterSeconds } = await globalThis.vaultPage.vault.lockOut();
    return signInRetryAfterSeconds;
  });
  expect(seconds).toBeGreaterThan(240);
  expect(seconds).toBeLessThanOrEqual(300);
});

/** Writes secrets one after the other; does `interrupt` after `count`, and answers those acknowledged by then. */
async function writeUntil(
  page: Page,
  prefix: string,
  count: number,
  interrupt: () => Promise<unknown>,
): Promise<string[]> {
  const acknowledged: string[] = [];
  const enough = Promise.withResolvers<undefined>();
  const listener = (message: { text(): string }) => {
    if (!message.text().startsWith(prefix)) return;
    acknowledged.push(message.text());
    if (acknowledged.length === count) enough.resolve(undefined);
  };
  page.on("console", listener);
  await page.evaluate((prefix) => {
    const { secrets } = globalThis.vaultPage.vault.records;
    const write = async (): Promise<never> => {
      for (let n = 1; ; n += 1) {
        const name = `${prefix}-${n}`;
        await secrets.put(name, new Uint8Array(3000));
        console.log(name);
      }
    };
    void write();
  }, prefix);
  await enough.promise;
  await interrupt();
  page.off("console", listener);
  return acknowledged;
}

function secretNames(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const list = await globalThis.vaultPage.vault.records.secrets.list();
    return list.map(({ name }) => name);
  });
}
