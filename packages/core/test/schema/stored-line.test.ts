import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readProfileLine } from "../../src/schema/profile-line.ts";
import { readStoredLine } from "../../src/schema/stored-line.ts";
import { anyPersona, fullPersona } from "../support/personas.ts";

/** What a store would keep of `text`, when that is `text` itself. */
const expected = (text: string) => {
  const read = readProfileLine(text);
  return "line" in read && read.line === text ? read.profile : null;
};

describe("readStoredLine", () => {
  test("gives the persona of every line that a store keeps", () => {
    fc.assert(
      fc.property(anyPersona, (persona) => {
        const read = readProfileLine(JSON.stringify(persona));
        const line = "line" in read ? read.line : "";
        expect(readStoredLine(line)).toEqual(persona);
      }),
    );
  });

  test("gives null for whatever readProfileLine refuses, or would write otherwise", () => {
    const line = JSON.stringify(fullPersona());
    const cases = [
      "",
      "null",
      "[]",
      "{}",
      line.slice(0, -1),
      ` ${line}`,
      line.replace(":", ": "),
      line.replace('"age":36', '"age":36.0'),
      line.replace('"age":36', '"age":12'),
      line.replace('"age":36', '"age":36,"age":36'),
      line.replace("Ada", "\\u0041da"),
      line.replace("Ada", "\\ud83d"),
      line.replace("Ada", "\\\\ud83d"),
      line.replace('"language"', '"tongue"'),
    ];
    for (const text of cases) expect([text, readStoredLine(text)]).toEqual([text, expected(text)]);
    expect(cases.filter((text) => readStoredLine(text) !== null)).toHaveLength(1);
  });

  test("gives null for text that holds half a character, as storage of UTF-16 can", () => {
    expect(readStoredLine(JSON.stringify(fullPersona()).replace("Ada", "\ud83d"))).toBeNull();
  });

  test("agrees with readProfileLine on lines with noise in them", () => {
    const noisy = fc
      .tuple(anyPersona, fc.nat(), fc.string({ maxLength: 2, unit: "binary" }))
      .map(([persona, at, noise]) => {
        const line = JSON.stringify(persona);
        const index = at % line.length;
        return line.slice(0, index) + noise + line.slice(index + noise.length);
      });
    fc.assert(
      fc.property(noisy, (text) => {
        expect(readStoredLine(text)).toEqual(expected(text));
      }),
      { numRuns: 500 },
    );
  });
});
