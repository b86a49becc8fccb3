import { describe, expect, test } from "vitest";
import { describeProgress } from "../src/progress-bar.ts";

const half = { fraction: 0.5, done: "500 personas", count: 500 };

describe("the text of a progress bar", () => {
  test("tells the part done, the rate up to the last news, and the time left from now", () => {
    expect(describeProgress(half, 4_000, 1_000)).toBe(
      "████████████░░░░░░░░░░░░  50%  500 personas  125/s  3 s left",
    );
  });

  test("reckons without what was there before the start", () => {
    const resumed = { ...half, fractionBefore: 0.4, count: 100 };
    expect(describeProgress(resumed, 10_000, 0)).toContain("500 personas  10/s  50 s left");
  });

  test("never says that no time is left while there is something to do", () => {
    expect(describeProgress(half, 4_000, 60_000)).toContain("  1 s left");
  });

  test("makes no guess right after the start, at the end, or while nothing has come back", () => {
    for (const [state, grownMs, sinceMs] of [
      [half, 1_000, 100],
      [{ ...half, fraction: 1 }, 4_000, 0],
      [{ fraction: 0, done: "0 personas", count: 0 }, 0, 9_000],
    ] as const) {
      expect(describeProgress(state, grownMs, sinceMs)).not.toContain("left");
    }
  });

  test("tells no rate of the first moments", () => {
    expect(describeProgress(half, 1_000, 9_000)).not.toContain("/s");
  });

  test("tells the time gone by when nobody knows how much there is", () => {
    const unknown = { ...half, fraction: null, remark: "trying part 3 again" };
    expect(describeProgress(unknown, 4_000, 61_000)).toBe(
      "500 personas  125/s  1 min 05 s  trying part 3 again",
    );
  });
});
