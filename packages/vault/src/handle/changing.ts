/** Changing the passphrase, the recovery code and the questions, each after the passphrase again. */
import { toInstant } from "@hi-stranger/core/clock";
import { listPredefinedQuestions } from "../auth/auth-database.ts";
import { addQuestionRows } from "../auth/question-rows.ts";
import type { VaultIdentity } from "../header/header-payload.ts";
import type { Notice } from "../notices.ts";
import { checkPassphrase } from "../passphrase/passphrase-rules.ts";
import type { VaultPlatform } from "../ports.ts";
import { type CheckedQuestion, type QuestionChoice, checkQuestions } from "../questions.ts";
import { wipe } from "../secret-bytes.ts";
import { calibratePassphraseCost } from "../slots/calibration.ts";
import { sealPassphraseSlot } from "../slots/passphrase-slot.ts";
import { sealQuestionsSlot } from "../slots/questions-slot.ts";
import { sealRecoverySlot } from "../slots/recovery-slot.ts";
import type { QuestionsSlot } from "../slots/slot.ts";
import { deriveFromDevice } from "../vault-keys.ts";
import { commitSlots } from "./committing.ts";
import { type OpenAuth, type VaultState, slotContext, unlockedOf } from "./state.ts";
import { provePassphrase } from "./unlocking.ts";

export interface ChangePassphraseInput {
  /** Both UTF-8 as typed; the caller wipes them. */
  readonly current: Uint8Array;
  readonly next: Uint8Array;
}

/**
 * @throws {VaultError} `vault_locked`, `weak_passphrase`, `unlock_failed`, `locked_out`,
 *   `disk_full`, `read_only`.
 */
export async function changePassphrase(
  state: VaultState,
  { current, next }: ChangePassphraseInput,
): Promise<Notice[]> {
  const { platform } = state;
  const unlocked = unlockedOf(state);
  checkPassphrase(next);
  const { vmk } = await provePassphrase(platform, unlocked, current);
  try {
    const { payload } = unlocked.header;
    const cost = await calibratePassphraseCost(platform);
    const input = { passphrase: next, vmk, cost };
    const sealed = await sealPassphraseSlot(slotContext(platform, payload), input);
    return await commitSlots(platform, unlocked, {
      slots: { ...payload.slots, passphrase: sealed.slot },
      phc: sealed.phc,
      events: ["passphrase_changed"],
    });
  } finally {
    wipe(vmk);
  }
}

/**
 * Puts a new recovery code in the place of the one there was, if any. The code is shown once; the
 * caller wipes it.
 *
 * @throws {VaultError} `vault_locked`, `unlock_failed`, `locked_out`, `disk_full`, `read_only`.
 */
export async function renewRecoveryCode(
  state: VaultState,
  passphrase: Uint8Array,
): Promise<{ recoveryCode: Uint8Array<ArrayBuffer>; notices: Notice[] }> {
  const { platform } = state;
  const unlocked = unlockedOf(state);
  const { vmk } = await provePassphrase(platform, unlocked, passphrase);
  try {
    const { payload } = unlocked.header;
    const { slot, code } = await sealRecoverySlot(slotContext(platform, payload), vmk);
    const notices = await commitSlots(platform, unlocked, {
      slots: { ...payload.slots, recovery: slot },
      events: ["recovery_code_renewed"],
    });
    return { recoveryCode: code, notices };
  } finally {
    wipe(vmk);
  }
}

export interface SetQuestionsInput {
  /** UTF-8 as typed; the caller wipes it. */
  readonly passphrase: Uint8Array;
  /** Null for no questions at all. */
  readonly choice: QuestionChoice | null;
}

/**
 * Puts new questions in the place of those there were.
 *
 * @throws {VaultError} `vault_locked`, `invalid_questions`, `unlock_failed`, `locked_out`,
 *   `disk_full`, `read_only`.
 */
export async function setQuestions(
  state: VaultState,
  { passphrase, choice }: SetQuestionsInput,
): Promise<Notice[]> {
  const { platform } = state;
  const unlocked = unlockedOf(state);
  const catalogue = listPredefinedQuestions(unlocked.auth.database);
  const checked = choice && checkQuestions(choice, catalogue);
  const { vmk } = await provePassphrase(platform, unlocked, passphrase);
  try {
    const { auth, header } = unlocked;
    const kept = { auth, identity: header.payload };
    const questions = checked && (await keepQuestions(platform, kept, { ...checked, vmk }));
    return await commitSlots(platform, unlocked, {
      slots: { ...header.payload.slots, questions },
      events: ["questions_changed"],
    });
  } finally {
    wipe(vmk);
  }
}

export interface KeepQuestionsInput {
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly questions: readonly CheckedQuestion[];
  readonly threshold: number;
}

/** Adds the rows of a new set of questions, which count once the slot is in the header. */
export async function keepQuestions(
  platform: VaultPlatform,
  { auth, identity }: { readonly auth: OpenAuth; readonly identity: VaultIdentity },
  { vmk, questions, threshold }: KeepQuestionsInput,
): Promise<QuestionsSlot> {
  const { database, deviceKey } = auth;
  const label = "hs/vault/slot-q-device/v1";
  const deviceSecret = await deriveFromDevice(deviceKey, label, identity.vaultId);
  const answers = questions.map(({ answer }) => answer);
  const input = { vmk, answers, threshold, deviceSecret };
  const sealed = await sealQuestionsSlot(slotContext(platform, identity), input).finally(() =>
    wipe(deviceSecret),
  );
  const rows = sealed.shares.flatMap((share, index) => {
    const question = questions[index];
    return question ? [{ text: question.text, type: question.type, share }] : [];
  });
  const at = toInstant(platform.clock.now());
  database.transaction(() => addQuestionRows(database, rows, at));
  return sealed.slot;
}
