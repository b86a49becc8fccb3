/**
 * The use of a recovery's right to set a new passphrase. A timer ends that right, and wipes what
 * belongs to it, at a moment of its own: so it is taken out of the timer's reach before it is used.
 */
import type { VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import { type Grant, type VaultState, dropGrant } from "./state.ts";

/** What a recovery gives, before its time begins to run. */
export type NewGrant = Omit<Grant, "cancelTimer">;

/** Lets the right last until its time is over. */
export function giveGrant(state: VaultState, grant: NewGrant): void {
  const { monotonicClock, scheduler } = state.platform;
  const leftMs = Math.max(0, grant.expiresAtMs - monotonicClock.nowMs());
  const cancelTimer = scheduler.after(leftMs, () => dropGrant(state));
  state.grant = { ...grant, cancelTimer };
}

/**
 * Takes the right for whoever uses it: it is to be ended or given back.
 *
 * @throws {VaultError} `recovery_expired` when there is none, or none any more.
 */
export function takeGrant(state: VaultState): Grant {
  const { grant, platform } = state;
  if (!grant || platform.monotonicClock.nowMs() >= grant.expiresAtMs) {
    dropGrant(state);
    throw new VaultError("recovery_expired");
  }
  grant.cancelTimer();
  state.grant = null;
  return grant;
}

/** Ends a right that was taken. */
export function endGrant({ collectGarbage }: VaultPlatform, { vmk, answers }: Grant): void {
  wipe(vmk, ...answers.map(({ answer }) => answer));
  collectGarbage?.();
}
