import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Vault, openVault } from "../src/vault.ts";
import { type ReadyVault, readyVault } from "./support/ready-vault.ts";
import { passphrase, platformOf, utf8 } from "./support/temp-vault.ts";

const wrong = "Wandering-Lantern-43";

async function lockedVault(threshold?: number): Promise<ReadyVault & { vault: Vault }> {
  const place = await readyVault(threshold);
  return { ...place, vault: await openVault(place.platform) };
}

async function failSignIns(vault: Vault, count: number): Promise<void> {
  for (let failure = 0; failure < count; failure++) {
    await expect(vault.unlock({ passphrase: utf8(wrong) })).rejects.toMatchObject({
      code: "unlock_failed",
    });
  }
}

async function messageOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("it opened");
}

async function expectLockedOut(vault: Vault, retryAfterSeconds: number): Promise<void> {
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
    code: "locked_out",
    retryAfterSeconds,
  });
}

test("five failed sign-ins lock for 300 s, even for the right passphrase, and say for how long", async () => {
  const { vault, time } = await lockedVault();
  await failSignIns(vault, 4);
  await expect(vault.unlock({ passphrase: utf8(wrong) })).rejects.toMatchObject({
    code: "unlock_failed",
    retryAfterSeconds: 300,
  });
  time.pass(100_000);
  await expectLockedOut(vault, 200);
  time.pass(200_000);
  await vault.unlock({ passphrase: utf8(passphrase) });
  await vault.lock();
  await failSignIns(vault, 4);
  expect(await vault.lockOut()).toEqual({
    signInAttemptsLeft: 1,
    signInRetryAfterSeconds: 0,
    recoveryAttemptsLeft: 3,
    recoveryRetryAfterSeconds: 0,
  });
  await vault.close();
});

test("every failure says the same, whatever was wrong, but for the wait", async () => {
  const { vault } = await lockedVault();
  const attempts = [
    async () => vault.unlock({ passphrase: utf8(wrong) }),
    async () => vault.unlock({ passphrase: new Uint8Array(0) }),
    async () => vault.unlock({ passphrase: new Uint8Array(2000).fill(0x41) }),
    async () => vault.recover({ answers: [] }),
  ];
  const messages = new Set<string>();
  for (const attempt of attempts) messages.add(await messageOf(attempt));
  expect(messages.size).toBe(1);
  await vault.close();
});

test("a wait survives a restart, and a reboot takes off nothing of it", async () => {
  const { vault, folder, keyFolder, time } = await lockedVault();
  await failSignIns(vault, 5);
  time.pass(60_000);
  expect((await vault.lockOut()).signInRetryAfterSeconds).toBe(240);
  await vault.close();

  const rebooted = platformOf(folder, keyFolder);
  rebooted.time.epochId = "boot-2";
  const again = await openVault(rebooted.platform);
  await expectLockedOut(again, 240);
  rebooted.time.pass(239_000);
  await expectLockedOut(again, 1);
  rebooted.time.pass(1_000);
  await again.unlock({ passphrase: utf8(passphrase) });
  await again.close();
});

test.each([
  ["forward", 1],
  ["back", -1],
])("the wall clock moved %s by a year neither shortens nor lengthens a wait", async (_, years) => {
  const { vault, time } = await lockedVault();
  await failSignIns(vault, 5);
  time.wallMs += years * 365 * 86_400_000;
  await expectLockedOut(vault, 300);
  time.pass(300_000);
  await vault.unlock({ passphrase: utf8(passphrase) });
  await vault.close();
});

test("three failed recoveries lock recovering, and not signing in", async () => {
  const { vault, code, time } = await lockedVault();
  const foreign = await lockedVault(3);
  for (let failure = 0; failure < 3; failure++) {
    await expect(vault.recover({ code: foreign.code })).rejects.toMatchObject({
      code: "unlock_failed",
    });
  }
  await expect(vault.recover({ code })).rejects.toMatchObject({
    code: "locked_out",
    retryAfterSeconds: 300,
  });
  time.pass(300_000);
  await vault.recover({ code });
  await vault.close();
  await foreign.vault.close();
});

test("an attempt is counted before it is made: one that breaks off counts as failed", async () => {
  const place = await lockedVault();
  await place.vault.close();
  const argon2id = async (): Promise<never> => Promise.reject(new Error("the power went"));
  const breaking = platformOf(place.folder, place.keyFolder, { argon2id });
  const vault = await openVault(breaking.platform);
  for (let attempt = 0; attempt < 5; attempt++) {
    await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toThrow("the power went");
  }
  await expectLockedOut(vault, 300);
  await vault.close();
});

test("removing auth.db takes no failure back, nor does having it made anew", async () => {
  const { vault, folder, keyFolder } = await lockedVault();
  await failSignIns(vault, 5);
  await vault.close();
  rmSync(join(folder, "auth.db"));
  const withoutAuth = await openVault(platformOf(folder, keyFolder).platform);
  const input = { passphrase: utf8(passphrase) };
  await expect(withoutAuth.unlock(input)).rejects.toMatchObject({ code: "auth_unreadable" });
  await expect(withoutAuth.unlock({ ...input, acceptNewAuth: true })).rejects.toMatchObject({
    code: "locked_out",
    retryAfterSeconds: 300,
  });
  await withoutAuth.close();
});

test("removing the record beside the device key takes no failure back", async () => {
  const { vault, folder, keyFolder, platform } = await lockedVault();
  await failSignIns(vault, 5);
  const name = (await vault.check()).header?.vaultName ?? "";
  await vault.close();
  await expect(platform.deviceKeys.readRecord(name)).resolves.toContain("sign_in");
  rmSync(join(keyFolder, `${name}.record`));
  const again = await openVault(platformOf(folder, keyFolder).platform);
  await expectLockedOut(again, 300);
  await again.close();
});

test("changing a secret takes the passphrase, and failing it counts as failing to sign in", async () => {
  const { vault } = await lockedVault();
  await vault.unlock({ passphrase: utf8(passphrase) });
  for (let failure = 0; failure < 5; failure++) {
    await expect(vault.renewRecoveryCode({ passphrase: utf8(wrong) })).rejects.toMatchObject({
      code: "unlock_failed",
    });
  }
  await vault.lock();
  await expectLockedOut(vault, 300);
  await vault.close();
});

test("another key store is no way around a wait, nor replaces the sign-in data unasked", async () => {
  const { vault, folder, keyFolder } = await lockedVault();
  await failSignIns(vault, 5);
  await vault.close();
  const elsewhere = await openVault(platformOf(folder, `${keyFolder}-other`).platform);
  for (const secret of [wrong, passphrase]) {
    await expect(elsewhere.unlock({ passphrase: utf8(secret) })).rejects.toMatchObject({
      code: "auth_unreadable",
    });
  }
  await elsewhere.close();
  const again = await openVault(platformOf(folder, keyFolder).platform);
  await expectLockedOut(again, 300);
  expect(await again.getQuestions()).toHaveLength(4);
  await again.close();
});
