import { rmSync } from "node:fs";
import { combine } from "shamir-secret-sharing";
import { expect, test } from "vitest";
import { readHeaderFile, wholeCopies } from "../src/header/header-file.ts";
import { readQuestionRows } from "../src/auth/question-rows.ts";
import { openAuthDatabase } from "../src/handle/parts.ts";
import { slotContext, vaultNameOf } from "../src/handle/state.ts";
import { deriveArgon2 } from "../src/slots/argon2-parameters.ts";
import type { Argon2id } from "../src/ports.ts";
import type { MaskedShare } from "../src/slots/masked-share.ts";
import { openQuestionsSlot } from "../src/slots/questions-slot.ts";
import { normalizeAnswer } from "../src/text/answer-text.ts";
import { openVault } from "../src/vault.ts";
import { deriveFromDevice } from "../src/vault-keys.ts";
import { copyVault } from "./support/copied-vault.ts";
import { readyVault } from "./support/ready-vault.ts";
import {
  type TempVault,
  answers,
  otherPassphrase,
  passphrase,
  utf8,
} from "./support/temp-vault.ts";

/** Everything a thief can read who has the files and the device key. */
async function readEverything({ platform }: TempVault) {
  const file = await readHeaderFile(platform);
  const payload = file && wholeCopies(file)[0]?.payload;
  const deviceKey = payload && (await platform.deviceKeys.open(vaultNameOf(payload)));
  const slot = payload?.slots.questions;
  if (!deviceKey || !slot) throw new Error("something is missing");
  const auth = await openAuthDatabase(platform, payload, deviceKey);
  const rows = readQuestionRows(auth, slot.setId);
  auth.close();
  const label = "hs/vault/slot-q-device/v1";
  const deviceSecret = await deriveFromDevice(deviceKey, label, payload.vaultId);
  return { context: slotContext(platform, payload), slot, rows, deviceSecret };
}

async function unmask({ platform }: TempVault, share: MaskedShare, guess: string) {
  const normalized = normalizeAnswer(utf8(guess))?.bytes ?? new Uint8Array();
  const mask = await deriveArgon2(platform.argon2id, normalized, share.kdf);
  return Uint8Array.of(...mask.map((byte, index) => byte ^ (share.masked[index] ?? 0)), share.x);
}

test("the files without the device key open nothing by answers, and auth.db not at all", async () => {
  const place = await readyVault();
  const stolen = copyVault(place);
  rmSync(stolen.keyFolder, { recursive: true });
  const vault = await openVault(stolen.platform);
  await expect(vault.getQuestions()).rejects.toMatchObject({ code: "no_device_key" });
  const given = answers.map((answer, index) => ({ questionId: index + 1, answer: utf8(answer) }));
  await expect(vault.recover({ answers: given })).rejects.toMatchObject({ code: "no_device_key" });
  await vault.close();

  const another = await stolen.platform.deviceKeys.create("0".repeat(32));
  const file = await readHeaderFile(stolen.platform);
  const payload = file && wholeCopies(file)[0]?.payload;
  if (!payload) throw new Error("no header");
  await expect(openAuthDatabase(stolen.platform, payload, another)).rejects.toMatchObject({
    code: "damaged",
  });
});

test("every answer, with the slot and the shares but another device key, opens nothing", async () => {
  const place = await readyVault();
  const { context, slot, rows } = await readEverything(place);
  const answered = rows.map(({ share }, index) => ({ share, answer: utf8(answers[index] ?? "") }));
  const deviceSecret = new Uint8Array(32).fill(1);
  expect(await openQuestionsSlot(context, slot, answered, deviceSecret)).toBeNull();
});

/** All that can be seen of trying `given`: how much is derived, how often a key is tried, what opens. */
async function tryAnswers(place: TempVault, given: readonly string[]) {
  const { context, slot, rows, deviceSecret } = await readEverything(place);
  const seen = { derivations: 0, trials: 0, opens: false };
  const { subtle } = context;
  const watched = new Proxy(subtle, {
    get(_, name) {
      if (name === "decrypt") seen.trials++;
      return Reflect.get(subtle, name, subtle).bind(subtle);
    },
  });
  const argon2id: Argon2id = async (input) => {
    seen.derivations++;
    return context.argon2id(input);
  };
  const answered = rows.map(({ share }, index) => ({ share, answer: utf8(given[index] ?? "") }));
  const watching = { ...context, subtle: watched, argon2id };
  seen.opens = (await openQuestionsSlot(watching, slot, answered, deviceSecret)) !== null;
  return seen;
}

