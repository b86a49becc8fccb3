import fc from "fast-check";
import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { readTimeCursor, toTimeCursor } from "../../src/store/time-cursor.ts";

test("a cursor leads back to its place, before 1970 as after", () => {
  const atMs = fc.integer({ min: -62_167_305_540_000, max: 253_402_387_139_999 });
  fc.assert(
    fc.property(atMs, fc.stringMatching(/^[a-z]{3}_[0-9a-z]{1,60}$/), (atMs, key) => {
      expect(readTimeCursor(toTimeCursor({ atMs, key }))).toEqual({ atMs, key });
    }),
  );
  expect(toTimeCursor({ atMs: -1, key: "cht_0" })).toBe("-1.cht_0");
});

test("any other text is refused, and not repeated", () => {
  for (const text of [
    "",
    "1",
    "1.",
    "01.a",
    "-0.a",
    "+1.a",
    "1e5.a",
    "1.5.a",
    "1.A",
    " 1.a",
    "1.a\n",
  ]) {
    const read = () => readTimeCursor(text);
    expect(read).toThrow(StoreError);
    expect(read).toThrow("The cursor is not one that this list gave out.");
  }
});
