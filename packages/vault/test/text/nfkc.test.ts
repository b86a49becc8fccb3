import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizePassphrase } from "../../src/text/passphrase-text.ts";
import { normalizeNfkc } from "../../src/text/nfkc.ts";
import { decodeUtf8, encodeUtf8 } from "../../src/text/utf8.ts";

const encoder = new TextEncoder();

function codePointsOf(text: string): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function normalized(text: string): string {
  return Array.from(normalizeNfkc(codePointsOf(text)), (codePoint) =>
    String.fromCodePoint(codePoint),
  ).join("");
}

/** Text that is likely to compose, reorder or fall apart at its pieces' edges. */
const hardText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0x20, max: 0x24f }),
      fc.integer({ min: 0x300, max: 0x36f }),
      fc.integer({ min: 0x900, max: 0xdff }),
      fc.integer({ min: 0x1100, max: 0x11ff }),
      fc.integer({ min: 0x3041, max: 0x318e }),
      fc.integer({ min: 0xac00, max: 0xac80 }),
      fc.integer({ min: 0xf900, max: 0xfaff }),
      fc.integer({ min: 0xfb00, max: 0xffef }),
      fc.integer({ min: 0x1_1000, max: 0x1_17ff }),
      fc.integer({ min: 0x1_6d40, max: 0x1_6d7f }),
      fc.integer({ min: 0x1_d100, max: 0x1_d7ff }),
    ),
    { maxLength: 24 },
  )
  .map((codePoints) => String.fromCodePoint(...codePoints));

test("piece by piece gives what the platform gives for the whole", () => {
  fc.assert(
    fc.property(fc.oneof(hardText, fc.string({ unit: "binary" })), (text) => {
      expect(normalized(text)).toBe(text.normalize("NFKC"));
    }),
    { numRuns: 5_000 },
  );
});

test("every character of Unicode, after a letter, a consonant of Hangul and a Kirat Rai vowel, gives what the platform gives", () => {
  const wrong: string[] = [];
  for (let codePoint = 0; codePoint <= 0x10_ffff; codePoint++) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    // Blocks without a character that any version of Unicode decomposes or composes.
    if (codePoint >= 0x3400 && codePoint < 0xa000) continue;
    if (codePoint >= 0x2_0000 && codePoint < 0x2_f800) continue;
    if (codePoint >= 0x3_0000 && codePoint < 0xe_0000) continue;
    if (codePoint >= 0xf_0000) break;
    const text = `e${String.fromCodePoint(codePoint)}\u1100${String.fromCodePoint(codePoint)}\u{16d67}${String.fromCodePoint(codePoint)}`;
    if (normalized(text) !== text.normalize("NFKC")) wrong.push(codePoint.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("every character that composes with one before it is taken along with it", () => {
  const wrong: string[] = [];
  for (let codePoint = 0xa0; codePoint < 0x2_0000; codePoint++) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const text = String.fromCodePoint(codePoint);
    const apart = text.normalize("NFD");
    if (apart !== text && normalized(apart) !== apart.normalize("NFKC")) {
      wrong.push(codePoint.toString(16));
    }
  }
  expect(wrong).toEqual([]);
});

test("UTF-8 goes to code points and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = encoder.encode(text);
      const codePoints = decodeUtf8(bytes);
      expect(codePoints).toEqual(codePointsOf(text));
      expect(encodeUtf8(codePoints ?? new Uint32Array())).toEqual(bytes);
    }),
  );
});

test("what the platform's decoder refuses as UTF-8 is refused, and nothing else", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const isText = (bytes: Uint8Array): boolean => {
    try {
      strict.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const lead = fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff);
  const follow = fc.constantFrom(0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0);
  const bytes = fc.tuple(lead, fc.array(follow, { maxLength: 4 }));
  fc.assert(
    fc.property(bytes, ([first, rest]) => {
      const sequence = Uint8Array.of(first, ...rest);
      expect(decodeUtf8(sequence) !== null).toBe(isText(sequence));
    }),
    { numRuns: 3_000 },
  );
});

test("a passphrase is the same however its letters were typed, and its case and spaces stay", () => {
  const typed = (text: string): string =>
    new TextDecoder().decode(normalizePassphrase(encoder.encode(text)) ?? undefined);
  expect(typed("Cafe\u0301  Zu\u0308rich\u00a07 ")).toBe("Café  Zürich 7 ");
  expect(typed("ＦＵＬＬ ｗｉｄｔｈ ①")).toBe("FULL width 1");
  expect(typed("plain ASCII 7")).toBe("plain ASCII 7");
});

test("what is too long or no text is no passphrase", () => {
  expect(normalizePassphrase(new Uint8Array(1025).fill(0x41))).toBeNull();
  expect(normalizePassphrase(new Uint8Array(1024).fill(0x41))).toHaveLength(1024);
  expect(normalizePassphrase(Uint8Array.of(0xff))).toBeNull();
});