test.each([
  { threshold: 4, trials: 1 },
  { threshold: 3, trials: 4 },
])(
  "no single answer can be tested: where $threshold of 4 are needed and one more is missing, a right guess and a wrong one do the same",
  async ({ threshold, trials }) => {
    const place = await readyVault(threshold);
    const guesses = [answers[0] ?? "", "Rex", "Bella", ""];
    const openedBy = async (knownCount: number): Promise<string[]> => {
      const opening: string[] = [];
      for (const guess of guesses) {
        const others = answers.slice(1).map((answer, index) => (index < knownCount ? answer : ""));
        const { opens, ...seen } = await tryAnswers(place, [guess, ...others]);
        expect(seen).toEqual({ derivations: 4, trials });
        if (opens) opening.push(guess);
      }
      return opening;
    };
    expect(await openedBy(threshold - 2)).toEqual([]);
    // Only the last that is missing is told right from wrong, by the combination and the device key.
    expect(await openedBy(threshold - 1)).toEqual([answers[0]]);
  },
);

test("what a right answer unmasks has no mark of its own: every byte of it is another from one time to the next", async () => {
  const shares: Uint8Array[] = [];
  for (const threshold of [4, 3]) {
    const place = await readyVault(threshold);
    const { rows } = await readEverything(place);
    for (const [index, { share }] of rows.entries()) {
      expect(share.masked).toHaveLength(32);
      shares.push(await unmask(place, share, answers[index] ?? ""));
    }
    // They are the right ones: enough of them give one secret, whichever are taken.
    const taken = shares.slice(-4);
    const secret = await combine(taken.slice(0, threshold));
    expect(await combine(taken.slice(4 - threshold))).toEqual(secret);
  }
  // Of 8 random bytes all are the same less often than once in 10^16 runs.
  const constant = Array.from({ length: 32 }, (_, place) => place).filter(
    (place) => new Set(shares.map((share) => share[place])).size === 1,
  );
  expect(constant).toEqual([]);
});

test("what stands beside a question says nothing that depends on its answer but the masked share", async () => {
  const place = await readyVault();
  const { rows } = await readEverything(place);
  const { rows: others } = await readEverything(await readyVault(3));
  for (const [index, { share }] of rows.entries()) {
    const other = others[index]?.share;
    expect(other?.masked).not.toEqual(share.masked);
    expect(Object.keys(share).toSorted()).toEqual([
      "count",
      "kdf",
      "masked",
      "setId",
      "threshold",
      "x",
    ]);
    expect(other?.kdf.salt).not.toEqual(share.kdf.salt);
  }
  expect(new Set(rows.map(({ share }) => share.x)).size).toBe(4);
});

test("a vault brought to a new device opens by passphrase or code when the person accepts that, says so, and has no questions", async () => {
  const place = await readyVault();
  for (const way of ["passphrase", "code"] as const) {
    const moved = copyVault(place);
    rmSync(moved.keyFolder, { recursive: true });
    const vault = await openVault(moved.platform);
    const { code } = place;
    if (way === "code") await vault.recover({ code, acceptNewAuth: true });
    const open = async (acceptNewAuth: boolean) =>
      way === "passphrase"
        ? vault.unlock({ passphrase: utf8(passphrase), acceptNewAuth })
        : vault.reset({ passphrase: utf8(otherPassphrase), acceptNewAuth });
    await expect(open(false)).rejects.toMatchObject({
      code: "auth_unreadable",
      parts: ["auth.db"],
    });
    const { notices } = await open(true);
    expect(notices).toEqual(["auth_rebuilt", "questions_void"]);
    await vault.lock();
    const secret = way === "passphrase" ? passphrase : otherPassphrase;
    expect((await vault.unlock({ passphrase: utf8(secret) })).notices).toEqual([]);
    expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
    expect(await vault.getQuestions()).toEqual([]);
    await vault.close();
  }
});
