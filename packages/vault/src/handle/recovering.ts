/**
 * Recovering: the recovery code, or the answers on the same device, give ten minutes in which
 * nothing but a new passphrase can be set. That renews the recovery code, ends every session, and is
 * noted.
 *
 * After answers that were all right, the questions stay, with new shares of a new secret. Otherwise
 * they are void until they are set again: after a code nobody gave answers, and where fewer than all
 * have to be right, one that was wrong must not become the right one.
 */
import { readQuestionRows } from "../auth/question-rows.ts";
import { logEvent } from "../auth/auth-database.ts";
import type { Notice } from "../notices.ts";
import { checkPassphrase } from "../passphrase/passphrase-rules.ts";
import type { VaultPlatform } from "../ports.ts";
import { copySecret, randomBytes, wipe } from "../secret-bytes.ts";
import { calibratePassphraseCost } from "../slots/calibration.ts";
import { sealPassphraseSlot } from "../slots/passphrase-slot.ts";
import { openQuestionsSlot } from "../slots/questions-slot.ts";
import { parseRecoveryCode } from "../slots/recovery-code.ts";
import { openRecoverySlot, sealRecoverySlot } from "../slots/recovery-slot.ts";
import type { QuestionsSlot } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { deriveFromDevice } from "../vault-keys.ts";
import { type AttemptLedger, openLedger } from "./attempt-ledger.ts";
import { keepQuestions } from "./changing.ts";
import { commitSlots } from "./committing.ts";
import { openVaultWith } from "./opening.ts";
import { type VaultParts, readParts } from "./parts.ts";
import {
  type Grant,
  type OpenAuth,
  type RightAnswer,
  type Unlocked,
  type VaultState,
  dropGrant,
  slotContext,
  unlockedOf,
} from "./state.ts";
import { lockVault } from "./unlocking.ts";

const grantMs = 10 * 60_000;

export interface Question {
  readonly id: number;
  readonly text: string;
}

/** An answer as typed; one that isn't known is left out. The caller wipes it. */
export interface GivenAnswer {
  readonly questionId: number;
  readonly answer: Uint8Array;
}

export type RecoverInput =
  { readonly code: Uint8Array } | { readonly answers: readonly GivenAnswer[] };

/**
 * The person's questions, in random order; none when there are none.
 *
 * @throws {VaultError} `no_vault`, `no_device_key`, `damaged`, `newer_version`.
 */
export async function getQuestions(state: VaultState): Promise<Question[]> {
  const { payload, auth } = await readParts(state);
  if (!payload.slots.questions) return [];
  if (!auth) throw new VaultError("no_device_key");
  const rows = readQuestionRows(auth.database, payload.slots.questions.setId);
  return shuffled(state.platform, rows).map(({ id, text }) => ({ id, text }));
}

/**
 * Grants ten minutes in which {@link resetPassphrase} works. Locks the vault, if it is open.
 *
 * @throws {VaultError} `no_vault`, `unlock_failed`, `mistyped_code`, `locked_out`, `no_device_key`,
 *   `damaged`, `newer_version`, `hostile_parameters`, `key_store_unreachable`.
 */
export async function recoverVault(
  state: VaultState,
  input: RecoverInput,
): Promise<{ readonly expiresInSeconds: number }> {
  const { platform } = state;
  await lockVault(state);
  const parts = await readParts(state);
  const ledger = openLedger(platform, parts);
  const right =
    "code" in input
      ? await tryCode(platform, parts, ledger, input.code)
      : await tryAnswers(platform, parts, ledger, input.answers);
  if (!right) throw ledger.failed("recovery");
  await ledger.succeeded();
  state.grant = {
    ...right,
    method: "code" in input ? "code" : "answers",
    expiresAtMs: platform.monotonicClock.nowMs() + grantMs,
    cancelTimer: platform.scheduler.after(grantMs, () => dropGrant(state)),
  };
  return { expiresInSeconds: grantMs / 1000 };
}

export interface ResetInput {
  /** The new passphrase, UTF-8 as typed; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly acceptOldCopy?: boolean;
}

export interface ResetResult {
  /** Shown once; the caller wipes it. */
  readonly recoveryCode: Uint8Array<ArrayBuffer>;
  readonly notices: readonly Notice[];
}

/**
 * Sets the new passphrase. The vault is locked afterwards: it opens with the new one.
 *
 * @throws {VaultError} `recovery_expired`, `weak_passphrase`, and what opening throws.
 */
