import fc from "fast-check";
import { expect, test } from "vitest";
import { generateRecoveryCode, parseRecoveryCode } from "../../src/slots/recovery-code.ts";
import { countedRandom } from "../support/counted-random.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const anyCode = fc
  .uint8Array({ minLength: 26, maxLength: 26 })
  .map((random) => decoder.decode(generateRecoveryCode((bytes) => bytes.set(random))));

function parsed(text: string): Uint8Array | null {
  return parseRecoveryCode(encoder.encode(text));
}

test("a code is seven groups of four, and known bytes give a known code", () => {
  const code = decoder.decode(generateRecoveryCode(countedRandom()));
  expect(code).toBe("0123-4567-89AB-CDEF-GHJK-MNPQ-RS2N");
  expect(parsed(code)).toEqual(Uint8Array.from({ length: 26 }, (_, index) => index));
});

test("each of 26 characters takes five bits of the randomness", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 26, maxLength: 26 }), (random) => {
      const code = generateRecoveryCode((bytes) => bytes.set(random));
      expect(parseRecoveryCode(code)).toEqual(random.map((byte) => byte & 31));
    }),
  );
});

test("small letters, spaces, no hyphens, and O, I and L for digits are read as they are meant", () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      const values = parsed(code);
      expect(parsed(code.toLowerCase().replaceAll("-", " "))).toEqual(values);
      expect(parsed(code.replaceAll("-", "").replaceAll("0", "O").replaceAll("1", "l"))).toEqual(
        values,
      );
    }),
  );
});

test("any one wrong character is found", () => {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  fc.assert(
    fc.property(anyCode, fc.nat(27), fc.constantFrom(...alphabet), (code, at, wrong) => {
      const plain = code.replaceAll("-", "");
      fc.pre(plain[at] !== wrong);
      expect(parsed(plain.slice(0, at) + wrong + plain.slice(at + 1))).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

test("any two of the 26 characters that changed places are found", () => {
  fc.assert(
    fc.property(anyCode, fc.nat(25), fc.nat(25), (code, left, right) => {
      const plain = Array.from(code.replaceAll("-", ""));
      fc.pre(plain[left] !== plain[right]);
      [plain[left], plain[right]] = [plain[right] ?? "", plain[left] ?? ""];
      expect(parsed(plain.join(""))).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

test("too few or too many characters, or ones of no code, are none", () => {
  const code = decoder.decode(generateRecoveryCode(countedRandom()));
  for (const wrong of ["", code.slice(0, -1), `${code}0`, code.replace("Q", "U"), `${code}é`]) {
    expect(parsed(wrong)).toBeNull();
  }
});
