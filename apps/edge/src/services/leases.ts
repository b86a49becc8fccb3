/**
 * Requests that an isolate may let through without asking: taken from a `Gatekeeper` in batches and
 * spent here. Pure book-keeping; `gate.ts` does the asking.
 *
 * A lease starts small and follows the caller's pace: twice as large each time it runs low early,
 * half as large each time it is hardly used, a tenth of the limit at most. After five seconds it is
 * renewed in the background, after ten it isn't used: by then every isolate has heard of a block or
 * a revoked session.
 */
import type { Answer } from "../gatekeeper/messages.ts";
import type { Limit } from "../gatekeeper/token-bucket.ts";

export const renewAfterMs = 5_000;
export const leaseTtlMs = 10_000;
const firstSize = 8;
const shareOfLimit = 10;
/** How long an isolate refuses by itself, at least. */
const minRefusalMs = 1_000;

export interface Lease {
  tokens: number;
  /** How many have been asked for and not answered yet. */
  asked: number;
  /** How many it is filled up to. */
  size: number;
  /** When it was last answered for; 0 for never. */
  asOfMs: number;
  /** Until then, there is nothing to be had. */
  emptyUntilMs: number;
  /** Of the last answer. */
  remaining: number;
  secondsUntilFull: number;
  /** Until then, a renewal is on its way. It may never arrive, should its request end. */
  renewingUntilMs: number;
}

export function emptyLease(limit: Limit): Lease {
  return {
    tokens: 0,
    asked: 0,
    size: Math.min(firstSize, maxSize(limit)),
    asOfMs: 0,
    emptyUntilMs: 0,
    remaining: limit.requests,
    secondsUntilFull: 0,
    renewingUntilMs: 0,
  };
}

/** Most requests that one isolate holds for one caller: what a window may see on top of the limit, for each isolate. */
export function maxSize({ requests }: Limit): number {
  return Math.max(1, Math.ceil(requests / shareOfLimit));
}

/** Whether what it says still counts. */
export function isFresh({ asOfMs }: Lease, nowMs: number): boolean {
  return asOfMs > 0 && nowMs - asOfMs < leaseTtlMs && nowMs >= asOfMs;
}

/** Whether to ask for more, while there is some left. */
export function isDue(lease: Lease, nowMs: number): boolean {
  if (nowMs < lease.renewingUntilMs || nowMs < lease.emptyUntilMs) return false;
  return lease.tokens <= lease.size / 2 || nowMs - lease.asOfMs >= renewAfterMs;
}

/**
 * Takes what is too much off the lease, and says what to ask for: `need` at least, so that whoever
 * waits for the answer has one of its own, whatever others ask for and spend meanwhile.
 */
export function prepareQuestion(
  lease: Lease,
  limit: Limit,
  nowMs: number,
  need: 0 | 1,
): { want: number; giveBack: number } {
  if (!isFresh(lease, nowMs)) lease.asked = 0;
  const isEarly = nowMs - lease.asOfMs < renewAfterMs;
  if (lease.asOfMs > 0 && isEarly) lease.size = Math.min(lease.size * 2, maxSize(limit));
  else if (lease.tokens > lease.size / 2) lease.size = Math.max(1, Math.floor(lease.size / 2));
  const giveBack = Math.max(0, lease.tokens - lease.size);
  lease.tokens -= giveBack;
  const want = Math.max(need, lease.size - lease.tokens - lease.asked);
  lease.asked += want;
  return { want, giveBack };
}

/** Enters the answer to a question that asked for `want` at `askedAtMs`. */
export function enterAnswer(lease: Lease, want: number, answer: Answer, askedAtMs: number): void {
  lease.asked = Math.max(0, lease.asked - want);
  lease.tokens += answer.granted;
  lease.asOfMs = Math.max(lease.asOfMs, askedAtMs);
  lease.remaining = answer.remaining;
  lease.secondsUntilFull = answer.secondsUntilFull;
  // With nothing left behind, asking again before a second has passed would cost a call a request.
  const isDrained = answer.remaining === 0;
  lease.emptyUntilMs = isDrained
    ? askedAtMs + Math.max(minRefusalMs, answer.secondsUntilNext * 1000)
    : 0;
}
