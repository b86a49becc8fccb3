/** One copy of the header made up by somebody who has the files and no secret: whole, and without a true MAC. */
import { expect, test } from "vitest";
import { checkVault } from "../src/check.ts";
import { copyByteLength, encodeHeaderCopy } from "../src/header/header-copy.ts";
import { readHeaderFile, wholeCopies } from "../src/header/header-file.ts";
import type { HeaderPayload } from "../src/header/header-payload.ts";
import { type Vault, openVault } from "../src/vault.ts";
import { copyVault, putBack } from "./support/copied-vault.ts";
import { type ReadyVault, readyVault } from "./support/ready-vault.ts";
import {
  type TempVault,
  answers,
  otherPassphrase,
  passphrase,
  platformOf,
  utf8,
} from "./support/temp-vault.ts";

async function payloadOf({ platform }: TempVault): Promise<HeaderPayload> {
  const file = await readHeaderFile(platform);
  const payload = file && wholeCopies(file)[0]?.payload;
  if (!payload) throw new Error("no header");
  return payload;
}

interface Forgery {
  readonly payload: HeaderPayload;
  readonly generation?: number;
  readonly copy?: 0 | 1;
}

/** Writes a copy that is newer than both, with a checksum that fits and a MAC by no key of the vault's. */
async function forge({ platform }: TempVault, forgery: Forgery): Promise<void> {
  const { payload, generation = 1_000_000, copy = 0 } = forgery;
  const macKey = new Uint8Array(32).fill(1);
  const bytes = await encodeHeaderCopy(platform.subtle, macKey, generation, payload);
  await platform.files.writeHeader(copy * copyByteLength, bytes);
}

async function opened<Result>(
  { folder, keyFolder }: TempVault,
  work: (vault: Vault) => Promise<Result>,
): Promise<Result> {
  const vault = await openVault(platformOf(folder, keyFolder).platform);
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}

async function noticesOf(place: TempVault, secret = passphrase): Promise<readonly string[]> {
  return opened(place, async (vault) => (await vault.unlock({ passphrase: utf8(secret) })).notices);
}

/** A vault whose passphrase and code were changed, closed, and the header's slots from before. */
async function changedVault(): Promise<{ place: ReadyVault; before: HeaderPayload }> {
  const place = await readyVault();
  const before = await payloadOf(place);
  await opened(place, async (vault) => {
    await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.renewRecoveryCode({ passphrase: utf8(passphrase) });
    await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
  });
  return { place, before };
}

test.each([0, 1] as const)(
  "an old passphrase's slot in a made-up copy %i is an old copy, and the new passphrase mends it",
  async (copy) => {
    const { place, before } = await changedVault();
    const payload = { ...(await payloadOf(place)), slots: before.slots };
    await forge(place, { payload, copy });
    await opened(place, async (vault) => {
      await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
        code: "old_copy",
        parts: ["header"],
      });
    });
    expect(await noticesOf(place, otherPassphrase)).toEqual(["header_repaired"]);
    await opened(place, async (vault) => {
      await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
        code: "unlock_failed",
      });
    });
  },
);

test("an old code's slot in a made-up copy doesn't reset the passphrase unnoticed", async () => {
  const { place, before } = await changedVault();
  await forge(place, { payload: { ...(await payloadOf(place)), slots: before.slots } });
  await opened(place, async (vault) => {
    const refusal = { code: "old_copy", parts: ["header"] };
    await expect(vault.recover({ code: place.code })).rejects.toMatchObject(refusal);
    await vault.recover({ code: place.code, acceptOldCopy: true });
    await expect(vault.reset({ passphrase: utf8(passphrase) })).rejects.toMatchObject(refusal);
  });
  expect(await noticesOf(place, otherPassphrase)).toEqual(["header_repaired"]);
});

test("the highest generation there is, in a made-up copy, damages nothing", async () => {
  const place = await readyVault();
  const payload = await payloadOf(place);
  await forge(place, { payload, generation: Number.MAX_SAFE_INTEGER });
  expect(await noticesOf(place)).toEqual(["header_repaired"]);
  expect(await noticesOf(place)).toEqual([]);
});

/** Marks a copy as one of a later version, with a checksum that fits. */
async function forgeLaterVersion({ platform }: TempVault, copy: 0 | 1): Promise<void> {
  const file = await platform.files.readHeader();
  const bytes = file?.slice(copy * copyByteLength, (copy + 1) * copyByteLength);
  if (!bytes) throw new Error("no header");
  new DataView(bytes.buffer).setUint32(8, 2);
  const checksum = await platform.subtle.digest("SHA-256", bytes.subarray(0, 4032));
  bytes.set(new Uint8Array(checksum), 4032);
  await platform.files.writeHeader(copy * copyByteLength, bytes);
}

/** The right answers to the questions as they are asked. */
async function rightAnswers(vault: Vault) {
  const questions = await vault.getQuestions();
  expect(questions).toHaveLength(4);
  return questions.map(({ id }) => ({ questionId: id, answer: utf8(answers[id - 1] ?? "") }));
}

const broken = { iv: new Uint8Array(12), wrapped: new Uint8Array(48) };

