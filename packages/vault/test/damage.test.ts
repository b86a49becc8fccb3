import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { newestAuthentic, readHeaderFile, wholeCopies } from "../src/header/header-file.ts";
import { slotContext } from "../src/handle/state.ts";
import { openNodeDatabase } from "../src/node/database.ts";
import type { Database, VaultFiles } from "../src/ports.ts";
import { openPassphraseSlot } from "../src/slots/passphrase-slot.ts";
import { createVault, openVault } from "../src/vault.ts";
import { VaultError } from "../src/vault-error.ts";
import { deriveVaultKey } from "../src/vault-keys.ts";
import { copyVault, flipByte } from "./support/copied-vault.ts";
import { withFailingWrites } from "./support/failing-writes.ts";
import { readyVault } from "./support/ready-vault.ts";
import { type TempVault, passphrase, utf8 } from "./support/temp-vault.ts";

/** What unlocking says: its notices, or the code it is refused with. */
async function unlockOutcome({ platform }: TempVault, acceptNewAuth = false): Promise<string> {
  const vault = await openVault(platform);
  try {
    const { notices } = await vault.unlock({ passphrase: utf8(passphrase), acceptNewAuth });
    expect(await vault.records().profiles.count()).toBe(2);
    return notices.join() || "well";
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  } finally {
    await vault.close();
  }
}

/** The master key and what the header says, of a vault that nobody holds. */
async function insideOf({ platform }: TempVault) {
  const file = await readHeaderFile(platform);
  const payload = file && wholeCopies(file)[0]?.payload;
  if (!payload) throw new Error("no header");
  const slot = payload.slots.passphrase;
  const opened = await openPassphraseSlot(slotContext(platform, payload), slot, utf8(passphrase));
  if (!opened) throw new Error("not opened");
  return { payload, vmk: opened.vmk };
}

