/** What holds for the schema of every kind of record, as tests over a table of its fields. */
import type { TSchema } from "typebox";
import { describe, expect, test } from "vitest";
import type { RefusedLine } from "../../src/schema/record-line.ts";
import type { Violation } from "../../src/schema/violations.ts";
import { changeAt, valueAt } from "../support/change.ts";
import type { Field } from "./field-rules.ts";

export interface DescribedSchema {
  readonly name: string;
  readonly schema: TSchema;
  /** Reads a line of this kind. */
  readonly readLine: (text: string) => RefusedLine | { readonly line: string };
  readonly fields: readonly Field[];
  /** Every object of the record, by its pointer. */
  readonly objectPointers: readonly string[];
  /** A record that uses every field. */
  readonly full: object;
  /** A record with the required fields alone. */
  readonly lean: object;
}

/** Most violations that are told of one value. */
const maxViolations = 5;

const show = (value: unknown) => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}… (${text.length})` : text;
};

export function describeSchema(described: DescribedSchema): void {
  const { name, schema, readLine, fields, objectPointers, full, lean } = described;
  const violationsOf = (value: unknown): readonly Violation[] => {
    const result = readLine(JSON.stringify(value));
    return "violations" in result ? result.violations : [];
  };

  describe(`the schema ${name}`, () => {
    test("a record with every field, and one with the required ones alone, are accepted", () => {
      expect(violationsOf(full)).toEqual([]);
      expect(violationsOf(lean)).toEqual([]);
    });

    test("the list of fields below is the schema's, each with its object", () => {
      const pointers: string[] = [];
      const visit = (schema: unknown, pointer: string) => {
        const properties = valueAt(schema, "/properties") as Record<string, unknown> | undefined;
        for (const [name, member] of Object.entries(properties ?? {})) {
          pointers.push(`${pointer}/${name}`);
          visit(member, `${pointer}/${name}`);
        }
      };
      visit(schema, "");
      expect(fields.map(({ pointer }) => pointer).toSorted()).toEqual(pointers.toSorted());
    });

    describe.each(fields)("$pointer", ({ pointer, isRequired, accepts, refuses }) => {
      test("stands in the full record", () => {
        expect(valueAt(full, pointer)).toBeDefined();
      });

      test("must be there when it is required, and may be missing when not", () => {
        const violations = violationsOf(changeAt(full, pointer));
        const expected = { path: pointer, errorCode: "required", message: "is required" };
        expect(violations).toEqual(isRequired ? [expected] : []);
      });

      test.each(accepts.map((value) => ({ value, text: show(value) })))(
        "accepts $text",
        ({ value }) => {
          expect(violationsOf(changeAt(full, pointer, value))).toEqual([]);
        },
      );

      test.each(
        refuses.map(([value, code, below = ""]) => ({ value, code, below, text: show(value) })),
      )("refuses $text as $code", ({ value, code, below }) => {
        const violations = violationsOf(changeAt(full, pointer, value));
        expect(violations).toHaveLength(1);
        expect(violations[0]).toMatchObject({ path: pointer + below, errorCode: code });
      });
    });

    describe.each(objectPointers.map((pointer) => ({ pointer, name: pointer || "the record" })))(
      "$name",
      ({ pointer }) => {
        test.each(["extra", "Profile", "user_name ", "", "toString", "constructor", "0", "a/b~c"])(
          "refuses the unknown member %j",
          (name) => {
            const isName = /^[A-Za-z]+$/.test(name);
            const record = structuredClone(full);
            (valueAt(record, pointer) as Record<string, unknown>)[name] = null;
            expect(violationsOf(record)).toEqual([
              {
                // A name that no programmer would give could be somebody's data, and isn't repeated.
                path: isName ? `${pointer}/${name}` : pointer,
                errorCode: "additional_properties",
                message: "is not a known field",
              },
            ]);
          },
        );

        test("refuses a member named __proto__, and nothing else changes", () => {
          const text = JSON.stringify(full);
          const target = JSON.stringify(valueAt(full, pointer));
          const value: unknown = JSON.parse(
            text.replace(target, `{"__proto__":{"age":99},${target.slice(1)}`),
          );
          expect(violationsOf(value)).toEqual([
            {
              path: `${pointer}/__proto__`,
              errorCode: "additional_properties",
              message: "is not a known field",
            },
          ]);
          expect(Object.hasOwn(Object.prototype, "age")).toBe(false);
        });
      },
    );

    describe("a value that is no record", () => {
      test.each([null, true, 1, "text", [], [full]].map((value) => ({ value })))(
        "is refused as a whole: $value",
        ({ value }) => {
          expect(violationsOf(value)).toMatchObject([{ path: "", errorCode: "type" }]);
        },
      );

      test("an empty object lacks each required member", () => {
        const atRoot = fields.filter(({ pointer }) => pointer.lastIndexOf("/") === 0);
        const required = atRoot.filter(({ isRequired }) => isRequired);
        expect(violationsOf({})).toEqual(
          required.slice(0, maxViolations).map(({ pointer }) => ({
            path: pointer,
            errorCode: "required",
            message: "is required",
          })),
        );
      });
    });
  });
}
