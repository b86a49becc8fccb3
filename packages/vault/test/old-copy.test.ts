import { cpSync } from "node:fs";
import { expect, test } from "vitest";
import { type Vault, createVault, openVault } from "../src/vault.ts";
import { copyVault, putBack } from "./support/copied-vault.ts";
import {
  type TempVault,
  otherPassphrase,
  passphrase,
  tempVault,
  utf8,
} from "./support/temp-vault.ts";

/** A closed vault, and a copy from before its last opening, in which something was kept. */
async function vaultAndOldCopy(): Promise<{ place: TempVault; old: TempVault }> {
  const place = tempVault();
  const { vault } = await createVault(place.platform, { passphrase: utf8(passphrase) });
  await vault.close();
  const old = copyVault(place);
  await opened(place, async (vault) => {
    await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.records().secrets.put("later", utf8("kept later"));
  });
  return { place, old };
}

async function opened(place: TempVault, work: (vault: Vault) => Promise<void>): Promise<void> {
  const vault = await openVault(place.platform);
  try {
    await work(vault);
  } finally {
    await vault.close();
  }
}

async function expectOld(place: TempVault, parts: readonly string[]): Promise<void> {
  await opened(place, async (vault) => {
    await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
      code: "old_copy",
      parts,
    });
    expect(await vault.status()).toBe("locked");
  });
}

test.each(["vault.db", "auth.db", "header"])(
  "an old %s that is put back is noticed and said",
  async (name) => {
    const { place, old } = await vaultAndOldCopy();
    putBack(old, place, name);
    await expectOld(place, [name]);
    await expectOld(place, [name]);
  },
);

test("all files put back together are noticed, by the record beside the device key", async () => {
  const { place, old } = await vaultAndOldCopy();
  cpSync(old.folder, place.folder, { recursive: true });
  await expectOld(place, ["vault.db", "auth.db", "header"]);
});

test("noticing an old copy costs no attempt", async () => {
  const { place, old } = await vaultAndOldCopy();
  putBack(old, place, "vault.db");
  for (let attempt = 0; attempt < 6; attempt++) await expectOld(place, ["vault.db"]);
});

test("an old copy is used when the person accepts it, that is noted, and it isn't old any more", async () => {
  const { place, old } = await vaultAndOldCopy();
  putBack(old, place, "vault.db");
  await opened(place, async (vault) => {
    const { notices } = await vault.unlock({ passphrase: utf8(passphrase), acceptOldCopy: true });
    expect(notices).toEqual(["old_copy_accepted"]);
    expect(await vault.records().secrets.get("later")).toBeNull();
  });
  await opened(place, async (vault) => {
    expect((await vault.unlock({ passphrase: utf8(passphrase) })).notices).toEqual([]);
  });
});

test("an old header doesn't bring back an old passphrase unnoticed", async () => {
  const { place } = await vaultAndOldCopy();
  const old = copyVault(place);
  await opened(place, async (vault) => {
    await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
  });
  putBack(old, place, "header");
  await expectOld(place, ["header"]);
});

test("after a change, neither copy of the header opens with the old passphrase", async () => {
  const { place } = await vaultAndOldCopy();
  await opened(place, async (vault) => {
    await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
    const { header } = await vault.check();
    const generations = header?.copies.map((copy) => copy.state === "whole" && copy.generation);
    expect(Math.abs(Number(generations?.[0]) - Number(generations?.[1]))).toBe(1);
  });
  for (const damaged of [0, 4096]) {
    const copy = copyVault(place);
    await copy.platform.files.writeHeader(damaged, new Uint8Array(4096));
    await opened(copy, async (vault) => {
      await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
        code: "unlock_failed",
      });
    });
  }
});
