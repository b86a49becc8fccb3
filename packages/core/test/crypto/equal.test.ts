import fc from "fast-check";
import { expect, test } from "vitest";
import { equalBytes } from "../../src/crypto/equal.ts";

test("a copy is equal, and no longer once any one bit is changed", () => {
  const pick = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat(7));
  fc.assert(
    fc.property(pick, ([bytes, at, bit]) => {
      const copy = bytes.slice();
      expect(equalBytes(bytes, copy)).toBe(true);
      const index = at % bytes.length;
      copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      expect(equalBytes(bytes, copy)).toBe(false);
    }),
  );
});

test("bytes are never equal to more or fewer of them", () => {
  expect(equalBytes(new Uint8Array(3), new Uint8Array(4))).toBe(false);
  expect(equalBytes(new Uint8Array(1), new Uint8Array(0))).toBe(false);
  expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true);
});
