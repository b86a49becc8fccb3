/** Time and chance, for waiting between attempts. */
import { ClientError } from "./client-error.ts";

export interface Pace {
  /** Milliseconds, from any fixed moment. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

const firstWaitMs = 500;
const maxWaitMs = 15_000;
/** Chance added to a wait that the server asked for, so that clients don't come back all at once. */
const maxExtraWaitMs = 500;

/** Uses the platform's timer. */
export const platformPace: Pace = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      function onAbort(): void {
        clearTimeout(timer);
        reject(signal.reason as Error);
      }
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};

/** How long to wait after the attempt of that number, counted from 1, failed with `error`: longer each time, with chance in it. */
export function waitMsBefore(attempt: number, error: unknown, pace: Pace): number {
  const asked = error instanceof ClientError ? error.retryAfterSeconds : null;
  if (asked !== null) return asked * 1000 + pace.random() * maxExtraWaitMs;
  const fullMs = Math.min(maxWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return fullMs * (0.5 + pace.random() / 2);
}