test("whichever sampled byte of the header is flipped, what is read is what was written", async () => {
  const place = await readyVault();
  const { subtle } = crypto;
  const { payload, vmk } = await insideOf(place);
  const macKey = await deriveVaultKey(subtle, vmk, payload.vaultId, "hs/vault/header-mac/v1");
  const bytes = Uint8Array.from(readFileSync(join(place.folder, "header")));
  const files: VaultFiles = { ...place.platform.files, readHeader: async () => bytes };
  const outcomes = new Map<string, number>();
  // Each byte of a copy is flipped in header-copy.test.ts; here, some of each and all of the identity.
  for (let index = 0; index < bytes.length; index += index < 8192 ? 32 : 1) {
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
    const file = await readHeaderFile({ subtle, files });
    const authentic = file && (await newestAuthentic(subtle, macKey, file));
    const { vaultId, slots } = authentic?.header.payload ?? {};
    const isSame =
      JSON.stringify([vaultId, slots]) === JSON.stringify([payload.vaultId, payload.slots]);
    const isIdentityWhole = file !== null && file.identity !== null;
    const outcome = `${isSame ? "same" : "other"}, identity ${isIdentityWhole ? "whole" : "damaged"}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
  }
  expect(Object.fromEntries(outcomes)).toEqual({
    "same, identity whole": 256,
    "same, identity damaged": 92,
  });
});

test.each([
  ["magic of the first copy", 0],
  ["slots of the first copy", 300],
  ["zeros of the second copy", 7000],
  ["checksum of the first copy", 4040],
  ["MAC of the first copy", 4080],
  ["MAC of the second copy", 8180],
  ["identity", 8200],
])("a header with a flipped byte in the %s is said and mended", async (_, index) => {
  const place = await readyVault();
  flipByte(join(place.folder, "header"), index);
  const vault = await openVault(place.platform);
  const before = await vault.check();
  const isMac = index % 4096 >= 4064 && index < 8192;
  expect(before.isWhole).toBe(isMac);
  await vault.close();
  expect(await unlockOutcome(place)).toBe("header_repaired");
  expect(await unlockOutcome(place)).toBe("well");
});

test("with both copies damaged, the header is made anew from auth.db, and that is said", async () => {
  const place = await readyVault();
  const header = join(place.folder, "header");
  writeFileSync(header, readFileSync(header).fill(0xff, 0, 8192));
  expect(await unlockOutcome(place)).toBe("header_rebuilt");
  expect(await unlockOutcome(place)).toBe("well");
});

test("with nothing left of the header, the vault is damaged, and setting up doesn't overwrite it", async () => {
  const place = await readyVault();
  const header = join(place.folder, "header");
  writeFileSync(header, new Uint8Array(statSync(header).size));
  expect(await unlockOutcome(place)).toBe("damaged");
  await expect(createVault(place.platform, { passphrase: utf8(passphrase) })).rejects.toMatchObject(
    { code: "vault_exists" },
  );
});

test("a vault whose header is gone is damaged, not a place for another one, and its data stays", async () => {
  const place = await readyVault();
  const header = join(place.folder, "header");
  const bytes = readFileSync(header);
  rmSync(header);
  const refusal = { code: "damaged", parts: ["header"] };
  const vault = await openVault(place.platform);
  await expect(vault.status()).rejects.toMatchObject(refusal);
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject(refusal);
  await expect(vault.setup({ passphrase: utf8(passphrase) })).rejects.toMatchObject(refusal);
  await vault.close();
  expect((await vault.check()).isWhole).toBe(false);
  writeFileSync(header, bytes);
  expect(await unlockOutcome(place)).toBe("well");
});

test("a set-up that was cut short within its last write is begun anew, and one cut short after it is done", async () => {
  for (const length of [0, 1, 4000]) {
    const place = await readyVault();
    const header = join(place.folder, "header");
    await place.platform.files.writeSetUpMark();
    writeFileSync(header, readFileSync(header).subarray(0, length));
    await (await createVault(place.platform, { passphrase: utf8(passphrase) })).vault.close();
    expect(await place.platform.files.hasSetUpMark()).toBe(false);
  }
  const place = await readyVault();
  await place.platform.files.writeSetUpMark();
  expect(await unlockOutcome(place)).toBe("well");
  expect(await place.platform.files.hasSetUpMark()).toBe(false);
});

test("a header cut to any length is refused or mended", async () => {
  const place = await readyVault();
  const bytes = readFileSync(join(place.folder, "header"));
  const outcomes: string[] = [];
  for (const length of [0, 1, 4095, 4096, 8191, 8192, 8283]) {
    const copy = copyVault(place);
    writeFileSync(join(copy.folder, "header"), bytes.subarray(0, length));
    outcomes.push(await unlockOutcome(copy));
  }
  const mended = "header_repaired";
  expect(outcomes).toEqual(["damaged", "damaged", "damaged", mended, mended, mended, mended]);
});

test("sampled bytes of auth.db, flipped: that is said, and it is made anew once the person accepts it", async () => {
  const place = await readyVault();
  const size = statSync(join(place.folder, "auth.db")).size;
  const outcomes = new Set<string>();
  for (let index = 3; index < size; index += Math.floor(size / 9)) {
    const copy = copyVault(place);
    flipByte(join(copy.folder, "auth.db"), index);
    outcomes.add(await unlockOutcome(copy));
    outcomes.add(await unlockOutcome(copy, true));
  }
  expect([...outcomes]).toEqual(["auth_unreadable", "auth_rebuilt,questions_void"]);
});

test("sampled bytes of vault.db, flipped: what can be read is what was written, and the rest is refused", async () => {
  const place = await readyVault();
  const { payload, vmk } = await insideOf(place);
  const { vaultId, vaultSalt } = payload;
  const key = await deriveVaultKey(crypto.subtle, vmk, vaultId, "hs/vault/page/v1");
  const path = join(place.folder, "vault.db");
  const written = dump(openNodeDatabase(path, { key, salt: vaultSalt }, "vault.db"));
  const bytes = readFileSync(path);
  const outcomes = new Set<unknown>();
  for (let index = 1; index < bytes.length; index += 499) {
    const copy = join(place.folder, "copy.db");
    const damaged = Buffer.from(bytes);
    damaged[index] = (damaged[index] ?? 0) ^ 0x04;
    writeFileSync(copy, damaged);
    const read = dumpOrCode(() => openNodeDatabase(copy, { key, salt: vaultSalt }, "vault.db"));
    outcomes.add(read === "damaged" ? "refused" : isDeepStrictEqual(read, written));
  }
  expect([...outcomes].toSorted()).toEqual(["refused", true]);
});

test("a vault whose vault.db is gone, or another's, is damaged and says which file", async () => {
  const [place, other] = [await readyVault(), await readyVault(3)];
  writeFileSync(join(place.folder, "vault.db"), readFileSync(join(other.folder, "vault.db")));
  for (const change of [() => undefined, () => rmSync(join(place.folder, "vault.db"))]) {
    change();
    const vault = await openVault(place.platform);
    await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
      code: "damaged",
      parts: ["vault.db"],
    });
    await vault.close();
  }
});

test.each(["auth", "vault"] as const)(
  "a %s.db of a later version is refused as that",
  async (name) => {
    const place = await readyVault();
    const later = copyVault(place);
    const platform = { ...later.platform, files: { ...later.platform.files } };
    platform.files.openDatabase = async (opened, key) => {
      const database = await later.platform.files.openDatabase(opened, key);
      if (opened === name) database.exec("PRAGMA user_version = 2");
      return database;
    };
    expect(await unlockOutcome({ ...later, platform })).toBe("newer_version");
    expect(await unlockOutcome(later)).toBe("newer_version");
  },
);

test("a damaged device key is replaced, and what it opened is made anew", async () => {
  const place = await readyVault();
  const [name = ""] = readdirSync(place.keyFolder).filter((name) => name.endsWith(".key"));
  writeFileSync(join(place.keyFolder, name), new Uint8Array(31));
  expect(await unlockOutcome(place)).toBe("auth_unreadable");
  expect(await unlockOutcome(place, true)).toBe("auth_rebuilt,questions_void");
  expect(await unlockOutcome(place)).toBe("well");
});

test.each([
  ["emptied", (path: string) => truncateSync(path)],
  ["gone", (path: string) => rmSync(path)],
])(
  "an auth.db that is %s is said, in every way in, and made anew once the person accepts it",
  async (_, change) => {
    const place = await readyVault();
    change(join(place.folder, "auth.db"));
    const vault = await openVault(place.platform);
    await expect(vault.getQuestions()).rejects.toMatchObject({ code: "no_device_key" });
    await expect(vault.recover({ code: place.code })).rejects.toMatchObject({
      code: "auth_unreadable",
    });
    await vault.close();
    expect(await unlockOutcome(place)).toBe("auth_unreadable");
    expect(await unlockOutcome(place, true)).toBe("auth_rebuilt,questions_void");
    expect(await unlockOutcome(place)).toBe("well");
  },
);

test("an auth.db that was only begun to be made anew doesn't count as one", async () => {
  const place = await readyVault();
  rmSync(join(place.folder, "auth.db"));
  const { platform, failAt, heal } = withFailingWrites(place.platform);
  const vault = await openVault(platform);
  const input = { passphrase: utf8(passphrase) };
  failAt(/vault\.db INSERT/);
  await expect(vault.unlock({ ...input, acceptNewAuth: true })).rejects.toMatchObject({
    code: "disk_full",
  });
  heal();
  await expect(vault.unlock(input)).rejects.toMatchObject({ code: "auth_unreadable" });
  const { notices } = await vault.unlock({ ...input, acceptNewAuth: true });
  expect(notices).toEqual(["auth_rebuilt", "questions_void"]);
  await vault.close();
});

/** Every row of every table, or the code with which reading is refused. */
function dumpOrCode(open: () => Database): unknown {
  try {
    return dump(open());
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  }
}

/** Every row of every table. */
function dump(database: Database): unknown[][] {
  try {
    const tables = database.all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    );
    return tables.map(({ name }) => database.all(`SELECT * FROM "${name}"`));
  } finally {
    database.close();
  }
}
