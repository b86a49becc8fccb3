/**
 * Recovering: the recovery code, or the answers on the same device, give ten minutes in which
 * nothing but a new passphrase can be set (see `resetting.ts`).
 */
import { readQuestionRows } from "../auth/question-rows.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { VaultPlatform } from "../ports.ts";
import { copySecret, randomBytes, wipe } from "../secret-bytes.ts";
import { isSetOf, openQuestionsSlot } from "../slots/questions-slot.ts";
import { parseRecoveryCode } from "../slots/recovery-code.ts";
import { openRecoverySlot } from "../slots/recovery-slot.ts";
import type { QuestionsSlot, Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { deriveFromDevice } from "../vault-keys.ts";
import { type AttemptLedger, openLedger } from "./attempt-ledger.ts";
import { requireReadableAuth } from "./auth-rebuild.ts";
import { requireOpenable } from "./examining.ts";
import { giveGrant } from "./grant.ts";
import { type VaultParts, readParts } from "./parts.ts";
import {
  type OpenAuth,
  type RightAnswer,
  type VaultState,
  dropGrant,
  slotContext,
} from "./state.ts";
import { tryCopies } from "./trying.ts";
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

/** What the person accepts, as `resetPassphrase` asks for it again when it comes to it. */
export interface RecoverConsents {
  readonly acceptOldCopy?: boolean;
  /** To make an `auth.db` anew that is gone or that no key of this device opens. */
  readonly acceptNewAuth?: boolean;
}

export type RecoverInput = RecoverConsents &
  ({ readonly code: Uint8Array } | { readonly answers: readonly GivenAnswer[] });

/**
 * The person's questions, in random order; none when there are none.
 *
 * @throws {VaultError} `no_vault`, `no_device_key`, `damaged`, `newer_version`.
 */
export async function getQuestions(state: VaultState): Promise<Question[]> {
  const { readings, auth } = await readParts(state);
  const slots = readings.flatMap(({ slots }) => slots.questions ?? []);
  if (slots.length === 0) return [];
  if (!auth) throw new VaultError("no_device_key");
  const rows = slots
    .map((slot) => ({ slot, rows: readQuestionRows(auth.database, slot.setId) }))
    .find(({ slot, rows }) => isSetOf(slot, rows))?.rows;
  return shuffled(state.platform, rows ?? []).map(({ id, text }) => ({ id, text }));
}

/**
 * Grants ten minutes in which `resetPassphrase` works. Locks the vault, if it is open, once the
 * secret has turned out right: whoever has forgotten the passphrase may still have it open.
 *
 * @throws {VaultError} `no_vault`, `unlock_failed`, `mistyped_code`, `locked_out`, `no_device_key`,
 *   `auth_unreadable`, `old_copy`, `damaged`, `newer_version`, `hostile_parameters`,
 *   `key_store_unreachable`.
 */
export async function recoverVault(
  state: VaultState,
  input: RecoverInput,
): Promise<{ readonly expiresInSeconds: number }> {
  const { platform, unlocked } = state;
  dropGrant(state);
  const parts = await partsToTry(state);
  const { acceptOldCopy = false, acceptNewAuth = false } = input;
  if ("code" in input) requireReadableAuth(parts, acceptNewAuth);
  const ledger = openLedger(platform, parts);
  const right =
    "code" in input
      ? await tryCode(platform, parts, ledger, input.code)
      : await tryAnswers(platform, parts, ledger, input.answers);
  if (!right) throw ledger.failed("recovery");
  try {
    await ledger.succeeded();
    if (unlocked) await lockVault(state);
    else await requireOpenable(platform, parts, { ...right, acceptOldCopy });
  } catch (error) {
    wipe(right.vmk, ...right.answers.map(({ answer }) => answer));
    throw error;
  }
  giveGrant(state, {
    ...right,
    method: "code" in input ? "code" : "answers",
    expiresAtMs: platform.monotonicClock.nowMs() + grantMs,
  });
  return { expiresInSeconds: grantMs / 1000 };
}

/** Of a vault that is open, the header is proven: no other reading of it counts. */
async function partsToTry(state: VaultState): Promise<VaultParts> {
  const parts = await readParts(state);
  if (!state.unlocked) return parts;
  const { payload } = state.unlocked.header;
  return { ...parts, payload, readings: [payload] };
}

interface RightSecret {
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly proven: Partial<Slots>;
  readonly answers: readonly RightAnswer[];
}

async function tryCode(
  platform: VaultPlatform,
  parts: VaultParts,
  ledger: AttemptLedger,
  code: Uint8Array,
): Promise<RightSecret | null> {
  const values = parseRecoveryCode(code);
  // A typing mistake shows without the vault, and costs no attempt.
  if (!values) throw new VaultError("mistyped_code");
  wipe(values);
  await ledger.begin("recovery");
  return tryCopies(platform, parts, async (payload) => {
    const slot = payload.slots.recovery;
    const vmk = slot && (await openRecoverySlot(slotContext(platform, payload), slot, code));
    return vmk && { vmk, proven: { recovery: slot }, answers: [] };
  });
}

async function tryAnswers(
  platform: VaultPlatform,
  parts: VaultParts,
  ledger: AttemptLedger,
  given: readonly GivenAnswer[],
): Promise<RightSecret | null> {
  const { auth } = parts;
  if (!auth) throw new VaultError("no_device_key");
  await ledger.begin("recovery");
  const opened = await tryCopies(platform, parts, async (payload) => {
    const slot = payload.slots.questions;
    const isKept = slot && isSetOf(slot, readQuestionRows(auth.database, slot.setId));
    // Where the readings differ, one may be made up: of a set that never was, or in another number.
    if (!isKept && parts.readings.length > 1) return null;
    return tryQuestionsSlot(platform, auth, payload, given);
  });
  if (!opened) return null;
  const { vmk, slot, rightAnswers } = opened;
  const answers = rightAnswers.map(({ questionId, answer }) => ({
    questionId,
    answer: copySecret(answer),
  }));
  return { vmk, proven: { questions: slot }, answers };
}

interface OpenedByAnswers {
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly slot: QuestionsSlot;
  /** All, or none when one was wrong. */
  readonly rightAnswers: readonly GivenAnswer[];
}

async function tryQuestionsSlot(
  platform: VaultPlatform,
  auth: OpenAuth,
  payload: HeaderPayload,
  given: readonly GivenAnswer[],
): Promise<OpenedByAnswers | null> {
  const slot = payload.slots.questions;
  if (!slot) return null;
  const rows = readQuestionRows(auth.database, slot.setId);
  const answered = rows.map(({ id, share }) => ({
    questionId: id,
    share,
    answer: given.find(({ questionId }) => questionId === id)?.answer ?? new Uint8Array(0),
  }));
  const deviceSecret = await deviceSecretOf(auth, payload.vaultId);
  const opened = await openQuestionsSlot(
    slotContext(platform, payload),
    slot,
    answered,
    deviceSecret,
  ).finally(() => wipe(deviceSecret));
  return opened && { vmk: opened.vmk, slot, rightAnswers: opened.areAllRight ? answered : [] };
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
