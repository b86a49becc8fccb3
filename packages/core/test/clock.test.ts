import { expect, test } from "vitest";
import { fromInstant, systemClock, toInstant } from "../src/clock.ts";
import { isDateTime } from "../src/schema/formats.ts";

test("the system's clock tells whole milliseconds between two looks at the platform's", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("an instant is RFC 3339 in UTC with three digits of milliseconds", () => {
  expect(toInstant(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(toInstant(1_767_323_045_678)).toBe("2026-01-02T03:04:05.678Z");
  expect(toInstant(-1)).toBe("1969-12-31T23:59:59.999Z");
  expect(isDateTime(toInstant(253_402_300_799_999))).toBe(true);
});

test("an instant is read back to its milliseconds, in any spelling that schemas accept", () => {
  expect(fromInstant("2026-01-02T03:04:05.678Z")).toBe(1_767_323_045_678);
  expect(fromInstant("2026-01-02t03:04:05z")).toBe(1_767_323_045_000);
  expect(fromInstant("2026-01-02T03:04:05.6789Z")).toBe(1_767_323_045_678);
  expect(fromInstant("2026-01-02T23:03:05.678+19:59")).toBe(1_767_323_045_678);
  expect(fromInstant("1969-12-31T23:59:59.999-00:00")).toBe(-1);
  expect(fromInstant("yesterday")).toBeNaN();
});
