import fc from "fast-check";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { hasDuplicateKey } from "../../src/codec/json-text.ts";
import { compactLength } from "../../src/schema/generated/user-profile.check.js";
import { readProfile, readProfileLine } from "../../src/schema/profile-line.ts";
import { userProfileSchema } from "../../src/schema/user-profile.ts";
import { changeAt, valueAt } from "../support/change.ts";
import { anyPersona, anyText, fullPersona, leanPersona } from "../support/personas.ts";
import { fields, objectPointers } from "./user-profile-fields.ts";

const fullText = JSON.stringify(fullPersona());

/** The line that a text was accepted as, or the code it was refused with. */
function outcomeOf(text: string): { line: string } | { code: string | undefined } {
  const result = readProfileLine(text);
  return "line" in result ? { line: result.line } : { code: result.violations[0].errorCode };
}

/** The full persona's text with the number behind `name` spelled as `spelling`. */
function withNumber(name: string, spelling: string): string {
  const text = fullText.replace(new RegExp(`("${name}":)\\d+`), `$1${spelling}`);
  expect(text).toContain(`"${name}":${spelling}`);
  return text;
}

describe("a line that is accepted", () => {
  test("is kept as it is when it is compact already", () => {
    expect(outcomeOf(fullText)).toEqual({ line: fullText });
    const leanText = JSON.stringify(leanPersona());
    expect(outcomeOf(leanText)).toEqual({ line: leanText });
  });

  test("keeps the order of its members", () => {
    const { schema_version, ...others } = fullPersona();
    const text = JSON.stringify({ ...others, schema_version });
    expect(outcomeOf(text)).toEqual({ line: text });
  });

  test("loses white space between its tokens, and none inside its strings", () => {
    const persona = fullPersona();
    persona.profile.identity.user_name = "  Ada  of \t the  hills ";
    const result = outcomeOf(`\t ${JSON.stringify(persona, null, 2)} \r`);
    expect(result).toEqual({ line: JSON.stringify(persona) });
  });

  test("loses escapes that need not be", () => {
    const text = fullText.replace("Ada", String.raw`\u0041d\u0061`).replaceAll("/", String.raw`\/`);
    expect(outcomeOf(text)).toEqual({ line: fullText });
    const named = fullText.replace('"user_name"', String.raw`"user\u005fname"`);
    expect(outcomeOf(named)).toEqual({ line: fullText });
  });

  test("writes an escape for nothing but what needs one", () => {
    const persona = fullPersona();
    persona.profile.identity.user_name = '\u0000\u001f"\\/\u007f\u2028é😀';
    const text = JSON.stringify(persona);
    expect(text).toContain(String.raw`"\u0000\u001f\"\\/`);
    expect(outcomeOf(text)).toEqual({ line: text });
  });

  test.each([
    ["age", "36.0", "36"],
    ["age", "3.6e1", "36"],
    ["age", "360e-1", "36"],
    ["age", "2E1", "20"],
    ["age", "1e2", "100"],
    ["age", "9E2", "900"],
    ["age", "1e3", "1000"],
    ["age", "1000", "1000"],
    ["age", "1e20", "100000000000000000000"],
    ["age", "1e21", "1e+21"],
    ["age", "1e+2", "100"],
    ["age", "9007199254740993", "9007199254740992"],
    ["assertiveness_level", "3.0", "3"],
    ["empathy_depth", "5e0", "5"],
    ["stress_tolerance", "10e-1", "1"],
  ])("spells its %s %s as %s", (name, spelling, plain) => {
    expect(outcomeOf(withNumber(name, spelling))).toEqual({ line: withNumber(name, plain) });
  });

  test.each([
    ["age", "1e400", "type"],
    ["age", "-13", "minimum"],
    ["age", "-0", "minimum"],
    ["age", "1.3e0", "type"],
    ["empathy_depth", "0.5e1e", "json_parse_error"],
    ["empathy_depth", "05", "json_parse_error"],
    ["empathy_depth", "+5", "json_parse_error"],
    ["empathy_depth", "5.", "json_parse_error"],
    ["empathy_depth", "0x5", "json_parse_error"],
    ["empathy_depth", "NaN", "json_parse_error"],
  ])("does not spell its %s %s", (name, spelling, code) => {
    expect(outcomeOf(withNumber(name, spelling))).toEqual({ code });
  });

  test("is the compact text of its record, whoever wrote it", () => {
    fc.assert(
      fc.property(anyPersona, fc.constantFrom(undefined, 1, "\t"), (persona, indent) => {
        const result = readProfileLine(JSON.stringify(persona, null, indent));
        expect(result).toEqual({ profile: persona, line: JSON.stringify(persona) });
      }),
    );
  });
});

