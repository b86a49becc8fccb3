import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { compileCheck } from "../scripts/compile-check.ts";
import { generateFiles } from "../scripts/generate.ts";
import { userProfileSchema } from "../src/schema/user-profile.ts";

describe("generated files", () => {
  test.each(Object.entries(generateFiles()))("%s is current", async (path, text) => {
    const file = new URL(`../${path}`, import.meta.url);
    expect(await readFile(file, "utf8"), "run `npm run generate`").toBe(text);
  });

  test.each(["user_profile.v1", "chat_meta.v1", "policy_state.v1", "message.v1"])(
    "hold the schema %s under its own name, in the draft it says",
    (version) => {
      const text = generateFiles()[`schemas/${version}.schema.json`] ?? "";
      expect(JSON.parse(text)).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: `/schemas/${version}.schema.json`,
        additionalProperties: false,
      });
    },
  );

  test.each(["user-profile", "chat-meta", "policy-state", "message"])(
    "hold a check of %s that builds no code at run time",
    (file) => {
      const text = generateFiles()[`src/schema/generated/${file}.check.js`] ?? "";
      expect(text).toContain("export const compactLength");
      expect(text).not.toMatch(/\beval\b|new Function|\bimport\(/);
    },
  );
});

describe("the compiler of checks refuses a schema whose rules it doesn't know", () => {
  const compile = (member: object, extra: object = {}) => {
    const schema = {
      type: "object",
      properties: { member },
      required: ["member"],
      additionalProperties: false,
      ...extra,
    };
    return () => compileCheck("thing", schema, "./formats.ts");
  };

  test("and takes those that it knows", () => {
    expect(compile({ type: "string", minLength: 1 })).not.toThrow();
    expect(() => compileCheck("user_profile.v1", userProfileSchema, "./formats.ts")).not.toThrow();
  });

  test.each<[string, object, object?]>([
    ["an object that is open", { type: "string" }, { additionalProperties: true }],
    ["an object with patterns for names", { type: "string" }, { patternProperties: {} }],
    ["an object with a cap on its members", { type: "string" }, { maxProperties: 3 }],
    ["a keyword of strings", { type: "string", contentEncoding: "base64" }],
    ["a format", { type: "string", format: "email" }],
    ["a least length above one", { type: "string", minLength: 2 }],
    ["a keyword of numbers", { type: "integer", multipleOf: 5 }],
    ["a keyword of arrays", { type: "array", items: { type: "string" }, minContains: 1 }],
    ["numbers that are unique", { type: "array", items: { type: "integer" }, uniqueItems: true }],
    ["a choice of two texts", { anyOf: [{ type: "string" }, { type: "string" }] }],
    ["a choice of three", { anyOf: [{ type: "string" }, { type: "null" }, { type: "boolean" }] }],
    ["a list of numbers", { enum: [1, 2] }],
    ["a fixed text with an escape", { const: 'a"b' }],
    ["no type at all", {}],
  ])("%s", (_, member, extra) => {
    expect(compile(member, extra)).toThrow(
      /has no rule|no rule for|with a rule|fixed values|refuse/,
    );
  });
});
