import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { openVault } from "../../src/vault.ts";
import { VaultError } from "../../src/vault-error.ts";
import { startChild } from "../support/child-process.ts";
import { readyVault } from "../support/ready-vault.ts";
import {
  type TempVault,
  otherPassphrase,
  passphrase,
  tempVault,
  utf8,
} from "../support/temp-vault.ts";

const rounds = 3;

/** Which of the passphrases opens the vault. */
async function openingPassphrase({ platform }: TempVault): Promise<string | null> {
  const vault = await openVault(platform);
  try {
    for (const secret of [passphrase, otherPassphrase]) {
      try {
        await vault.unlock({ passphrase: utf8(secret) });
        expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
        return secret;
      } catch (error) {
        if (!(error instanceof VaultError && error.code === "unlock_failed")) throw error;
      }
    }
    return null;
  } finally {
    await vault.close();
  }
}

test("killed during writes again and again, a vault has every write that was acknowledged", async () => {
  const place = await readyVault();
  for (let round = 1; round <= rounds; round++) {
    const child = startChild("writes", place, [passphrase]);
    const acknowledged = round * 7;
    let last = -1;
    while (last < acknowledged) last = Number(await child.next());
    await child.kill();
    const vault = await openVault(place.platform);
    await vault.unlock({ passphrase: utf8(passphrase) });
    const { secrets } = vault.records();
    const missing: number[] = [];
    for (let count = 0; count <= last; count++) {
      if ((await secrets.get(`secret ${count}`))?.[0] !== (count & 0xff)) missing.push(count);
    }
    expect(missing).toEqual([]);
    await vault.close();
  }
});

test("killed while the passphrase changes, a vault opens with the acknowledged one or the next", async () => {
  const place = await readyVault();
  for (let round = 0; round < rounds; round++) {
    const current = await openingPassphrase(place);
    const next = current === passphrase ? otherPassphrase : passphrase;
    const child = startChild("changes", place, [current ?? "", next]);
    for (let acknowledged = 0; acknowledged < round + 1; acknowledged++) {
      expect(await child.next()).toBe(String(acknowledged + 1));
    }
    await child.kill();
    expect(await openingPassphrase(place)).not.toBeNull();
  }
});

test("killed during a recovery, a vault opens with its passphrase, and with the code that was last told or none", async () => {
  const place = await readyVault();
  const firstCode = new TextDecoder().decode(place.code);
  const child = startChild("recoveries", place, [otherPassphrase, firstCode]);
  const told = [await child.next(), await child.next()];
  await child.kill();
  expect(new Set([firstCode, ...told]).size).toBe(3);
  expect(await openingPassphrase(place)).toBe(otherPassphrase);
  const vault = await openVault(place.platform);
  await expect(vault.recover({ code: utf8(told[0] ?? "") })).rejects.toMatchObject({
    code: "unlock_failed",
  });
  await vault.close();
});

test.each([
  ["auth.db is made", "auth.db", "empty"],
  ["vault.db is made", "vault.db", "empty"],
  ["the header is written", "header", "either"],
  ["it is done", "done", "locked"],
] as const)(
  "killed during a set-up while %s, a place has a whole vault or none, and a set-up works",
  async (_, stop, expected) => {
    const place = tempVault();
    const child = startChild("setupInSteps", place, [passphrase]);
    for (let said = await child.next(); said !== stop; said = await child.next()) {
      expect(said).not.toBeNull();
      child.send("go on");
    }
    child.send("go on");
    await child.kill();
    expect(readdirSync(place.folder).length).toBeGreaterThan(1);
    const vault = await openVault(place.platform);
    const status = await vault.status();
    expect(expected === "either" ? ["empty", "locked"] : [expected]).toContain(status);
    if (status === "locked") await vault.unlock({ passphrase: utf8(passphrase) });
    else await vault.setup({ passphrase: utf8(passphrase) });
    expect(await vault.status()).toBe("unlocked");
    await vault.close();
  },
);

test("a second process is told that the vault is in use, until the first one is killed", async () => {
  const place = await readyVault();
  const first = startChild("writes", place, [passphrase]);
  await first.next();
  expect(await startChild("attempt", place, [passphrase]).rest()).toEqual(["vault_in_use"]);
  await first.kill();
  expect(await startChild("attempt", place, [passphrase]).rest()).toEqual(["unlocked"]);
});

test("attempts that were killed count: after five, the vault is locked", async () => {
  const place = await readyVault();
  for (let attempt = 0; attempt < 5; attempt++) {
    expect(await startChild("attempt", place, [otherPassphrase]).rest()).toEqual(["unlock_failed"]);
  }
  expect(await startChild("attempt", place, [passphrase]).rest()).toEqual(["locked_out"]);
});
