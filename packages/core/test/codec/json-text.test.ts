import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasDuplicateKey, hasLoneSurrogate } from "../../src/codec/json-text.ts";

/** `text` with white space of every kind put in wherever JSON allows it. */
function spread(value: unknown): string {
  return JSON.stringify(value, null, "\t").replaceAll("\n", " \r\n ").replaceAll(": ", " \n:\t");
}

describe("hasDuplicateKey", () => {
  test.each([
    ["two members of one name", '{"a":1,"a":2}'],
    ["two members of one name and one value", '{"a":1,"a":1}'],
    ["members that stand far apart", '{"a":1,"b":{"c":[1,2,{"d":3}]},"a":2}'],
    ["members in a nested object", '{"a":{"b":{"c":1,"c":2}}}'],
    ["members in an object of an array", '[{"a":1},{"a":1,"a":2}]'],
    ["members in an object of an array of arrays", '{"a":[[],[[{"b":1,"b":1}]]]}'],
    ["a name spelled with an escape", String.raw`{"a":1,"\u0061":2}`],
    ["two escaped spellings of one name", String.raw`{"\u00e9":1,"\u00E9":2}`],
    ["a solidus with and without its escape", String.raw`{"a/b":1,"a\/b":2}`],
    ["names with escaped quotes", String.raw`{"a\"b":1,"a\u0022b":2}`],
    ["names that end in a backslash", String.raw`{"\\":1,"\\":2}`],
    ["empty names", '{"":1,"":2}'],
    ["white space around the colon", '{"a" :1,"a"\t\r\n : 2}'],
    ["the name __proto__", '{"__proto__":1,"__proto__":2}'],
    ["the name constructor", '{"constructor":1,"constructor":2}'],
    ["an object after its value was closed", '{"a":{},"b":[],"a":1}'],
    ["an escaped and a raw emoji", String.raw`{"😀":1,"\ud83d\ude00":2}`],
  ])("finds %s", (_, text) => {
    JSON.parse(text);
    expect(hasDuplicateKey(text)).toBe(true);
  });

  test.each([
    ["one name in two objects", '{"a":{"a":{"a":1}},"b":{"a":2}}'],
    ["one name in the objects of an array", '[{"a":1},{"a":2},{"a":3}]'],
    ["a value like a name", '{"a":"a","b":"a"}'],
    ["strings of an array", '["a","a",["a"]]'],
    ["a value that looks like a member", String.raw`{"a":"\"b\":1","b":"x"}`],
    ["brackets inside strings", '{"a":"{[","b":"]}","c":{"a":1}}'],
    ["names that differ by case", '{"a":1,"A":2}'],
    ["names that look alike but are other code points", '{"é":1,"e\u0301":2}'],
    ["a value before the colon of another member", '{"a":"b" , "b":1}'],
    ["a lone __proto__", '{"__proto__":{"__proto__":1}}'],
    ["scalars", '"a"'],
    ["nothing but a number", "1"],
    ["an empty object", "{}"],
  ])("lets %s pass", (_, text) => {
    JSON.parse(text);
    expect(hasDuplicateKey(text)).toBe(false);
  });

  test("finds none in what JSON.stringify wrote, however it is spread", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(hasDuplicateKey(JSON.stringify(value))).toBe(false);
        expect(hasDuplicateKey(spread(value))).toBe(false);
      }),
    );
  });

  test("finds a member that was put twice into any object at any depth", () => {
    const wrap = fc.array(fc.constantFrom("array", "object"), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }),
        fc.nat(),
        fc.jsonValue({ maxDepth: 2 }),
        fc.boolean(),
        wrap,
        (object, pick, value, isEscaped, wraps) => {
          const names = Object.keys(object);
          const name = names[pick % names.length] ?? "";
          const spelling = isEscaped ? escapeAll(name) : JSON.stringify(name);
          let text = `${JSON.stringify(object).slice(0, -1)},${spelling}:${JSON.stringify(value)}}`;
          for (const kind of wraps) text = kind === "array" ? `[0,${text}]` : `{"x":${text},"y":0}`;
          JSON.parse(text);
          expect(hasDuplicateKey(text)).toBe(true);
        },
      ),
    );
  });

  test("goes 50,000 levels deep", () => {
    const depth = 50_000;
    const objects = '{"a":'.repeat(depth);
    expect(hasDuplicateKey(`${objects}1${"}".repeat(depth)}`)).toBe(false);
    expect(hasDuplicateKey(`${objects}{"b":1,"b":2}${"}".repeat(depth)}`)).toBe(true);
    expect(hasDuplicateKey(`${objects}1${"}".repeat(depth - 1)},"a":2}`)).toBe(true);
    expect(hasDuplicateKey(`${"[".repeat(depth)}${"]".repeat(depth)}`)).toBe(false);
  });
});

function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => String.raw`\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

describe("hasLoneSurrogate", () => {
  test.each([
    ["a first half alone", String.raw`"\ud800"`],
    ["a second half alone", String.raw`"\udc00"`],
    ["halves in the wrong order", String.raw`"\ude00\ud83d"`],
    ["a half before another character", String.raw`"\ud83dx"`],
    ["two first halves and one second", String.raw`"\ud83d\ud83d\ude00"`],
    ["upper-case digits", String.raw`"\uD83D"`],
    ["a half in a name", String.raw`{"\udfff":1}`],
    ["a half deep inside", String.raw`{"a":[1,{"b":"x\udbffy"}]}`],
    ["halves in two strings side by side", String.raw`["\ud83d","\ude00"]`],
    ["an escaped half after a raw character", String.raw`"😀\ude00"`],
    ["a half that stands in the text itself", '"\ud800"'],
    ["raw halves in the wrong order", '{"a":"\ude00\ud83d"}'],
  ])("finds %s", (_, text) => {
    JSON.parse(text);
    expect(hasLoneSurrogate(text)).toBe(true);
  });

  test.each([
    ["a whole pair of escapes", String.raw`"\ud83d\ude00"`],
    ["a pair in upper case", String.raw`"\uD83D\uDE00"`],
    ["a raw pair", '"😀"'],
    ["a backslash before what looks like an escape", String.raw`"\\ud800"`],
    ["neighbours of the surrogates", String.raw`"\ud7ff\ue000"`],
    ["text without escapes", '{"a":"ud800"}'],
    ["other escapes", String.raw`"\u0000\n\"\\"`],
  ])("lets %s pass", (_, text) => {
    JSON.parse(text);
    expect(hasLoneSurrogate(text)).toBe(false);
  });

  test("agrees with the well-formedness of every string of the value", () => {
    const codeUnit = fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7fe, max: 0xe001 }));
    const string = fc
      .array(codeUnit, { maxLength: 6 })
      .map((codeUnits) => String.fromCharCode(...codeUnits));
    fc.assert(
      fc.property(fc.array(fc.tuple(string, string), { maxLength: 4 }), (members) => {
        const isWellFormed = members.flat().every((text) => text.isWellFormed());
        const escaped = `[${members.flat().map(escapeAll).join(",")}]`;
        // `JSON.stringify` escapes halves and leaves pairs raw.
        expect(hasLoneSurrogate(JSON.stringify(members))).toBe(!isWellFormed);
        expect(hasLoneSurrogate(escaped)).toBe(!isWellFormed);
      }),
    );
  });
});
