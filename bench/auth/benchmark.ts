/**
 * Verifying a session's access token, which needs no storage, against the HMAC in it: as a session
 * sends it again and again, and, beside that, when an isolate sees it for the first time.
 */
import type { Benchmark } from "../lib/benchmark.ts";
import { compareSteps } from "../lib/steps.ts";

const comparison = {
  subject: "verify-session",
  floor: "verify-hmac",
  maxRatio: 2,
  others: { firstSightMicroseconds: "verify-new-session" },
} as const;

export const authBenchmark: Benchmark = {
  title: "verifying the access token of a session",
  floorTitle: "HMAC-SHA-256 over the same bytes",
  run: (options) => compareSteps(comparison, options),
};
