import { expect, test } from "vitest";
import { type Vault, createVault, openVault } from "../src/vault.ts";
import type { Notice } from "../src/notices.ts";
import { VaultError } from "../src/vault-error.ts";
import { type Crash, recordCrashes } from "./support/crash-points.ts";
import { withFailingWrites } from "./support/failing-writes.ts";
import { readyVault } from "./support/ready-vault.ts";
import {
  fourQuestions,
  otherPassphrase,
  passphrase,
  platformOf,
  tempVault,
  utf8,
} from "./support/temp-vault.ts";

/**
 * Which of the passphrases opens what a crash left. Whatever opens has what was kept, and nothing to
 * say but that a copy of the header of which half was written is mended.
 */
async function openingPassphrases({ place, before }: Crash): Promise<string[]> {
  const opening: string[] = [];
  const vault = await openVault(place.platform);
  for (const secret of [passphrase, otherPassphrase]) {
    const notices = await noticesOf(vault, secret);
    if (!notices) continue;
    opening.push(secret);
    const isTorn = before === "the header is half written";
    expect(notices.filter((notice) => !(isTorn && notice === "header_repaired"))).toEqual([]);
    expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
    await vault.lock();
  }
  await vault.close();
  return opening;
}

/** What unlocking has to say, or null when it fails. */
async function noticesOf(vault: Vault, secret: string): Promise<readonly Notice[] | null> {
  try {
    return (await vault.unlock({ passphrase: utf8(secret) })).notices;
  } catch (error) {
    if (error instanceof VaultError && error.code === "unlock_failed") return null;
    throw error;
  }
}

test("wherever a set-up is cut short, there is a whole vault or none, and a set-up works", async () => {
  const place = tempVault();
  const recorder = recordCrashes(place);
  recorder.start();
  const { vault: made } = await createVault(recorder.platform, {
    passphrase: utf8(passphrase),
    questions: fourQuestions(),
  });
  await made.close();
  const crashes = recorder.stop();
  const outcomes: string[] = [];
  for (const crash of crashes) {
    const vault = await openVault(crash.place.platform);
    const status = await vault.status();
    outcomes.push(status);
    if (status === "empty") await vault.setup({ passphrase: utf8(otherPassphrase) });
    else await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.close();
  }
  expect(outcomes.length).toBeGreaterThan(15);
  expect(outcomes.join(" ")).toMatch(/^(empty ){8,}(locked ?){4,}$/);
});

test("wherever a change of passphrase is cut short, the old one opens the vault or the new one, never both", async () => {
  const place = await readyVault();
  const recorder = recordCrashes({ ...place, ...platformOf(place.folder, place.keyFolder) });
  const vault = await openVault(recorder.platform);
  await vault.unlock({ passphrase: utf8(passphrase) });
  recorder.start();
  await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
  const crashes = recorder.stop();
  await vault.close();
  const outcomes: string[] = [];
  for (const crash of crashes) outcomes.push((await openingPassphrases(crash)).join(" and "));
  expect(outcomes.length).toBeGreaterThan(6);
  expect(outcomes.join(" ")).toMatch(
    new RegExp(`^(${passphrase} ){3,}(${otherPassphrase} ?){3,}$`),
  );
});

test.each([
  ["the second copy of the header", /header/, 1],
  ["the copy of the slots in auth.db", /auth\.db INSERT INTO key_slots/, 0],
  ["the device's record", /record/, 2],
])(
  "after a change that couldn't write %s, wherever the next one is cut short, nothing looks old",
  async (_, pattern, spared) => {
    const place = await readyVault();
    const recorder = recordCrashes({ ...place, ...platformOf(place.folder, place.keyFolder) });
    const { platform, failAt, heal } = withFailingWrites(recorder.platform);
    const vault = await openVault(platform);
    await vault.unlock({ passphrase: utf8(passphrase) });
    failAt(pattern, { spared });
    const { notices } = await vault.renewRecoveryCode({ passphrase: utf8(passphrase) });
    expect(notices).toEqual(["repair_pending"]);
    heal();
    recorder.start();
    await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
    const crashes = recorder.stop();
    await vault.close();
    const opening = new Set<string>();
    for (const crash of crashes) opening.add((await openingPassphrases(crash)).join(" and "));
    expect([...opening]).toEqual([passphrase, otherPassphrase]);
  },
);

