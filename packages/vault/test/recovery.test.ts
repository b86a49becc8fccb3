import { expect, test } from "vitest";
import { type Vault, openVault } from "../src/vault.ts";
import type { VaultPlatform } from "../src/ports.ts";
import { copyVault, putBack } from "./support/copied-vault.ts";
import { withFailingWrites } from "./support/failing-writes.ts";
import { type ReadyVault, readyVault } from "./support/ready-vault.ts";
import { answers, otherPassphrase, passphrase, platformOf, utf8 } from "./support/temp-vault.ts";

const textsInOrder = [
  "What was the name of your first pet?",
  "What city were you born in?",
  "What did I ride to school in the rain?",
  "Who taught me to whistle on a leaf?",
];

/** The answers by the questions as they are asked, with `changes` in the place of some. */
async function answersFor(vault: Vault, changes: Readonly<Record<number, string>> = {}) {
  const questions = await vault.getQuestions();
  return questions.map(({ id, text }) => {
    const index = textsInOrder.indexOf(text);
    return { questionId: id, answer: utf8(changes[index] ?? answers[index] ?? "") };
  });
}

async function lockedVault(threshold?: number): Promise<ReadyVault & { vault: Vault }> {
  const place = await readyVault(threshold);
  return { ...place, vault: await openVault(place.platform) };
}

async function expectKept(vault: Vault, secret: string): Promise<void> {
  await vault.unlock({ passphrase: utf8(secret) });
  expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
  await vault.lock();
}

test("the recovery code alone opens the vault, gives a new passphrase and a new code, and is used up", async () => {
  const { vault, code } = await lockedVault();
  expect(await vault.recover({ code })).toEqual({ expiresInSeconds: 600 });
  expect(await vault.status()).toBe("recovering");
  const { recoveryCode, notices } = await vault.reset({ passphrase: utf8(otherPassphrase) });
  expect(notices).toEqual(["questions_void"]);
  await expectKept(vault, otherPassphrase);
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
    code: "unlock_failed",
  });
  await expect(vault.recover({ code })).rejects.toMatchObject({ code: "unlock_failed" });
  await vault.recover({ code: recoveryCode });
  await vault.close();
});

test("all answers, typed in another way, open the vault on its device and stay its answers", async () => {
  const { vault } = await lockedVault();
  const typed = await answersFor(vault, { 0: " bISCUIT ", 2: "the  GREEN\tbicycle" });
  await vault.recover({ answers: typed });
  expect((await vault.reset({ passphrase: utf8(otherPassphrase) })).notices).toEqual([]);
  await expectKept(vault, otherPassphrase);
  await vault.recover({ answers: await answersFor(vault) });
  await vault.close();
});

