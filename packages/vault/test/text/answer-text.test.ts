import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeAnswer } from "../../src/text/answer-text.ts";

function normalized(text: string): string | null {
  const answer = normalizeAnswer(new TextEncoder().encode(text));
  return answer && new TextDecoder("utf-8", { ignoreBOM: true }).decode(answer.bytes);
}

test.each([
  ["  The   Green\tBicycle \n", "the green bicycle"],
  ["ZÜRICH", "zürich"],
  ["Zu\u0308rich", "zürich"],
  ["ＦＩＤＯ", "fido"],
  ["Stra\u1e9ee", "straße"],
  ["\u039f\u0394\u039f\u03a3", "οδοσ"],
  ["οδος", "οδοσ"],
  ["İzmir", "i\u0307zmir"],
  ["one\u00a0two\u2003three\u3000four", "one two three four"],
  ["ﬁdo", "fido"],
  ["\u0085", ""],
])("the answer %j counts as %j", (typed, expected) => {
  expect(normalized(typed)).toBe(expected);
});

test("a normalised answer stays as it is, has no capitals and no space at its ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const once = normalized(text) ?? "";
      expect(normalized(once)).toBe(once);
      expect(once).not.toMatch(/^ | $| {2}|[\t\n]/);
    }),
    { numRuns: 2_000 },
  );
});

test("characters are counted as people count them: as code points", () => {
  expect(normalizeAnswer(new TextEncoder().encode("  🚲ab "))?.characterCount).toBe(3);
});

test("what is too long or no text is no answer", () => {
  expect(normalizeAnswer(new Uint8Array(1025).fill(0x61))).toBeNull();
  expect(normalizeAnswer(Uint8Array.of(0x61, 0xc0))).toBeNull();
});
