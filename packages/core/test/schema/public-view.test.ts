import { describe, expect, test } from "vitest";
import { ageInYears, toPublicProfile } from "../../src/schema/public-view.ts";
import { fullPersona, leanPersona } from "../support/personas.ts";

const at = (text: string) => new Date(text);

describe("ageInYears", () => {
  test.each([
    ["2000-06-15", "2026-06-14T23:59:59.999Z", 25],
    ["2000-06-15", "2026-06-15T00:00:00.000Z", 26],
    ["2000-06-15", "2026-06-16T00:00:00.000Z", 26],
    ["2000-06-15", "2026-05-31T00:00:00.000Z", 25],
    ["2000-06-15", "2026-07-01T00:00:00.000Z", 26],
    ["2000-12-31", "2026-01-01T00:00:00.000Z", 25],
    ["2000-01-01", "2025-12-31T23:59:59.999Z", 25],
    ["2000-01-01", "2026-01-01T00:00:00.000Z", 26],
    ["2004-02-29", "2024-02-28T23:59:59.999Z", 19],
    ["2004-02-29", "2024-02-29T00:00:00.000Z", 20],
    ["2004-02-29", "2023-02-28T23:59:59.999Z", 18],
    ["2004-02-29", "2023-03-01T00:00:00.000Z", 19],
    ["0099-01-01", "2026-01-01T00:00:00.000Z", 1927],
    ["2026-01-01", "2026-01-01T00:00:00.000Z", 0],
    ["2030-01-01", "2026-01-01T00:00:00.000Z", 0],
  ])("of somebody born on %s is, at %s, %d", (birthday, now, age) => {
    expect(ageInYears(birthday, at(now))).toBe(age);
  });

  test("goes by the day in UTC, wherever it is read", () => {
    expect(ageInYears("2000-06-15", at("2026-06-15T00:30:00+01:00"))).toBe(25);
    expect(ageInYears("2000-06-15", at("2026-06-14T23:30:00-01:00"))).toBe(26);
  });
});

describe("toPublicProfile", () => {
  test("leaves out the birthday, computes the age, and keeps everything else", () => {
    const persona = fullPersona();
    persona.profile.identity.age = 77;
    const expected = fullPersona() as { profile: { identity: { birthday?: string; age: number } } };
    delete expected.profile.identity.birthday;
    expected.profile.identity.age = 35;
    expect(toPublicProfile(persona, at("2026-02-27T12:00:00Z"))).toEqual(expected);
  });

  test("has the birthday nowhere in its text", () => {
    const view = JSON.stringify(toPublicProfile(fullPersona(), at("2026-02-27T12:00:00Z")));
    expect(view).not.toContain("birthday");
    expect(view).not.toContain("1990-02-28");
  });

  test("leaves the persona itself as it is", () => {
    const persona = leanPersona();
    toPublicProfile(persona, at("2026-02-27T12:00:00Z"));
    expect(persona).toEqual(leanPersona());
  });
});