test("one wrong answer of four opens nothing", async () => {
  const { vault } = await lockedVault();
  await expect(
    vault.recover({ answers: await answersFor(vault, { 3: "Aunt Philipa" }) }),
  ).rejects.toMatchObject({ code: "unlock_failed" });
  await expect(vault.reset({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
    code: "recovery_expired",
  });
  await vault.close();
});

test("where three of four suffice, one wrong answer opens, two don't, and the wrong one isn't kept", async () => {
  const { vault } = await lockedVault(3);
  await expect(
    vault.recover({ answers: await answersFor(vault, { 0: "Rex", 3: "Uncle Bob" }) }),
  ).rejects.toMatchObject({ code: "unlock_failed" });
  await vault.recover({ answers: await answersFor(vault, { 1: "Porto" }) });
  const { notices } = await vault.reset({ passphrase: utf8(otherPassphrase) });
  expect(notices).toEqual(["questions_void"]);
  expect(await vault.getQuestions()).toEqual([]);
  await expectKept(vault, otherPassphrase);
  await vault.close();
});

test("a recovery gives ten minutes and not a moment more", async () => {
  const { vault, code, time } = await lockedVault();
  await vault.recover({ code });
  time.pass(599_999);
  expect(await vault.status()).toBe("recovering");
  time.pass(1);
  expect(await vault.status()).toBe("locked");
  await expect(vault.reset({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
    code: "recovery_expired",
  });
  await expectKept(vault, passphrase);
  await vault.close();
});

test("a recovery opens no data before the new passphrase is set", async () => {
  const { vault, code } = await lockedVault();
  await vault.recover({ code });
  expect(() => vault.records()).toThrow(expect.objectContaining({ code: "vault_locked" }));
  await expect(vault.reset({ passphrase: utf8("short") })).rejects.toMatchObject({
    code: "weak_passphrase",
    reasons: ["too_short", "no_upper_case", "no_digit"],
  });
  expect(await vault.status()).toBe("recovering");
  await vault.reset({ passphrase: utf8(otherPassphrase) });
  await vault.close();
});

test("answers stay the answers when the ten minutes end while the new passphrase is being set", async () => {
  const place = await readyVault();
  const { argon2id } = place.platform;
  let isResetting = false;
  const platform: VaultPlatform = {
    ...place.platform,
    argon2id: async (input) => {
      if (isResetting) place.time.pass(600_000);
      return argon2id(input);
    },
  };
  const vault = await openVault(platform);
  await vault.recover({ answers: await answersFor(vault) });
  isResetting = true;
  expect((await vault.reset({ passphrase: utf8(otherPassphrase) })).notices).toEqual([]);
  isResetting = false;
  const zeros = answers.map((answer) => "\0".repeat(answer.length));
  await expect(
    vault.recover({ answers: await answersFor(vault, { ...zeros }) }),
  ).rejects.toMatchObject({ code: "unlock_failed" });
  await vault.recover({ answers: await answersFor(vault) });
  await vault.close();
});

test("a new passphrase that can't be written changes nothing, and can be set again while there is time", async () => {
  const place = await readyVault();
  const { platform, failAt, heal } = withFailingWrites(place.platform);
  const vault = await openVault(platform);
  await vault.recover({ code: place.code });
  place.time.pass(300_000);
  const input = { passphrase: utf8(otherPassphrase) };
  // Two copies of the header are written to open the vault, and the next one changes its secrets.
  for (const [pattern, spared] of [
    [/vault\.db INSERT/, 0],
    [/header/, 0],
    [/header/, 2],
  ] as const) {
    failAt(pattern, { spared });
    await expect(vault.reset(input)).rejects.toMatchObject({ code: "disk_full" });
    heal();
    expect(await vault.status()).toBe("recovering");
  }
  await vault.reset(input);
  await expect(vault.reset(input)).rejects.toMatchObject({ code: "recovery_expired" });
  await expectKept(vault, otherPassphrase);
  await vault.close();
});

test("a right to set a passphrase that was given back ends when it would have", async () => {
  const place = await readyVault();
  const vault = await openVault(place.platform);
  await vault.recover({ code: place.code });
  place.time.pass(599_999);
  await expect(vault.reset({ passphrase: utf8("short") })).rejects.toMatchObject({
    code: "weak_passphrase",
  });
  expect(await vault.status()).toBe("recovering");
  place.time.pass(1);
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test("a typing mistake in a code is told at once and costs no attempt", async () => {
  const { vault, code } = await lockedVault();
  const mistyped = code.slice();
  mistyped[0] = mistyped[0] === 0x41 ? 0x42 : 0x41;
  for (let attempt = 0; attempt < 5; attempt++) {
    await expect(vault.recover({ code: mistyped })).rejects.toMatchObject({
      code: "mistyped_code",
    });
  }
  await vault.recover({ code });
  await vault.close();
});

test("a wrong code or answer leaves an open vault open, and the right one locks it", async () => {
  const { vault, code } = await lockedVault();
  await vault.unlock({ passphrase: utf8(passphrase) });
  const mistyped = code.slice();
  mistyped[0] = mistyped[0] === 0x41 ? 0x42 : 0x41;
  await expect(vault.recover({ code: mistyped })).rejects.toMatchObject({ code: "mistyped_code" });
  await expect(
    vault.recover({ answers: await answersFor(vault, { 1: "Porto" }) }),
  ).rejects.toMatchObject({ code: "unlock_failed" });
  expect(await vault.status()).toBe("unlocked");
  expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
  expect((await vault.lockOut()).recoveryAttemptsLeft).toBe(2);
  await vault.recover({ code });
  expect(await vault.status()).toBe("recovering");
  expect((await vault.lockOut()).recoveryAttemptsLeft).toBe(3);
  expect((await vault.reset({ passphrase: utf8(otherPassphrase) })).notices).toEqual([
    "questions_void",
  ]);
  await expectKept(vault, otherPassphrase);
  await vault.close();
});

test("a recovery by another key store is refused before the code is tried, unless the person accepts it", async () => {
  const place = await readyVault();
  const elsewhere = platformOf(place.folder, `${place.keyFolder}-other`);
  const vault = await openVault(elsewhere.platform);
  await expect(vault.recover({ code: place.code })).rejects.toMatchObject({
    code: "auth_unreadable",
  });
  expect(await vault.status()).toBe("locked");
  const consent = { acceptNewAuth: true };
  await vault.recover({ code: place.code, ...consent });
  const { notices } = await vault.reset({ passphrase: utf8(otherPassphrase), ...consent });
  expect(notices).toEqual(["auth_rebuilt", "questions_void"]);
  await vault.close();
});

test("a recovery of an old copy is refused before a new passphrase is asked for, unless the person accepts it", async () => {
  const place = await readyVault();
  const old = copyVault(place);
  const vault = await openVault(place.platform);
  await vault.unlock({ passphrase: utf8(passphrase) });
  await vault.lock();
  putBack(old, place, "vault.db");
  const refusal = { code: "old_copy", parts: ["vault.db"] };
  await expect(vault.recover({ code: place.code })).rejects.toMatchObject(refusal);
  expect(await vault.status()).toBe("locked");
  const consent = { acceptOldCopy: true };
  await vault.recover({ code: place.code, ...consent });
  const { notices } = await vault.reset({ passphrase: utf8(otherPassphrase), ...consent });
  expect(notices).toContain("old_copy_accepted");
  await vault.close();
});

test("the questions come in another order from one time to the next", async () => {
  const { vault } = await lockedVault();
  const orders = new Set<string>();
  for (let time = 0; time < 40; time++) {
    const questions = await vault.getQuestions();
    expect(questions.map(({ text }) => text).toSorted()).toEqual(textsInOrder.toSorted());
    orders.add(questions.map(({ id }) => id).join());
  }
  // Of 24 orders, 40 draws give fewer than 5 less often than once in 10^24 runs.
  expect(orders.size).toBeGreaterThan(4);
  await vault.close();
});
