import { describe, expect, it } from "vitest";
import { levelOf, mostPerHour, oldestSlot, slotOf } from "../../src/gatekeeper/baseline.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const now = Date.UTC(2026, 10, 22, 12);
const threshold = { floor: 100, ceiling: 1_000, perDay: 10_000_000 };

/** `perHour` events in each of the 24 hours before the last, and `lastHour` in that. */
function countsOf(perHour: number, lastHour: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let hour = 2; hour <= 25; hour++)
    counts.set(slotOf(now - hour * hourMs + hourMs / 2), perHour);
  counts.set(slotOf(now), lastHour);
  return counts;
}

describe("a baseline", () => {
  it("lets the floor pass without a history, notices more, and calls twice as much extreme", () => {
    expect(levelOf(countsOf(0, 100), threshold, now)).toBe("calm");
    expect(levelOf(countsOf(0, 101), threshold, now)).toBe("high");
    expect(levelOf(countsOf(0, 200), threshold, now)).toBe("high");
    expect(levelOf(countsOf(0, 201), threshold, now)).toBe("extreme");
  });

  it("lets five times of what is usual pass", () => {
    expect(mostPerHour(countsOf(60, 0), threshold, now)).toBe(300);
    expect(levelOf(countsOf(60, 300), threshold, now)).toBe("calm");
    expect(levelOf(countsOf(60, 301), threshold, now)).toBe("high");
  });

  it("has a ceiling that nobody can train away", () => {
    expect(mostPerHour(countsOf(10_000, 0), threshold, now)).toBe(1_000);
    expect(levelOf(countsOf(10_000, 2_001), threshold, now)).toBe("extreme");
  });

  it("has a bound for a day, which whoever stays below the hour's meets", () => {
    const daily = { ...threshold, perDay: 1_000 };
    expect(levelOf(countsOf(40, 40), daily, now)).toBe("calm");
    expect(levelOf(countsOf(40, 41), daily, now)).toBe("extreme");
  });

  it("forgets what is older than 25 hours", () => {
    const counts = new Map([[oldestSlot(now) - 1, 1_000_000]]);
    expect(mostPerHour(counts, threshold, now)).toBe(100);
    expect(mostPerHour(new Map([[oldestSlot(now), 2_400]]), threshold, now)).toBe(500);
  });

  it("counts an event for 50 minutes at least and an hour at most", () => {
    for (let minute = 0; minute < 60; minute++) {
      const counts = new Map([[slotOf(now + minute * minuteMs), 101]]);
      expect(levelOf(counts, threshold, now + (minute + 49) * minuteMs)).toBe("high");
      expect(levelOf(counts, threshold, now + (minute + 61) * minuteMs)).toBe("calm");
    }
  });
});
