import { describe, expect, it } from "vitest";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";
import { toCandidate, toFormValues } from "../../src/form/form-values.ts";
import { validate } from "../../src/form/validate.ts";
import { groups } from "../../src/personas/fields.ts";

const [someone] = [...generatePersonas({ count: 1, seed: 3 })] as [UserProfile];
const { profile: base, ...head } = someone;

function violationsWith(values: Record<string, string | string[]>): [string, string][] {
  const verdict = validate(toCandidate(head, { ...toFormValues(base), ...values }, base));
  if (!("violationsByPointer" in verdict)) return [];
  return [...verdict.violationsByPointer].map(([pointer, { errorCode }]) => [pointer, errorCode]);
}

it("a sound record comes back with the line that a store keeps", () => {
  const verdict = validate(someone);
  expect(verdict).toEqual({ read: { profile: someone, line: JSON.stringify(someone) } });
});

it("an empty form is told of every required field at once, in the order of the form", () => {
  const verdict = validate(toCandidate(head, toFormValues(null), null));
  const required = groups.flatMap(({ name, fields }) =>
    fields.filter(({ isRequired }) => isRequired).map((field) => `/profile/${name}/${field.name}`),
  );
  if (!("violationsByPointer" in verdict)) throw new Error("an empty form is refused");
  expect([...verdict.violationsByPointer.keys()]).toEqual(required);
});

describe("a wrong value is told at its field", () => {
  it.each([
    ["/profile/identity/birthday", "2001-02-29", "format"],
    ["/profile/identity/age", "12", "minimum"],
    ["/profile/identity/avatar_picture", "not an address", "format"],
    ["/profile/intent/biography", "x".repeat(801), "max_length"],
    ["/profile/behavior/assertiveness_level", "6", "maximum"],
    ["/profile/system/language", "no such tag!", "pattern"],
    ["/profile/system/joined_at", "yesterday", "format"],
  ])("%s as %s", (pointer, value, errorCode) => {
    expect(violationsWith({ [pointer]: value })).toEqual([[pointer, errorCode]]);
  });
});

it("eight hundred characters are not too long, whatever they are made of", () => {
  expect(violationsWith({ "/profile/intent/biography": "😀".repeat(800) })).toEqual([]);
  expect(violationsWith({ "/profile/intent/biography": "😀".repeat(801) })).toEqual([
    ["/profile/intent/biography", "max_length"],
  ]);
});
