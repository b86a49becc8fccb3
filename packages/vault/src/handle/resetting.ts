/**
 * Setting a new passphrase after a recovery. That renews the recovery code, ends every session, and
 * is noted.
 *
 * After answers that were all right, the questions stay, with new shares of a new secret. Otherwise
 * they are void until they are set again: after a code nobody gave answers, and where fewer than all
 * have to be right, one that was wrong must not become the right one.
 */
import { readQuestionRows } from "../auth/question-rows.ts";
import type { Notice } from "../notices.ts";
import { checkPassphrase } from "../passphrase/passphrase-rules.ts";
import type { VaultPlatform } from "../ports.ts";
import { copySecret } from "../secret-bytes.ts";
import { calibratePassphraseCost } from "../slots/calibration.ts";
import { sealPassphraseSlot } from "../slots/passphrase-slot.ts";
import { sealRecoverySlot } from "../slots/recovery-slot.ts";
import type { QuestionsSlot } from "../slots/slot.ts";
import { requireReadableAuth } from "./auth-rebuild.ts";
import { keepQuestions } from "./changing.ts";
import { commitSlots } from "./committing.ts";
import { endGrant, giveGrant, takeGrant } from "./grant.ts";
import { openVaultWith } from "./opening.ts";
import { readParts } from "./parts.ts";
import { type Grant, type Unlocked, type VaultState, slotContext, unlockedOf } from "./state.ts";
import { lockVault } from "./unlocking.ts";

export interface ResetInput {
  /** The new passphrase, UTF-8 as typed; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly acceptOldCopy?: boolean;
  /** Makes an `auth.db` anew that is gone or that no key of this device opens; what only it held is lost. */
  readonly acceptNewAuth?: boolean;
}

export interface ResetResult {
  /** Shown once; the caller wipes it. */
  readonly recoveryCode: Uint8Array<ArrayBuffer>;
  readonly notices: readonly Notice[];
}

/**
 * Sets the new passphrase. The vault is locked afterwards: it opens with the new one. When this
 * throws, nothing has changed, and what is left of the ten minutes goes on.
 *
 * @throws {VaultError} `recovery_expired`, `weak_passphrase`, `auth_unreadable`, and what opening
 *   throws.
 */
export async function resetPassphrase(
  state: VaultState,
  { passphrase, acceptOldCopy = false, acceptNewAuth = false }: ResetInput,
): Promise<ResetResult> {
  const { platform } = state;
  const grant = takeGrant(state);
  try {
    checkPassphrase(passphrase);
    const result = await resetWith(state, grant, { passphrase, acceptOldCopy, acceptNewAuth });
    endGrant(platform, grant);
    return result;
  } catch (error) {
    giveGrant(state, grant);
    throw error;
  }
}

async function resetWith(
  state: VaultState,
  grant: Grant,
  { passphrase, acceptOldCopy, acceptNewAuth }: Required<ResetInput>,
): Promise<ResetResult> {
  const parts = await readParts(state);
  requireReadableAuth(parts, acceptNewAuth);
  const vmk = copySecret(grant.vmk);
  const opening = await openVaultWith(state, parts, { vmk, proven: grant.proven, acceptOldCopy });
  const renewed = await renewSecrets(state.platform, unlockedOf(state), grant, passphrase).catch(
    async (error: unknown) => {
      await lockVault(state);
      throw error;
    },
  );
  const notices = [...opening, ...renewed.notices];
  // The new code is told in any case: the one before opens nothing any more.
  await lockVault(state).catch(() => notices.push("repair_pending"));
  return { ...renewed, notices };
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
    events: [
      "passphrase_reset",
      grant.method === "code" ? "recovered_by_code" : "recovered_by_answers",
    ],
  });
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
