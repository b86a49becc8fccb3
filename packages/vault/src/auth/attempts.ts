/**
 * Counting attempts, and the waits they cost: pure decisions.
 *
 * An attempt is counted before it is made, so that one that is cut short counts as failed. The fifth
 * failed sign-in and the third failed recovery lock for 300 s; each further failure doubles that, up
 * to a day. A success forgets everything.
 *
 * A wait is credited by the monotonic clock, within one of its epochs. In another epoch, after a
 * restart, what was left when it was last saved still has to be waited. The wall clock has no say.
 */

export type AttemptKind = "sign_in" | "recovery";

export const attemptKinds: readonly AttemptKind[] = ["sign_in", "recovery"];

/** What is kept of the failed attempts of one kind. */
export interface AttemptState {
  readonly failedCount: number;
  /** What was left to wait at `clockMs` of the epoch `clockEpoch`. */
  readonly waitMs: number;
  readonly clockEpoch: string;
  readonly clockMs: number;
}

/** A moment of the monotonic clock. */
export interface Moment {
  readonly epochId: string;
  readonly ms: number;
}

const freeFailuresByKind = { sign_in: 5, recovery: 3 } as const satisfies Record<
  AttemptKind,
  number
>;
const firstWaitMs = 300_000;
const longestWaitMs = 86_400_000;

/** No attempt has failed. */
export function noAttempts({ epochId, ms }: Moment): AttemptState {
  return { failedCount: 0, waitMs: 0, clockEpoch: epochId, clockMs: ms };
}

/** `state` at `now`: what has been waited in this epoch is taken off. */
export function creditWait(state: AttemptState, { epochId, ms }: Moment): AttemptState {
  const waitedMs = state.clockEpoch === epochId ? Math.max(0, ms - state.clockMs) : 0;
  return {
    failedCount: state.failedCount,
    waitMs: Math.max(0, state.waitMs - waitedMs),
    clockEpoch: epochId,
    clockMs: ms,
  };
}

/** One more attempt, counted as failed, with the wait it costs if it is. */
export function countAttempt(kind: AttemptKind, state: AttemptState): AttemptState {
  const failedCount = Math.min(state.failedCount + 1, Number.MAX_SAFE_INTEGER);
  return { ...state, failedCount, waitMs: waitAfter(kind, failedCount) };
}

/** The stricter of two accounts of the same attempts, both at the same moment. */
export function stricter(left: AttemptState, right: AttemptState): AttemptState {
  return {
    ...left,
    failedCount: Math.max(left.failedCount, right.failedCount),
    waitMs: Math.max(left.waitMs, right.waitMs),
  };
}

/** How many attempts may be made without a wait, the last of which costs one when it fails; 0 while one is waited. */
export function attemptsLeft(kind: AttemptKind, { failedCount, waitMs }: AttemptState): number {
  if (waitMs > 0) return 0;
  return Math.max(1, freeFailuresByKind[kind] - failedCount);
}

/** Whether `value`, read from somewhere, can be a state; its wait is no longer than any we give. */
export function isAttemptState(value: AttemptState): boolean {
  return (
    Number.isSafeInteger(value.failedCount) &&
    value.failedCount >= 0 &&
    Number.isFinite(value.waitMs) &&
    value.waitMs >= 0 &&
    value.waitMs <= longestWaitMs &&
    Number.isFinite(value.clockMs)
  );
}

function waitAfter(kind: AttemptKind, failedCount: number): number {
  const doublings = failedCount - freeFailuresByKind[kind];
  if (doublings < 0) return 0;
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(doublings, 30));
}
