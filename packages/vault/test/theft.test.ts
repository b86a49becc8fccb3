import { rmSync } from "node:fs";
import { combine } from "shamir-secret-sharing";
import { expect, test } from "vitest";
import { readHeaderFile, wholeCopies } from "../src/header/header-file.ts";
import { readQuestionRows } from "../src/auth/question-rows.ts";
import { openAuthDatabase } from "../src/handle/parts.ts";
import { slotContext, vaultNameOf } from "../src/handle/state.ts";
import { deriveArgon2 } from "../src/slots/argon2-parameters.ts";
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

test("no single answer can be tested: a guess, right or wrong, gives a share that fits the others", async () => {
  const place = await readyVault();
  const { context, slot, rows, deviceSecret } = await readEverything(place);
  const known = await Promise.all(
    rows.slice(1).map(async ({ share }, index) => unmask(place, share, answers[index + 1] ?? "")),
  );
  const [first] = rows;
  if (!first) throw new Error("no question");
  const guesses = ["Biscuit", "Rex", "Bella", "Luna", ""];
  const secrets = new Set<string>();
  const opening: string[] = [];
  for (const guess of guesses) {
    const share = await unmask(place, first.share, guess);
    expect(share).toHaveLength(33);
    const secret = await combine([share, ...known]);
    expect(secret).toHaveLength(32);
    secrets.add(secret.join());
    const answered = rows.map((row, index) => ({
      share: row.share,
      answer: utf8(index === 0 ? guess : (answers[index] ?? "")),
    }));
    // Only all of them together, with the device key, are told right from wrong.
    if (await openQuestionsSlot(context, slot, answered, deviceSecret)) opening.push(guess);
  }
  expect(secrets.size).toBe(guesses.length);
  expect(opening).toEqual(["Biscuit"]);
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

test("a vault brought to a new device opens by passphrase or code, says so, and has no questions", async () => {
  const place = await readyVault();
  for (const way of ["passphrase", "code"] as const) {
    const moved = copyVault(place);
    rmSync(moved.keyFolder, { recursive: true });
    const vault = await openVault(moved.platform);
    const { notices } = await (way === "passphrase"
      ? vault.unlock({ passphrase: utf8(passphrase) })
      : vault
          .recover({ code: place.code })
          .then(async () => vault.reset({ passphrase: utf8(otherPassphrase) })));
    expect(notices).toEqual(["auth_rebuilt", "questions_void"]);
    await vault.lock();
    const secret = way === "passphrase" ? passphrase : otherPassphrase;
    expect((await vault.unlock({ passphrase: utf8(secret) })).notices).toEqual([]);
    expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
    expect(await vault.getQuestions()).toEqual([]);
    await vault.close();
  }
});
