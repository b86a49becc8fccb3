/** What an isolate answers itself when a caller's Gatekeeper doesn't: the same limit, of its own. */
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import type { Answer, Question } from "../gatekeeper/messages.ts";
import { type Bucket, fullBucket, refill, secondsUntil, take } from "../gatekeeper/token-bucket.ts";

/** Takes from the isolate's own bucket. It knows of no block and of no revocation. */
export function answerAlone(
  ownBuckets: Map<LimitClass, Bucket>,
  { class: name, limit, want }: Pick<Question, "class" | "limit" | "want">,
  nowMs: number,
): Answer {
  const before = refill(ownBuckets.get(name) ?? fullBucket(limit, nowMs), limit, nowMs);
  const { bucket, taken } = take(before, want);
  ownBuckets.set(name, bucket);
  return {
    granted: taken,
    remaining: Math.floor(bucket.tokens),
    secondsUntilNext: secondsUntil(bucket, 1, limit),
    secondsUntilFull: secondsUntil(bucket, limit.requests, limit),
    blockedUntilMs: null,
    revokedSessions: [],
    breaches: [],
  };
}
