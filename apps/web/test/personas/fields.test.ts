import { describe, expect, it } from "vitest";
import { userProfileSchema } from "@hi-stranger/core/schema/user-profile";
import { type Field, groups } from "../../src/personas/fields.ts";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const profile = (userProfileSchema as unknown as Schema).properties?.["profile"]?.properties ?? {};

it("the form has the groups of the schema", () => {
  expect(groups.map(({ name }) => name).sort()).toEqual(Object.keys(profile).sort());
});

describe.each(groups)("the group $name", ({ name, fields }) => {
  const group: Schema = profile[name] ?? {};

  it("has the fields of the schema", () => {
    expect(fields.map((field) => field.name).sort()).toEqual(
      Object.keys(group.properties ?? {}).sort(),
    );
  });

  it.each(fields)("takes for $name what the schema takes", (field: Field) => {
    const schema: Schema = group.properties?.[field.name] ?? {};
    expect(field.isRequired).toBe(group.required?.includes(field.name) ?? false);
    const values = "values" in field ? field.values : [];
    expect([...values].sort()).toEqual([...(schema.enum ?? schema.items?.enum ?? [])].sort());
    const isList = field.kind === "some" || field.kind === "words";
    expect(isList).toBe(schema.type === "array");
    expect(field.kind === "score").toBe(schema.maximum === 5);
    expect("maxLength" in field ? field.maxLength : undefined).toBe(
      field.kind === "text" ? schema.maxLength : undefined,
    );
  });
});