test("wherever a recovery is cut short, the old passphrase opens the vault or the new one, and the code until then", async () => {
  const place = await readyVault();
  const { code } = place;
  const recorder = recordCrashes({ ...place, ...platformOf(place.folder, place.keyFolder) });
  const vault = await openVault(recorder.platform);
  recorder.start();
  await vault.recover({ code });
  await vault.reset({ passphrase: utf8(otherPassphrase) });
  const crashes = recorder.stop();
  await vault.close();
  const outcomes: string[] = [];
  for (const crash of crashes) {
    const [opening = "none", ...more] = await openingPassphrases(crash);
    const copy = await openVault(crash.place.platform);
    const recovered = await copy.recover({ code }).then(
      () => "code",
      () => "no code",
    );
    await copy.close();
    outcomes.push([opening, ...more, recovered].join(", "));
  }
  const [before, after] = [`${passphrase}, code`, `${otherPassphrase}, no code`];
  expect(new Set(outcomes)).toEqual(new Set([before, after]));
  expect(outcomes.indexOf(after)).toBeGreaterThan(outcomes.lastIndexOf(before));
});

test("wherever new questions are cut short, the old answers recover or the new ones", async () => {
  const place = await readyVault();
  const recorder = recordCrashes({ ...place, ...platformOf(place.folder, place.keyFolder) });
  const vault = await openVault(recorder.platform);
  await vault.unlock({ passphrase: utf8(passphrase) });
  const chosen = [
    { predefinedId: 4, answer: utf8("Hill Road") },
    { customText: "Which tree stood by the gate?", answer: utf8("a linden") },
  ];
  recorder.start();
  await vault.setQuestions({ passphrase: utf8(passphrase), choice: { questions: chosen } });
  const crashes = recorder.stop();
  await vault.close();
  const answersByText = new Map([
    ["What was the name of your first pet?", "Biscuit"],
    ["What city were you born in?", "Lisbon"],
    ["What did I ride to school in the rain?", "The green bicycle"],
    ["Who taught me to whistle on a leaf?", "Aunt Philippa"],
    ["What was the name of your elementary school?", "Hill Road"],
    ["Which tree stood by the gate?", "a linden"],
  ]);
  const counts: number[] = [];
  for (const { place } of crashes) {
    const copy = await openVault(place.platform);
    const questions = await copy.getQuestions();
    counts.push(questions.length);
    await copy.recover({
      answers: questions.map(({ id, text }) => ({
        questionId: id,
        answer: utf8(answersByText.get(text) ?? ""),
      })),
    });
    await copy.close();
  }
  expect(counts.join("")).toMatch(/^4{4,}2{3,}$/);
});

test("wherever an unlocking or a lock is cut short, the next unlocking finds nothing to say", async () => {
  const place = await readyVault();
  const recorder = recordCrashes({ ...place, ...platformOf(place.folder, place.keyFolder) });
  recorder.start();
  const vault = await openVault(recorder.platform);
  await vault.unlock({ passphrase: utf8(passphrase) });
  await vault.close();
  const said: string[] = [];
  for (const { place, before } of recorder.stop()) {
    const copy = await openVault(place.platform);
    const { notices } = await copy.unlock({ passphrase: utf8(passphrase) });
    // A header of which half a copy was written is mended, and that is right to be said.
    const isTorn = before === "the header is half written";
    said.push(...notices.filter((notice) => !(isTorn && notice === "header_repaired")));
    await copy.close();
  }
  expect(said).toEqual([]);
});
