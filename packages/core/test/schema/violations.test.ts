import fc from "fast-check";
import Type from "typebox";
import { describe, expect, test } from "vitest";
import { userProfileSchema } from "../../src/schema/user-profile.ts";
import { type Violation, listViolations } from "../../src/schema/violations.ts";
import { changeAt, valueAt } from "../support/change.ts";
import { anyPersona, fullPersona } from "../support/personas.ts";
import { fields, objectPointers } from "./user-profile-fields.ts";

const violationsOf = (value: unknown) => listViolations(userProfileSchema, value);
const places = (violations: readonly Violation[]) =>
  violations.map(({ path, errorCode }) => `${path} ${errorCode}`);

test("a value that fits has none", () => {
  fc.assert(
    fc.property(anyPersona, (persona) => {
      expect(violationsOf(persona)).toEqual([]);
    }),
  );
});

describe("messages", () => {
  test.each([
    ["/profile/identity/gender", "x", "must be one of m, f, nonbinary, prefer_not_to_say"],
    ["/profile/intent/expectations", [], "must not have fewer than 1 items"],
    ["/profile/identity/age", 12, "must be >= 13"],
    ["/profile/emotional/empathy_depth", 6, "must be <= 5"],
    ["/profile/intent/biography", "x".repeat(801), "must not have more than 800 characters"],
    ["/profile/identity/user_name", "", "must not have fewer than 1 characters"],
    ["/profile/identity/birthday", "2024-02-30", 'must match format "date"'],
    ["/profile/identity/age", "36", "must be integer"],
    ["/schema_version", "user_profile.v2", "must be equal to constant"],
  ])("say the rule at %s", (pointer, value, message) => {
    expect(violationsOf(changeAt(fullPersona(), pointer, value))).toMatchObject([
      { path: pointer, message },
    ]);
  });

  test("never hold a value, nor the name of an unknown member, whatever is wrong", () => {
    const marker = fc.stringMatching(/^Zq[a-z]{8}qZ$/);
    const place = fc.constantFrom(...fields.map(({ pointer }) => pointer));
    const shape = fc.constantFrom("text", "list", "object", "member name", "long", "number");
    fc.assert(
      fc.property(marker, place, shape, (marker, pointer, shape) => {
        const values = {
          text: marker,
          list: [marker, [marker]],
          object: { [marker]: { [marker]: marker } },
          "member name": undefined,
          long: marker.repeat(100),
          number: 9_876_543_210.5,
        };
        let persona: unknown = changeAt(fullPersona(), pointer, values[shape]);
        if (shape === "member name") {
          const parent = pointer.slice(0, pointer.lastIndexOf("/"));
          persona = changeAt(fullPersona(), `${parent}/${marker}`, marker);
        }
        for (const { path, message, errorCode } of violationsOf(persona)) {
          expect(message).not.toMatch(/Zq|qZ|98765/);
          expect(errorCode).toMatch(/^[a-z_]+$/);
          // A path names places; of what was typed it can hold the names of members alone.
          const hasNames = shape === "member name" || shape === "object";
          expect(hasNames || !path.includes("Zq")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("order and number", () => {
  test("several rules broken in different places are told in the order of the schema", () => {
    let persona: unknown = changeAt(fullPersona(), "/profile_id", "x");
    persona = changeAt(persona, "/profile/identity/age", 3);
    persona = changeAt(persona, "/profile/emotional/stress_tolerance", 0);
    expect(places(violationsOf(persona))).toEqual([
      "/profile_id pattern",
      "/profile/identity/age minimum",
      "/profile/emotional/stress_tolerance minimum",
    ]);
  });

  test("a missing and an unknown member of one object are both told", () => {
    const persona = changeAt(changeAt(fullPersona(), "/profile_id"), "/profileId", "usr_abcdef");
    expect(places(violationsOf(persona)).toSorted()).toEqual([
      "/profileId additional_properties",
      "/profile_id required",
    ]);
  });

  test("of several rules broken at one place, the first is told", () => {
    const schema = Type.Object({ code: Type.String({ minLength: 5, pattern: "^[0-9]+$" }) });
    expect(listViolations(schema, { code: "abc" })).toHaveLength(1);
  });

  test("a choice tells what is wrong with its first option, once", () => {
    const persona = changeAt(fullPersona(), "/profile/identity/avatar_picture", "no uri");
    expect(places(violationsOf(persona))).toEqual(["/profile/identity/avatar_picture format"]);
  });

  test("a choice of objects tells what is wrong inside each, and no more", () => {
    const option = (name: string) => Type.Object({ [name]: Type.String() });
    const schema = Type.Object({ choice: Type.Union([option("a"), option("b")]) });
    expect(places(listViolations(schema, { choice: { a: 1, b: 1 } }))).toEqual([
      "/choice/a type",
      "/choice/b type",
    ]);
  });

  test("there are five at most", () => {
    const broken = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x${index}`, 1]));
    expect(places(violationsOf({ ...fullPersona(), ...broken }))).toEqual(
      [0, 1, 2, 3, 4].map((index) => `/x${index} additional_properties`),
    );
    const wrongItems = Array.from({ length: 50 }, () => "x");
    const persona = changeAt(fullPersona(), "/profile/intent/expectations", wrongItems);
    expect(places(violationsOf(persona))).toEqual(
      [0, 1, 2, 3, 4].map((index) => `/profile/intent/expectations/${index} enum`),
    );
  });

  test.each(objectPointers)(
    "the members that %j lacks are told, those it has are not",
    (pointer) => {
      const names = Object.keys(valueAt(fullPersona(), pointer) as object);
      for (const kept of names) {
        const value = { [kept]: valueAt(fullPersona(), `${pointer}/${kept}`) };
        const persona = pointer === "" ? value : changeAt(fullPersona(), pointer, value);
        const missing = violationsOf(persona).map(({ path }) => path);
        expect(missing).not.toContain(`${pointer}/${kept}`);
        for (const path of missing) expect(names).toContain(path.slice(pointer.length + 1));
      }
    },
  );
});

describe("paths", () => {
  test("are cut to 200 characters", () => {
    const name = "n".repeat(1000);
    const schema = Type.Object({ [name]: Type.String() });
    expect(places(listViolations(schema, {}))).toEqual([`/${"n".repeat(199)} required`]);
  });

  test("stop at the object when a member's name isn't one that a programmer would give", () => {
    for (const name of ["jane@example.org", "+49 170 1234567", "n".repeat(41), "a/b~c", "", "9x"]) {
      expect(places(violationsOf({ ...fullPersona(), [name]: 1 }))).toEqual([
        " additional_properties",
      ]);
    }
    expect(places(violationsOf({ ...fullPersona(), "first one": 1, "second one": 2 }))).toEqual([
      " additional_properties",
    ]);
    expect(places(violationsOf({ ...fullPersona(), ["n".repeat(40)]: 1 }))).toEqual([
      `/${"n".repeat(40)} additional_properties`,
    ]);
  });

  test("are found below names that need escapes", () => {
    const inner = Type.Object({ "x~/y": Type.String(), z: Type.String() });
    const schema = Type.Object({ "a~/b": inner });
    expect(places(listViolations(schema, { "a~/b": { z: "" } }))).toEqual([
      "/a~0~1b/x~0~1y required",
    ]);
  });
});
