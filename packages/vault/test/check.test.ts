/** What looking a vault over says of its databases and its key, without any secret. */
import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type VaultCheck, checkVault } from "../src/check.ts";
import { openVault } from "../src/vault.ts";
import { flipByte } from "./support/copied-vault.ts";
import { readyVault } from "./support/ready-vault.ts";
import { passphrase, platformOf, utf8 } from "./support/temp-vault.ts";

function statesOf({ authDatabase, vaultDatabase, deviceKey, isWhole }: VaultCheck): unknown[] {
  return [authDatabase, vaultDatabase, deviceKey, isWhole];
}

test("of a closed vault, auth.db is read with the device key, and vault.db looked at from outside", async () => {
  const { platform, folder } = await readyVault();
  const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
  expect(statesOf(await checkVault(platform))).toEqual(["whole", "unread", "present", true]);
  expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])).toEqual(
    before,
  );
});

test("while the vault is held, its holder reads auth.db and everyone else looks from outside", async () => {
  const { platform, folder, keyFolder } = await readyVault();
  const vault = await openVault(platform);
  const other = platformOf(folder, keyFolder).platform;
  expect(statesOf(await vault.check())).toEqual(["whole", "unread", "present", true]);
  await vault.unlock({ passphrase: utf8(passphrase) });
  expect(statesOf(await vault.check())).toEqual(["whole", "unread", "present", true]);
  expect(statesOf(await checkVault(other))).toEqual(["unread", "unread", "present", true]);
  await vault.close();
  expect(statesOf(await vault.check())).toEqual(["whole", "unread", "present", true]);
});

test.each(["auth", "vault"] as const)(
  "a %s.db that is gone, empty, cut, another's or without its first bytes is told",
  async (name) => {
    const changes: readonly (readonly [string, (path: string) => void])[] = [
      ["missing", (path) => rmSync(path)],
      ["damaged", (path) => truncateSync(path)],
      ["damaged", (path) => truncateSync(path, 7)],
      ["damaged", (path) => truncateSync(path, statSync(path).size - 1)],
      ["damaged", (path) => writeFileSync(path, new Uint8Array(8192))],
      ["damaged", (path) => flipByte(path, 3)],
    ];
    for (const [state, change] of changes) {
      const { platform, folder } = await readyVault();
      change(join(folder, `${name}.db`));
      const { authDatabase, vaultDatabase, isWhole } = await checkVault(platform);
      const states = { auth: authDatabase, vault: vaultDatabase };
      expect([states[name], isWhole]).toEqual([state, false]);
    }
  },
);

test("damage inside auth.db is told, and without the device key it can't be", async () => {
  const { platform, folder, keyFolder } = await readyVault();
  flipByte(join(folder, "auth.db"), statSync(join(folder, "auth.db")).size - 5000);
  expect(statesOf(await checkVault(platform))).toEqual(["damaged", "unread", "present", false]);
  const { platform: elsewhere } = platformOf(folder, `${keyFolder}-other`);
  expect(statesOf(await checkVault(elsewhere))).toEqual(["unread", "unread", "absent", false]);
});

test("an empty vault.db is refused as damaged before anything is written to it", async () => {
  const { platform, folder } = await readyVault();
  truncateSync(join(folder, "vault.db"));
  const vault = await openVault(platform);
  for (const acceptOldCopy of [false, true]) {
    await expect(
      vault.unlock({ passphrase: utf8(passphrase), acceptOldCopy }),
    ).rejects.toMatchObject({ code: "damaged", parts: ["vault.db"] });
  }
  await vault.close();
  expect(statSync(join(folder, "vault.db")).size).toBe(0);
});
