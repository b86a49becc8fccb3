/** What is said between an isolate and a caller's `Gatekeeper`. The limits come with the question: the object has no configuration. */
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import type { Threshold } from "./baseline.ts";
import type { Limit } from "./token-bucket.ts";

/** What is counted because much of it is suspicious. */
export const signals = ["failed_sign_in", "missing_id", "export", "import"] as const;
export type Signal = (typeof signals)[number];

export interface CountedSignal {
  readonly signal: Signal;
  readonly count: number;
  readonly threshold: Threshold;
}

export interface Question {
  /** By the asking isolate's clock. */
  readonly nowMs: number;
  readonly class: LimitClass;
  readonly limit: Limit;
  /** How many requests to let through are asked for; 0 for none. */
  readonly want: number;
  /** Of those granted before, how many weren't used and are given back. */
  readonly giveBack: number;
  /** What has happened since the last question. */
  readonly counted: readonly CountedSignal[];
}

/** What a caller brought upon themselves by this question. */
export interface Breach {
  readonly signal: Signal;
  readonly kind: "throttled" | "blocked";
  readonly untilMs: number;
}

export interface Answer {
  /** How many requests may be let through; at most as many as asked for. */
  readonly granted: number;
  /** Whole tokens that the bucket still holds. */
  readonly remaining: number;
  /** Until there is a token; 0 when there is one. */
  readonly secondsUntilNext: number;
  /** Until the bucket is full. */
  readonly secondsUntilFull: number;
  /** When the block ends; null when there is none. */
  readonly blockedUntilMs: number | null;
  /** Sessions whose access tokens are good no more, though they haven't expired. */
  readonly revokedSessions: readonly string[];
  readonly breaches: readonly Breach[];
}

export interface Revocation {
  readonly sessionIds: readonly string[];
  readonly nowMs: number;
  /** When the last access token of these sessions has expired. */
  readonly untilMs: number;
}
