import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVault, openVault } from "../src/vault.ts";
import {
  fourQuestions,
  otherPassphrase,
  passphrase,
  platformOf,
  tempVault,
  utf8,
} from "./support/temp-vault.ts";

test("what was kept is there after locking, closing and unlocking in another process's place", async () => {
  const { platform, folder, keyFolder } = tempVault();
  const { vault, recoveryCode } = await createVault(platform, {
    passphrase: utf8(passphrase),
    questions: fourQuestions(),
  });
  expect(new TextDecoder().decode(recoveryCode ?? new Uint8Array())).toMatch(
    /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/,
  );
  await vault.records().secrets.put("token", utf8("kept"));
  await vault.close();

  const again = await openVault(platformOf(folder, keyFolder).platform);
  expect(await again.status()).toBe("locked");
  const { notices } = await again.unlock({ passphrase: utf8(passphrase) });
  expect(notices).toEqual([]);
  expect(await again.records().secrets.get("token")).toEqual(utf8("kept"));
  await again.close();
});

test("the folder is its owner's alone, and so is every file in it", async () => {
  const { platform, folder } = tempVault();
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const names = readdirSync(folder);
  expect(names).toEqual(expect.arrayContaining(["auth.db", "header", "lock", "vault.db"]));
  expect(names.filter((name) => (statSync(join(folder, name)).mode & 0o777) !== 0o600)).toEqual([]);
  await vault.close();
});

test("a vault is set up once", async () => {
  const { platform } = tempVault();
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  await expect(vault.setup({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
    code: "vault_exists",
  });
  await vault.close();
});

test("a second holder is told that the vault is in use, and has it once the first lets go", async () => {
  const { platform, folder, keyFolder } = tempVault();
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  const other = platformOf(folder, keyFolder).platform;
  await expect(openVault(other)).rejects.toMatchObject({ code: "vault_in_use" });
  await vault.close();
  await (await openVault(other)).close();
});

test("nothing of a vault can be had while it is locked, nor through what was had before", async () => {
  const { platform } = tempVault();
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  const { secrets } = vault.records();
  await vault.lock();
  expect(() => vault.records()).toThrow(expect.objectContaining({ code: "vault_locked" }));
  await expect(secrets.get("token")).rejects.toMatchObject({ code: "vault_locked" });
  await vault.close();
});

test("a changed passphrase opens the vault and the one before doesn't", async () => {
  const { platform } = tempVault();
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  const change = { current: utf8(passphrase), next: utf8(otherPassphrase) };
  expect(await vault.changePassphrase(change)).toEqual([]);
  await vault.lock();
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
    code: "unlock_failed",
  });
  expect((await vault.unlock({ passphrase: utf8(otherPassphrase) })).notices).toEqual([]);
  await vault.close();
});
