import { describe, expect, test } from "vitest";
import { type ProfileFilter, matchesFilter, toFacets } from "../../src/store/profile-store.ts";
import { fullPersona, leanPersona } from "../support/personas.ts";

const facets = {
  language: "de-AT",
  assertiveness: 3,
  empathy: 5,
  stress: 1,
  regulation: "calm",
} as const;

describe("toFacets", () => {
  test("takes each facet from its place in the persona", () => {
    expect(toFacets(fullPersona())).toEqual(facets);
  });

  test("has no language where the persona has none", () => {
    expect(toFacets(leanPersona())).toEqual({ ...facets, language: undefined });
  });
});

describe("matchesFilter", () => {
  test("an empty filter lets everyone pass, and so does one of undefined members", () => {
    expect(matchesFilter(toFacets(leanPersona()), {})).toBe(true);
    const filter = { language: undefined, empathy: undefined } as unknown as ProfileFilter;
    expect(matchesFilter(toFacets(leanPersona()), filter)).toBe(true);
  });

  test("all facets together match the persona that has them", () => {
    expect(matchesFilter(toFacets(fullPersona()), facets)).toBe(true);
  });

  test.each<ProfileFilter>([
    { language: "de" },
    { language: "de-at" },
    { assertiveness: 4 },
    { empathy: 4 },
    { stress: 2 },
    { regulation: "volatile" },
  ])("one facet that differs refuses, alone and among others that match: %j", (filter) => {
    expect(matchesFilter(toFacets(fullPersona()), filter)).toBe(false);
    expect(matchesFilter(toFacets(fullPersona()), { ...facets, ...filter })).toBe(false);
  });

  test("a persona without a language matches no language", () => {
    expect(matchesFilter(toFacets(leanPersona()), { language: "de-AT" })).toBe(false);
  });
});