const forgeries: readonly (readonly [string, (payload: HeaderPayload) => HeaderPayload])[] = [
  [
    "slots that nothing opens",
    ({ slots, ...rest }) => ({
      ...rest,
      slots: {
        passphrase: { ...slots.passphrase, ...broken },
        recovery: slots.recovery && { ...slots.recovery, ...broken },
        questions: slots.questions && { ...slots.questions, setId: "0".repeat(32) },
      },
    }),
  ],
  [
    "no code and no questions",
    ({ slots, ...rest }) => ({
      ...rest,
      slots: { passphrase: slots.passphrase, recovery: null, questions: null },
    }),
  ],
  [
    "fewer answers to be right",
    ({ slots, ...rest }) => changedQuestions(rest, slots, { threshold: 3 }),
  ],
  ["more questions", ({ slots, ...rest }) => changedQuestions(rest, slots, { count: 5 })],
];

function changedQuestions(
  rest: Omit<HeaderPayload, "slots">,
  slots: HeaderPayload["slots"],
  change: { readonly threshold?: number; readonly count?: number },
): HeaderPayload {
  return {
    ...rest,
    slots: { ...slots, questions: slots.questions && { ...slots.questions, ...change } },
  };
}

const otherIdentity: (typeof forgeries)[number] = [
  "another vault's id",
  (payload) => ({ ...payload, vaultId: new Uint8Array(16) }),
];

test.each([...forgeries, otherIdentity])(
  "a made-up copy with %s keeps no right secret from opening the vault, and the check says it",
  async (_, change) => {
    const place = await readyVault();
    await forge(place, { payload: change(await payloadOf(place)) });
    await opened(place, async (vault) => {
      const check = await vault.check();
      expect([check.isWhole, check.header?.isConsistent]).toEqual([false, false]);
      await vault.recover({ code: place.code });
      await vault.recover({ answers: await rightAnswers(vault) });
      const { notices } = await vault.unlock({ passphrase: utf8(passphrase) });
      expect(notices).toEqual(["header_repaired"]);
      expect((await vault.check()).isWhole).toBe(true);
    });
  },
);

test("a wrong passphrase costs one attempt, though it is tried on two copies that differ", async () => {
  const place = await readyVault();
  const { slots, ...rest } = await payloadOf(place);
  const payload = { ...rest, slots: { ...slots, passphrase: { ...slots.passphrase, ...broken } } };
  await forge(place, { payload });
  await opened(place, async (vault) => {
    await expect(vault.unlock({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
      code: "unlock_failed",
    });
    expect((await vault.lockOut()).signInAttemptsLeft).toBe(4);
  });
});

const hostile: (typeof forgeries)[number] = [
  "a key derivation of 64 GiB",
  ({ slots, ...rest }) => {
    const { kdf } = slots.passphrase;
    const passphrase = { ...slots.passphrase, kdf: { ...kdf, memoryKib: 64 * 1024 * 1024 } };
    return { ...rest, slots: { ...slots, passphrase } };
  },
];

test.each([...forgeries, hostile])(
  "two made-up copies with %s keep no right secret from opening the vault, and the check says it",
  async (_, change) => {
    const place = await readyVault();
    const payload = change(await payloadOf(place));
    for (const copy of [0, 1] as const) await forge(place, { payload, copy });
    expect((await checkVault(place.platform)).isWhole).toBe(false);
    await opened(place, async (vault) => {
      expect((await vault.check()).isWhole).toBe(false);
      await vault.recover({ code: place.code });
      await vault.recover({ answers: await rightAnswers(vault) });
      const { notices } = await vault.unlock({ passphrase: utf8(passphrase) });
      expect(notices).toEqual(["header_rebuilt"]);
      expect((await vault.check()).isWhole).toBe(true);
    });
    expect(await noticesOf(place)).toEqual([]);
    expect((await checkVault(place.platform)).isWhole).toBe(true);
  },
);

test("what auth.db keeps of replaced secrets opens nothing beside the header, and is old beside a made-up one", async () => {
  const place = await readyVault();
  const old = copyVault(place);
  await opened(place, async (vault) => {
    await vault.unlock({ passphrase: utf8(passphrase) });
    await vault.changePassphrase({ current: utf8(passphrase), next: utf8(otherPassphrase) });
  });
  putBack(old, place, "auth.db");
  const attempt = async (code: string): Promise<void> =>
    opened(place, async (vault) => {
      await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({ code });
    });
  await attempt("unlock_failed");
  const { slots, ...rest } = await payloadOf(place);
  const payload = { ...rest, slots: { ...slots, passphrase: { ...slots.passphrase, ...broken } } };
  for (const copy of [0, 1] as const) await forge(place, { payload, copy });
  await attempt("old_copy");
});

test.each([0, 1] as const)(
  "copy %i of a later version keeps no right secret from opening the vault, and is said where nothing opens",
  async (copy) => {
    const place = await readyVault();
    await forgeLaterVersion(place, copy);
    await opened(place, async (vault) => {
      await expect(vault.unlock({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
        code: "newer_version",
      });
      expect((await vault.lockOut()).signInAttemptsLeft).toBe(4);
    });
    expect(await noticesOf(place)).toEqual(["header_repaired"]);
  },
);

test("two copies of a later version are refused as that, and left as they are", async () => {
  const place = await readyVault();
  for (const copy of [0, 1] as const) await forgeLaterVersion(place, copy);
  const before = await place.platform.files.readHeader();
  await opened(place, async (vault) => {
    await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
      code: "newer_version",
    });
  });
  expect(await place.platform.files.readHeader()).toEqual(before);
});
