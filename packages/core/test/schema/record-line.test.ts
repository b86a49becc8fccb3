import fc from "fast-check";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { changeAt, valueAt } from "../support/change.ts";
import type { Field } from "./field-rules.ts";
import { recordKinds } from "./record-kinds.ts";

/** Any record made of values that the table of fields accepts, with any of the optional ones left out. */
function anyRecord(full: object, fields: readonly Field[]): fc.Arbitrary<object> {
  const leaves = fields.filter(({ accepts }) => accepts.length > 0);
  const changes = leaves.map(({ accepts, isRequired }) =>
    fc.constantFrom(...accepts, ...(isRequired ? [] : [undefined])),
  );
  return fc
    .tuple(...changes)
    .map((values) =>
      values.reduce<object>(
        (record, value, index) => changeAt(record, leaves[index]?.pointer ?? "", value),
        full,
      ),
    );
}

/** As values come from a text: without undefined members and negative zeros. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(recordKinds)("a line of $name", (kind) => {
  const { schema, compactLength, readLine, readStored, fields, full, lean } = kind;
  const record = anyRecord(full, fields);

  test("that is accepted is the compact text of its record, whoever wrote it", () => {
    fc.assert(
      fc.property(record, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const line = JSON.stringify(value);
        expect(readLine(JSON.stringify(value, null, indent))).toEqual({ record: value, line });
        expect(readStored(line)).toEqual(value);
      }),
    );
  });

  test("is judged by the compiled check as by TypeBox, on every listed value of every field", () => {
    for (const { pointer, accepts, refuses } of fields) {
      for (const value of [...accepts, ...refuses.map(([refused]) => refused)]) {
        const changed = changeAt(full, pointer, value);
        expect([pointer, value, compactLength(changed) !== -1]).toEqual([
          pointer,
          value,
          Value.Check(schema, changed),
        ]);
      }
    }
  });

  test("is judged by the compiled check as by TypeBox, with changes anywhere", () => {
    const replacement = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -2, max: 14 }),
      fc.constantFrom("", "e2ee", "warm", ["x", "x"], ["nudge"], {}),
    );
    const pointers = fields.map(({ pointer }) => pointer);
    const change = fc.tuple(fc.constantFrom(...pointers, "/extra"), replacement);
    let refusedCount = 0;
    fc.assert(
      fc.property(record, fc.array(change, { minLength: 1, maxLength: 2 }), (value, changes) => {
        let changed = value;
        for (const [pointer, replacement] of changes) {
          const parent = valueAt(changed, pointer.slice(0, pointer.lastIndexOf("/")));
          if (typeof parent !== "object" || parent === null) continue;
          changed = changeAt(changed, pointer, replacement);
        }
        const text = JSON.stringify(changed);
        const isFit = Value.Check(schema, parsed(changed));
        refusedCount += isFit ? 0 : 1;
        expect(compactLength(parsed(changed)) !== -1).toBe(isFit);
        expect("line" in readLine(text)).toBe(isFit);
        expect(readStored(text) !== null).toBe(isFit);
      }),
      { numRuns: 300 },
    );
    expect(refusedCount).toBeGreaterThan(30);
  });

  test("has the compact length that is told, as if nothing were escaped, unless a number may have another spelling", () => {
    expect(compactLength(lean)).toBe(JSON.stringify(lean).length);
    fc.assert(
      fc.property(record, (value) => {
        const text = JSON.stringify(value).replaceAll(/\\(?:u[0-9a-f]{4}|.)/g, "x");
        const members = Object.values({ ...value, ...Object(valueAt(value, "/scores")) });
        const numbers = members.filter((member) => typeof member === "number");
        const isOtherwise = numbers.some((number) => number >= 100 || !Number.isInteger(number));
        const length = compactLength(parsed(value));
        // A whole number of two digits may stand where fractions are allowed too.
        const isTold = numbers.length === 0 || !Number.isNaN(length);
        expect(length).toBe(isOtherwise || !isTold ? Number.NaN : text.length);
      }),
    );
  });

  test("has no room for a member twice, for half a character or for what is no JSON", () => {
    const line = JSON.stringify(full);
    const second = Object.keys(full)[1] ?? "";
    const member = `${JSON.stringify(second)}:${JSON.stringify(valueAt(full, `/${second}`))}`;
    const codeOf = (text: string) => {
      const read = readLine(text);
      return "violations" in read ? read.violations[0].errorCode : null;
    };
    expect(codeOf(line)).toBeNull();
    expect(codeOf(`{${member},${line.slice(1)}`)).toBe("duplicate_key");
    expect(codeOf(line.replace('"schema_version"', `${member},"schema_version"`))).toBe(
      "duplicate_key",
    );
    expect(codeOf(line.slice(0, -1))).toBe("json_parse_error");
    expect(codeOf("")).toBe("json_parse_error");
    const free = fields.find(({ accepts }) => accepts.includes("\u0000"))?.pointer ?? "";
    expect(codeOf(JSON.stringify(changeAt(full, free, "\ud83d")))).toBe("invalid_utf8");
  });

  test("without an explanation has one reason, the schema", () => {
    const misfit = JSON.stringify(changeAt(full, "/chat_id", "elsewhere"));
    expect(readLine(misfit, false)).toEqual({
      violations: [{ path: "", errorCode: "schema", message: "does not fit the schema" }],
    });
  });
});
