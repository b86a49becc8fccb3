import { cpSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Vault, createVault, openVault } from "../src/vault.ts";
import { copyVault, putBack } from "./support/copied-vault.ts";
import { withFailingWrites } from "./support/failing-writes.ts";
import {
  type TempVault,
  fourQuestions,
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
  await expectOld(place, ["vault.db", "header", "auth.db"]);
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

/** An open vault, and its files at that moment. */
async function openVaultAndCopy(): Promise<{ place: TempVault; vault: Vault; old: TempVault }> {
  const place = tempVault();
  const { vault } = await createVault(place.platform, { passphrase: utf8(passphrase) });
  await vault.lock();
  await vault.unlock({ passphrase: utf8(passphrase) });
  return { place, vault, old: copyVault(place) };
}

/** Puts the device's record of one copy into the place of another's. */
function putRecordBack(from: TempVault, to: TempVault): void {
  const [name = ""] = readdirSync(from.keyFolder).filter((file) => file.endsWith(".record"));
  cpSync(join(from.keyFolder, name), join(to.keyFolder, name));
}

const secretChanges: readonly (readonly [string, (vault: Vault) => Promise<unknown>])[] = [
  ["recovery code", async (vault) => vault.renewRecoveryCode({ passphrase: utf8(passphrase) })],
  [
    "questions",
    async (vault) => vault.setQuestions({ passphrase: utf8(passphrase), choice: fourQuestions() }),
  ],
  [
    // The old header's: the old passphrase opens it.
    "passphrase",
    async (vault) =>
      vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) }),
  ],
];

test.each(secretChanges)(
  "a header from the same opening, put back after a change of the %s and a kill, is old",
  async (_, change) => {
    const { place, vault, old } = await openVaultAndCopy();
    await change(vault);
    const killed = copyVault(place);
    await vault.close();
    putBack(old, killed, "header");
    await expectOld(killed, ["header"]);
    putRecordBack(old, killed);
    await expectOld(killed, ["header", "device record"]);
    putBack(old, killed, "auth.db");
    await expectOld(killed, ["header", "auth.db", "device record"]);
  },
);

test("a header and a record from before a change, put back together after a clean close, are old", async () => {
  const { place, vault, old } = await openVaultAndCopy();
  await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
  await vault.close();
  putBack(old, place, "header");
  putRecordBack(old, place);
  await expectOld(place, ["header", "device record"]);
});

test("a record put back alone is old, as the files know better", async () => {
  const { place, vault, old } = await openVaultAndCopy();
  await vault.close();
  putRecordBack(old, place);
  await expectOld(place, ["device record"]);
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

const pageByteLength = 4096;

test("whichever single page of vault.db is put back from an earlier close, it is noticed and said", async () => {
  const { place, old } = await vaultAndOldCopy();
  const [now, before] = [place, old].map(({ folder }) => readFileSync(join(folder, "vault.db")));
  if (!now || !before) throw new Error("no data");
  const changed = Array.from({ length: before.length / pageByteLength }, (_, page) => page)
    .map((page) => page * pageByteLength)
    .filter((at) => before.compare(now, at, at + pageByteLength, at, at + pageByteLength) !== 0);
  expect(changed.length).toBeGreaterThan(1);
  for (const at of changed) {
    const put = Buffer.from(now);
    before.copy(put, at, at, at + pageByteLength);
    writeFileSync(join(place.folder, "vault.db"), put);
    await expectOld(place, ["vault.db"]);
  }
  writeFileSync(join(place.folder, "vault.db"), now);
  await opened(place, async (vault) => {
    expect((await vault.unlock({ passphrase: utf8(passphrase) })).notices).toEqual([]);
  });
});

test.each([
  ["emptied", (path: string) => truncateSync(path)],
  ["gone", (path: string) => rmSync(path)],
])(
  "an old page of vault.db is noticed though auth.db is %s, and the person accepts a new one",
  async (_, change) => {
    const { place, old } = await vaultAndOldCopy();
    const [now, before] = [place, old].map(({ folder }) => readFileSync(join(folder, "vault.db")));
    if (!now || !before) throw new Error("no data");
    const at = now.length - pageByteLength;
    const isChanged = now.compare(before, at, now.length, at, now.length) !== 0;
    expect(isChanged).toBe(true);
    before.copy(now, at, at, now.length);
    writeFileSync(join(place.folder, "vault.db"), now);
    change(join(place.folder, "auth.db"));
    await opened(place, async (vault) => {
      const input = { passphrase: utf8(passphrase) };
      await expect(vault.unlock(input)).rejects.toMatchObject({ code: "auth_unreadable" });
      await expect(vault.unlock({ ...input, acceptNewAuth: true })).rejects.toMatchObject({
        code: "old_copy",
        parts: ["vault.db"],
      });
    });
  },
);

test("a failed attempt keeps the note of how vault.db was closed, and an opening that breaks off drops it", async () => {
  const { place, old } = await vaultAndOldCopy();
  await opened(place, async (vault) => {
    await expect(vault.unlock({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
      code: "unlock_failed",
    });
  });
  const copy = copyVault(place);
  const { platform, failAt, heal } = withFailingWrites(place.platform);
  await opened({ ...place, platform }, async (vault) => {
    failAt(/header/);
    const input = { passphrase: utf8(passphrase) };
    await expect(vault.unlock(input)).rejects.toMatchObject({ code: "disk_full" });
    heal();
    expect((await vault.unlock(input)).notices).toEqual([]);
  });
  const bytes = readFileSync(join(copy.folder, "vault.db"));
  const before = readFileSync(join(old.folder, "vault.db"));
  before.copy(bytes, bytes.length - pageByteLength, bytes.length - pageByteLength);
  writeFileSync(join(copy.folder, "vault.db"), bytes);
  await expectOld(copy, ["vault.db"]);
});

test("a journal beside a vault.db that was closed is noticed and said", async () => {
  const { place } = await vaultAndOldCopy();
  writeFileSync(join(place.folder, "vault.db-journal"), new Uint8Array(512).fill(7));
  await expectOld(place, ["vault.db"]);
});