describe("a line that is refused", () => {
  test.each([
    ["nothing", ""],
    ["white space", "  "],
    ["a word", "nonsense"],
    ["half a record", fullText.slice(0, -1)],
    ["a record and more", `${fullText}1`],
    ["two records", `${fullText}${fullText}`],
    ["a comma too many", fullText.replace(/\}$/, ",}")],
    ["single quotes", fullText.replaceAll('"', "'")],
    ["a comment", `${fullText}//`],
    ["a byte order mark", `\ufeff${fullText}`],
    ["a no-break space", `\u00a0${fullText}`],
    ["a raw NUL between tokens", fullText.replace("{", "{\0")],
    ["a raw NUL in a string", fullText.replace("Ada", "A\0da")],
    ["a raw tab in a string", fullText.replace("Ada", "A\tda")],
    ["half an escape", fullText.replace("Ada", String.raw`A\u00`)],
    ["an unknown escape", fullText.replace("Ada", String.raw`A\x41`)],
    ["10,000 open arrays", "[".repeat(10_000)],
  ])("is no JSON text: %s", (_, text) => {
    expect(outcomeOf(text)).toEqual({ code: "json_parse_error" });
  });

  test("has one violation, of the whole line, when it is no JSON text", () => {
    expect(readProfileLine("{")).toEqual({
      violations: [{ path: "", errorCode: "json_parse_error", message: "is not a JSON text" }],
    });
  });

  test.each([
    ["a half", String.raw`\ud800`],
    ["the other half", String.raw`\udfff`],
    ["halves in the wrong order", String.raw`\ude00\ud83d`],
    ["a half without an escape", "\ud83d"],
  ])("holds %s of a surrogate pair", (_, escapes) => {
    expect(outcomeOf(fullText.replace("Ada", escapes))).toEqual({ code: "invalid_utf8" });
  });

  test("never holds a half that came as a value", () => {
    const value = changeAt(fullPersona(), "/profile/identity/user_name", "\ud83d");
    expect(readProfile(value)).toMatchObject({ violations: [{ errorCode: "invalid_utf8" }] });
  });

  test.each([
    ["arrays", (depth: number) => "[".repeat(depth) + "]".repeat(depth)],
    ["objects", (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`],
    [
      "records in records",
      (depth: number) => `${'{"profile":'.repeat(depth)}1${"}".repeat(depth)}`,
    ],
  ])("may nest %s 10,000 levels deep, anywhere", (_, nest) => {
    const deep = nest(10_000);
    expect(outcomeOf(deep)).not.toHaveProperty("line");
    for (const place of [
      '"Ada from the hills"',
      "36",
      '["maps","tea"]',
      '"https://images.test/ada.png"',
    ]) {
      expect(fullText).toContain(place);
      expect(outcomeOf(fullText.replace(place, deep))).not.toHaveProperty("line");
    }
    expect(outcomeOf(fullText.replace("{", `{"extra":${deep},`))).toEqual({
      code: "additional_properties",
    });
    expect(outcomeOf(deep.slice(0, -1))).toEqual({ code: "json_parse_error" });
  });

  test.each(objectPointers)("has a member twice in %j", (pointer) => {
    const target = JSON.stringify(valueAt(fullPersona(), pointer));
    const [name = "", value] = Object.entries(valueAt(fullPersona(), pointer) as object)[0] ?? [];
    const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const texts = [
      fullText.replace(target, `{${member},${target.slice(1)}`),
      fullText.replace(target, `${target.slice(0, -1)},${member}}`),
      fullText.replace(target, `${target.slice(0, -1)} , ${member.replace(":", " : ")}}`),
      fullText.replace(target, `{"${escapeFirst(name)}":null,${target.slice(1)}`),
    ];
    for (const text of texts) expect(outcomeOf(text)).toEqual({ code: "duplicate_key" });
  });

  test("is told its duplicate before anything else that is wrong with it", () => {
    expect(outcomeOf('{"a":1,"a":2}')).toEqual({ code: "duplicate_key" });
    expect(outcomeOf('[{"a":{"b":1,"b":2}}]')).toEqual({ code: "duplicate_key" });
  });
});

function escapeFirst(name: string): string {
  return String.raw`\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}`;
}

describe("the compiled check", () => {
  test("agrees with TypeBox on every listed value of every field", () => {
    for (const { pointer, accepts, refuses } of fields) {
      for (const value of [...accepts, ...refuses.map(([refused]) => refused)]) {
        const persona = changeAt(fullPersona(), pointer, value);
        expect([pointer, value, compactLength(persona) !== -1]).toEqual([
          pointer,
          value,
          Value.Check(userProfileSchema, persona),
        ]);
      }
    }
  });

  test("accepts any persona that fits, as TypeBox does", () => {
    fc.assert(
      fc.property(anyPersona, (persona) => {
        expect(Value.Check(userProfileSchema, persona)).toBe(true);
        expect(compactLength(persona)).not.toBe(-1);
      }),
    );
  });

  test("agrees with TypeBox on personas with changes anywhere", () => {
    const replacement = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -2, max: 14 }),
      fc.constantFrom("", "m", "advice", "2024-02-30", "usr_a", [], ["advice", "x"], {}),
    );
    const change = fc.record({
      pointer: fc.constantFrom(...fields.map(({ pointer }) => pointer), "/extra", "/profile/extra"),
      replacement,
    });
    let refusedCount = 0;
    fc.assert(
      fc.property(
        anyPersona,
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (persona, changes) => {
          let value: unknown = persona;
          for (const { pointer, replacement } of changes) {
            const parent = valueAt(value, pointer.slice(0, pointer.lastIndexOf("/")));
            if (typeof parent !== "object" || parent === null) continue;
            value = changeAt(value, pointer, replacement);
          }
          // As it comes from a text: without undefined members and negative zeros.
          value = JSON.parse(JSON.stringify(value)) as unknown;
          const isFit = Value.Check(userProfileSchema, value);
          refusedCount += isFit ? 0 : 1;
          expect(compactLength(value) !== -1).toBe(isFit);
          expect("line" in readProfile(value)).toBe(isFit);
        },
      ),
      { numRuns: 500 },
    );
    expect(refusedCount).toBeGreaterThan(50);
  });

  test("agrees with TypeBox on values of any kind", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(compactLength(value) !== -1).toBe(Value.Check(userProfileSchema, value));
      }),
    );
  });

  test("tells the length of the compact text, as if nothing were escaped, unless a number may have another spelling", () => {
    fc.assert(
      fc.property(anyPersona, (persona) => {
        const text = JSON.stringify(persona).replaceAll(/\\(?:u[0-9a-f]{4}|.)/g, "x");
        const { age } = persona.profile.identity;
        expect(compactLength(persona)).toBe(age < 100 ? text.length : Number.NaN);
      }),
    );
  });

  test("tells the length of a record with an empty object and an empty array", () => {
    const persona = fullPersona();
    persona.profile.system = {};
    persona.profile.intent.topics_to_avoid = [];
    expect(compactLength(persona)).toBe(JSON.stringify(persona).length);
  });
});

describe("a text as long as its record needs, without escapes,", () => {
  // The fast way in: such a text is kept unread, so there must be no room in it for anything else.
  const textOf = fc
    .tuple(anyPersona, anyText())
    .map(([persona]) => JSON.stringify(persona))
    .filter((text) => !text.includes("\\"));

  /** Where the tokens of `text` begin. */
  function tokenStarts(text: string): number[] {
    const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g);
    return Array.from(tokens, (token) => token.index);
  }

  test("has no room for white space", () => {
    const space = fc.stringMatching(/^[ \t\r]{1,3}$/);
    fc.assert(
      fc.property(textOf, fc.nat(), space, (text, pick, space) => {
        const starts = [...tokenStarts(text), text.length];
        const place = starts[pick % starts.length] ?? 0;
        const spaced = text.slice(0, place) + space + text.slice(place);
        expect(outcomeOf(spaced)).toEqual({ line: text });
      }),
    );
  });

  test("has no room for a second member of a name, though it shortens another value", () => {
    const anyValue = fc.oneof(
      fc.constantFrom("0", "1", '""', "[]", "{}", "null", "true", "1e9"),
      fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(textOf, fc.nat(), anyValue, fc.boolean(), (text, pick, value, isFirst) => {
        const objects = Array.from(text.matchAll(/\{("[a-z_]+"):/g));
        const object = objects[pick % objects.length];
        if (object === undefined) throw new Error("a record is an object");
        // JSON.parse keeps the last: put first, the second member changes nothing.
        const duplicated = isFirst
          ? `${text.slice(0, object.index)}{${object[1]}:${value},${text.slice(object.index + 1)}`
          : `${text.slice(0, -1)},"schema_version":${value}}`;
        expect(hasDuplicateKey(duplicated)).toBe(true);
        expect(outcomeOf(duplicated)).toEqual({ code: "duplicate_key" });
      }),
    );
  });

  test("has no room made by numbers, which are the only tokens with a second spelling", () => {
    const spellings = (age: number) => [
      String(age),
      age.toExponential(),
      age.toExponential().replace("e+", "e"),
      age.toExponential().replace("e+", "E"),
      `${age}.0`,
      `${age}e0`,
      `${age / 10}e1`,
      `${age / 100}e2`,
    ];
    const small = Array.from({ length: 110 }, (_, index) => 13 + index);
    const round = Array.from({ length: 101 }, (_, index) => 100 * (index + 1));
    for (const age of [...small, ...round, 999, 1001, 12_345]) {
      const plain = withNumber("age", String(age));
      for (const spelling of spellings(age)) {
        expect(outcomeOf(withNumber("age", spelling))).toEqual({ line: plain });
      }
    }
  });
});

test("readProfile refuses what JSON can't write", () => {
  for (const value of [undefined, () => 1, Symbol("persona")]) {
    expect(readProfile(value)).toMatchObject({ violations: [{ errorCode: "json_parse_error" }] });
  }
});
