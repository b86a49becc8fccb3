import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../../src/codec/bytes.ts";
import { lengthPrefixed } from "../../src/crypto/length-prefix.ts";

test("each part stands after its length in four bytes", () => {
  expect(toHex(lengthPrefixed("a", new Uint8Array([1, 2]), ""))).toBe(
    "0000000161" + toHex(new Uint8Array([0, 0, 0, 2, 1, 2])) + "00000000",
  );
  expect(lengthPrefixed()).toHaveLength(0);
});

test("text counts as its UTF-8", () => {
  expect(toHex(lengthPrefixed("ß€"))).toBe("00000005c39fe282ac");
});

test("different lists never give the same bytes", () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const isSame = JSON.stringify(left) === JSON.stringify(right);
      expect(toHex(lengthPrefixed(...left)) === toHex(lengthPrefixed(...right))).toBe(isSame);
    }),
  );
});