export async function resetPassphrase(
  state: VaultState,
  { passphrase, acceptOldCopy = false }: ResetInput,
): Promise<ResetResult> {
  const { platform, grant } = state;
  const isInTime = grant && platform.monotonicClock.nowMs() < grant.expiresAtMs;
  if (!isInTime) {
    dropGrant(state);
    throw new VaultError("recovery_expired");
  }
  checkPassphrase(passphrase);
  const parts = await readParts(state);
  const vmk = copySecret(grant.vmk);
  const notices = await openVaultWith(state, parts, { vmk, proven: {}, acceptOldCopy });
  try {
    const result = await renewSecrets(platform, unlockedOf(state), grant, passphrase);
    return { ...result, notices: [...notices, ...result.notices] };
  } finally {
    await lockVault(state);
  }
}

/** New slots P, R and Q for the same master key. */
async function renewSecrets(
  platform: VaultPlatform,
  unlocked: Unlocked,
  grant: Grant,
  passphrase: Uint8Array,
): Promise<ResetResult> {
  const { payload } = unlocked.header;
  const context = slotContext(platform, payload);
  const { vmk } = unlocked;
  const cost = await calibratePassphraseCost(platform);
  const sealed = await sealPassphraseSlot(context, { passphrase, vmk, cost });
  const recovery = await sealRecoverySlot(context, vmk);
  const questions = await renewQuestions(platform, unlocked, grant);
  const notices = await commitSlots(platform, unlocked, {
    slots: { passphrase: sealed.slot, recovery: recovery.slot, questions },
    phc: sealed.phc,
    event: "passphrase_reset",
  });
  logEvent(
    unlocked.auth.database,
    grant.method === "code" ? "recovered_by_code" : "recovered_by_answers",
    platform.clock.now(),
  );
  if (payload.slots.questions && !questions) notices.push("questions_void");
  return { recoveryCode: recovery.code, notices };
}

async function renewQuestions(
  platform: VaultPlatform,
  unlocked: Unlocked,
  { answers }: Grant,
): Promise<QuestionsSlot | null> {
  const { auth, vmk } = unlocked;
  const identity = unlocked.header.payload;
  const slot = identity.slots.questions;
  if (!slot || answers.length !== slot.count) return null;
  const rows = readQuestionRows(auth.database, slot.setId);
  const questions = rows.flatMap(({ id, text, type }) =>
    answers
      .filter(({ questionId }) => questionId === id)
      .map(({ answer }) => ({ text, type, answer })),
  );
  const input = { vmk, questions, threshold: slot.threshold };
  return keepQuestions(platform, { auth, identity }, input);
}

interface RightSecret {
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly answers: readonly RightAnswer[];
}

async function tryCode(
  platform: VaultPlatform,
  { payload }: VaultParts,
  ledger: AttemptLedger,
  code: Uint8Array,
): Promise<RightSecret | null> {
  const values = parseRecoveryCode(code);
  // A typing mistake shows without the vault, and costs no attempt.
  if (!values) throw new VaultError("mistyped_code");
  wipe(values);
  await ledger.begin("recovery");
  const slot = payload.slots.recovery;
  const vmk = slot && (await openRecoverySlot(slotContext(platform, payload), slot, code));
  return vmk && { vmk, answers: [] };
}

async function tryAnswers(
  platform: VaultPlatform,
  { payload, auth }: VaultParts,
  ledger: AttemptLedger,
  given: readonly GivenAnswer[],
): Promise<RightSecret | null> {
  const slot = payload.slots.questions;
  if (!auth) throw new VaultError("no_device_key");
  await ledger.begin("recovery");
  if (!slot) return null;
  const rows = readQuestionRows(auth.database, slot.setId);
  const answerOf = (id: number): Uint8Array =>
    given.find(({ questionId }) => questionId === id)?.answer ?? new Uint8Array(0);
  const answered = rows.map(({ id, share }) => ({ share, answer: answerOf(id) }));
  const deviceSecret = await deviceSecretOf(auth, payload.vaultId);
  const opened = await openQuestionsSlot(
    slotContext(platform, payload),
    slot,
    answered,
    deviceSecret,
  ).finally(() => wipe(deviceSecret));
  if (!opened) return null;
  const answers = opened.areAllRight
    ? rows.map(({ id }) => ({ questionId: id, answer: copySecret(answerOf(id)) }))
    : [];
  return { vmk: opened.vmk, answers };
}

async function deviceSecretOf(
  { deviceKey }: OpenAuth,
  vaultId: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return deriveFromDevice(deviceKey, "hs/vault/slot-q-device/v1", vaultId);
}

/** In random order: each item gets a random number of 64 bits, and they are sorted by it. */
function shuffled<Item>({ fillRandom }: VaultPlatform, items: readonly Item[]): Item[] {
  const numbered = items.map((item) => {
    const bytes = randomBytes(fillRandom, 8);
    return { item, rank: new DataView(bytes.buffer).getBigUint64(0) };
  });
  return numbered.sort((left, right) => (left.rank < right.rank ? -1 : 1)).map(({ item }) => item);
}
