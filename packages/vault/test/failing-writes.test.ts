import { expect, test } from "vitest";
import type { DatabaseName, VaultPlatform } from "../src/ports.ts";
import { VaultError } from "../src/vault-error.ts";
import { createVault, openVault } from "../src/vault.ts";
import { withFailingWrites } from "./support/failing-writes.ts";
import { readyVault } from "./support/ready-vault.ts";
import { otherPassphrase, passphrase, tempVault, utf8 } from "./support/temp-vault.ts";

test.each([
  ["the session's row", /auth\.db INSERT INTO sessions/],
  ["the rows of earlier sessions", /auth\.db DELETE FROM sessions/],
])("an unlocking that can't write %s leaves the vault locked", async (_, pattern) => {
  const place = await readyVault();
  const { platform, failAt, heal } = withFailingWrites(place.platform);
  const vault = await openVault(platform);
  failAt(pattern);
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
    code: "disk_full",
  });
  expect(await vault.status()).toBe("locked");
  expect(() => vault.records()).toThrow(expect.objectContaining({ code: "vault_locked" }));
  heal();
  expect((await vault.unlock({ passphrase: utf8(passphrase) })).notices).toEqual([]);
  await vault.close();
});

test("where the data can't be closed, a lock says so, and the keys are wiped and the data out of reach", async () => {
  const place = await readyVault();
  const { platform, failAt } = withFailingWrites(place.platform);
  const keys: Uint8Array[] = [];
  const { subtle } = platform;
  const importKey = (...input: Parameters<SubtleCrypto["importKey"]>): Promise<CryptoKey> => {
    if (input[1] instanceof Uint8Array) keys.push(input[1]);
    return subtle.importKey(...input);
  };
  const watched = new Proxy(subtle, {
    get: (_, name) =>
      name === "importKey" ? importKey : Reflect.get(subtle, name, subtle).bind(subtle),
  });
  const vault = await openVault({ ...platform, subtle: watched });
  await vault.unlock({ passphrase: utf8(passphrase) });
  failAt(/vault\.db close/);
  await expect(vault.lock()).rejects.toMatchObject({ code: "disk_full" });
  expect(await vault.status()).toBe("locked");
  expect(keys.length).toBeGreaterThan(2);
  expect(keys.filter((key) => key.some((byte) => byte !== 0))).toEqual([]);
  await vault.close();
});

test.each(["removeHeader", "removeDatabase", "removeSetUpMark"] as const)(
  "a set-up that fails at its end, and whose cleaning up breaks off at %s, doesn't keep the next one out",
  async (step) => {
    const place = tempVault();
    const { platform, failAt, heal } = withFailingWrites(place.platform);
    let hasFailed = false;
    const files: VaultPlatform["files"] = {
      ...platform.files,
      [step]: async (name: DatabaseName) => {
        if (hasFailed || step === "removeSetUpMark") throw new VaultError("disk_full");
        return platform.files[step](name);
      },
      writeHeader: async (offset, bytes) => {
        await platform.files.writeHeader(offset, bytes);
        hasFailed = true;
        if (step !== "removeSetUpMark") failAt(/auth\.db INSERT INTO sessions/);
      },
    };
    const input = { passphrase: utf8(passphrase) };
    await expect(createVault({ ...platform, files }, input)).rejects.toMatchObject({
      code: "disk_full",
    });
    heal();
    expect(await place.platform.files.hasSetUpMark()).toBe(true);
    const vault = await openVault(place.platform);
    if ((await vault.status()) === "empty") await vault.setup(input);
    else await vault.unlock(input);
    expect(await place.platform.files.hasSetUpMark()).toBe(false);
    await vault.close();
  },
);

test("a mark that is gone when a set-up fails is written again before anything is removed", async () => {
  const place = tempVault();
  let isMarkGone = false;
  const { files } = place.platform;
  const failing: VaultPlatform["files"] = {
    ...files,
    removeSetUpMark: async () => {
      await files.removeSetUpMark();
      isMarkGone = true;
      throw new VaultError("disk_full");
    },
    removeDatabase: async (name) => {
      if (isMarkGone) throw new VaultError("disk_full");
      await files.removeDatabase(name);
    },
  };
  const input = { passphrase: utf8(passphrase) };
  await expect(createVault({ ...place.platform, files: failing }, input)).rejects.toMatchObject({
    code: "disk_full",
  });
  const { vault } = await createVault(place.platform, input);
  await vault.close();
});

test.each([
  ["the second copy of the header", /header/, 1],
  ["the copy of the slots in auth.db", /auth\.db INSERT INTO key_slots/, 0],
  ["the log", /auth\.db INSERT INTO events/, 0],
  ["the device's record", /record/, 2],
])("a new code is told, and works, though %s can't be written", async (_, pattern, spared) => {
  const place = await readyVault();
  const { platform, failAt, heal } = withFailingWrites(place.platform);
  const vault = await openVault(platform);
  await vault.unlock({ passphrase: utf8(passphrase) });
  // The kind of error that no adapter knows.
  failAt(pattern, { spared, error: new Error("EREMOTEIO") });
  const { recoveryCode, notices } = await vault.renewRecoveryCode({ passphrase: utf8(passphrase) });
  expect(notices).toEqual(["repair_pending"]);
  heal();
  await vault.lock();
  await vault.unlock({ passphrase: utf8(passphrase) });
  await expect(vault.recover({ code: place.code })).rejects.toMatchObject({
    code: "unlock_failed",
  });
  await vault.recover({ code: recoveryCode });
  await vault.close();
});

test.each([
  ["the second copy of the header", /header/, 3],
  ["the log", /auth\.db INSERT INTO events/, 0],
  ["the end of the data", /vault\.db close/, 0],
])(
  "after a recovery, the new code is told, and works, though %s can't be written",
  async (_, pattern, spared) => {
    const place = await readyVault();
    const { platform, failAt, heal } = withFailingWrites(place.platform);
    const vault = await openVault(platform);
    await vault.recover({ code: place.code });
    failAt(pattern, { spared, error: new Error("EREMOTEIO") });
    const { recoveryCode, notices } = await vault.reset({ passphrase: utf8(otherPassphrase) });
    expect(notices).toContain("repair_pending");
    heal();
    expect((await vault.unlock({ passphrase: utf8(otherPassphrase) })).notices).toEqual([]);
    await expect(vault.recover({ code: place.code })).rejects.toMatchObject({
      code: "unlock_failed",
    });
    await vault.recover({ code: recoveryCode });
    await vault.close();
  },
);
