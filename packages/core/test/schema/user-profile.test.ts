import { describe, expect, test } from "vitest";
import { readProfile } from "../../src/schema/profile-line.ts";
import { userProfileSchema } from "../../src/schema/user-profile.ts";
import { changeAt, valueAt } from "../support/change.ts";
import { fullPersona, leanPersona } from "../support/personas.ts";
import { fields, objectPointers } from "./user-profile-fields.ts";

function violationsOf(value: unknown) {
  const result = readProfile(value);
  return "violations" in result ? result.violations : [];
}

const show = (value: unknown) => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}… (${text.length})` : text;
};

test("a persona with every field, and one with the required ones alone, are accepted", () => {
  expect(violationsOf(fullPersona())).toEqual([]);
  expect(violationsOf(leanPersona())).toEqual([]);
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
  visit(userProfileSchema, "");
  expect(fields.map(({ pointer }) => pointer).toSorted()).toEqual(pointers.toSorted());
});

describe.each(fields)("$pointer", ({ pointer, isRequired, accepts, refuses }) => {
  test("stands in the full persona", () => {
    expect(valueAt(fullPersona(), pointer)).toBeDefined();
  });

  test("must be there when it is required, and may be missing when not", () => {
    const violations = violationsOf(changeAt(fullPersona(), pointer));
    const expected = { path: pointer, errorCode: "required", message: "is required" };
    expect(violations).toEqual(isRequired ? [expected] : []);
  });

  test.each(accepts.map((value) => ({ value, text: show(value) })))(
    "accepts $text",
    ({ value }) => {
      expect(violationsOf(changeAt(fullPersona(), pointer, value))).toEqual([]);
    },
  );

  test.each(
    refuses.map(([value, code, below = ""]) => ({ value, code, below, text: show(value) })),
  )("refuses $text as $code", ({ value, code, below }) => {
    const violations = violationsOf(changeAt(fullPersona(), pointer, value));
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
        const persona = fullPersona();
        (valueAt(persona, pointer) as Record<string, unknown>)[name] = null;
        expect(violationsOf(persona)).toEqual([
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
      const text = JSON.stringify(fullPersona());
      const target = JSON.stringify(valueAt(fullPersona(), pointer));
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
  test.each([null, true, 1, "text", [], [fullPersona()]].map((value) => ({ value })))(
    "is refused as a whole: $value",
    ({ value }) => {
      expect(violationsOf(value)).toMatchObject([{ path: "", errorCode: "type" }]);
    },
  );

  test("an empty object lacks each required member", () => {
    expect(violationsOf({}).map(({ path, errorCode }) => [path, errorCode])).toEqual([
      ["/schema_version", "required"],
      ["/profile_id", "required"],
      ["/created_at", "required"],
      ["/profile", "required"],
    ]);
  });
});
