/**
 * Recovering: the recovery code, or the answers on the same device, give ten minutes in which
 * nothing but a new passphrase can be set (see `resetting.ts`).
 */
import { readQuestionRows } from "../auth/question-rows.ts";
import type { VaultPlatform } from "../ports.ts";
import { copySecret, randomBytes, wipe } from "../secret-bytes.ts";
import { openQuestionsSlot } from "../slots/questions-slot.ts";
import { parseRecoveryCode } from "../slots/recovery-code.ts";
import { openRecoverySlot } from "../slots/recovery-slot.ts";
import { VaultError } from "../vault-error.ts";
import { deriveFromDevice } from "../vault-keys.ts";
import { type AttemptLedger, openLedger } from "./attempt-ledger.ts";
import { giveGrant } from "./grant.ts";
import { type VaultParts, readParts } from "./parts.ts";
import { type OpenAuth, type RightAnswer, type VaultState, slotContext } from "./state.ts";
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
 * Grants ten minutes in which `resetPassphrase` works. Locks the vault, if it is open.
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
  giveGrant(state, {
    ...right,
    method: "code" in input ? "code" : "answers",
    expiresAtMs: platform.monotonicClock.nowMs() + grantMs,
  });
  return { expiresInSeconds: grantMs / 1000 };
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
