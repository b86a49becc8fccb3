import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AttemptState,
  attemptsLeft,
  countAttempt,
  creditWait,
  noAttempts,
  stricter,
} from "../../src/auth/attempts.ts";

const start = { epochId: "boot-1", ms: 5_000 };

function afterFailures(kind: "sign_in" | "recovery", count: number): AttemptState {
  let state = noAttempts(start);
  for (let failure = 0; failure < count; failure++) state = countAttempt(kind, state);
  return state;
}

test("the fifth failed sign-in costs 300 s, and each further one double, up to a day", () => {
  const waits = Array.from({ length: 16 }, (_, count) => afterFailures("sign_in", count).waitMs);
  expect(waits.map((waitMs) => waitMs / 1000)).toEqual([
    0, 0, 0, 0, 0, 300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 86_400, 86_400,
  ]);
  expect(afterFailures("sign_in", 5_000).waitMs).toBe(86_400_000);
});

test("the third failed recovery costs 300 s", () => {
  expect(afterFailures("recovery", 2).waitMs).toBe(0);
  expect(afterFailures("recovery", 3).waitMs).toBe(300_000);
  expect(afterFailures("recovery", 4).waitMs).toBe(600_000);
});

test("what is left to try before a wait counts down to none, and is one when it was waited", () => {
  const left = [0, 1, 2, 3, 4, 5, 6].map((count) =>
    attemptsLeft("sign_in", afterFailures("sign_in", count)),
  );
  expect(left).toEqual([5, 4, 3, 2, 1, 0, 0]);
  const waited = creditWait(afterFailures("sign_in", 6), { epochId: "boot-1", ms: 700_000 });
  expect(attemptsLeft("sign_in", waited)).toBe(1);
});

test("a wait is credited within an epoch of the clock, and stands still across epochs", () => {
  const locked = afterFailures("sign_in", 5);
  const later = creditWait(locked, { epochId: "boot-1", ms: start.ms + 100_000 });
  expect(later.waitMs).toBe(200_000);
  const rebooted = creditWait(later, { epochId: "boot-2", ms: 9_999_999_999 });
  expect(rebooted.waitMs).toBe(200_000);
  expect(creditWait(rebooted, { epochId: "boot-2", ms: 9_999_999_999 + 200_000 }).waitMs).toBe(0);
});

test("crediting never lengthens a wait, nor takes off more than has passed", () => {
  const ms = fc.nat(400_000);
  fc.assert(
    fc.property(fc.array(ms, { maxLength: 6 }), (steps) => {
      let state = afterFailures("sign_in", 5);
      let nowMs = start.ms;
      for (const step of steps) {
        nowMs += step;
        const next = creditWait(state, { epochId: "boot-1", ms: nowMs });
        expect(next.waitMs).toBe(Math.max(0, state.waitMs - step));
        state = next;
      }
    }),
  );
});

test("a clock that went back within an epoch credits nothing", () => {
  const locked = afterFailures("sign_in", 5);
  expect(creditWait(locked, { epochId: "boot-1", ms: 0 }).waitMs).toBe(300_000);
});

test("of two accounts the stricter count and the longer wait hold", () => {
  const few = afterFailures("sign_in", 2);
  const many = afterFailures("sign_in", 6);
  expect(stricter(few, many)).toEqual(stricter(many, few));
  expect(stricter(few, many)).toMatchObject({ failedCount: 6, waitMs: 600_000 });
});
