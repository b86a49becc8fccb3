import fc from "fast-check";
import { expect, it } from "vitest";
import type { ProfileFilter } from "@hi-stranger/core/store/profile-store";
import { readFacets, regulations, toPersonasUrl, withFacet } from "../../src/state/facets.ts";

const score = fc.integer({ min: 1, max: 5 });
const filter: fc.Arbitrary<ProfileFilter> = fc.record(
  {
    language: fc.constantFrom("en", "de-AT", "zh-Hant-TW", "pt-BR"),
    assertiveness: score,
    empathy: score,
    stress: score,
    regulation: fc.constantFrom(...regulations),
  },
  { requiredKeys: [] },
);

function queryOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url, "https://app.example").searchParams);
}

it("a filter written to the address is read back as it was", () => {
  fc.assert(
    fc.property(filter, (wanted) => {
      expect(readFacets(queryOf(toPersonasUrl(wanted)))).toEqual(wanted);
    }),
  );
});

it("the same filter has one address, in whatever order it was set", () => {
  const first = withFacet(withFacet({}, "empathy", 4), "language", "de");
  const second = withFacet(withFacet({}, "language", "de"), "empathy", 4);
  expect(toPersonasUrl(first)).toBe("/personas?language=de&empathy=4");
  expect(toPersonasUrl(second)).toBe(toPersonasUrl(first));
});

it("whatever else stands in an address is no facet", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (query) => {
      const read = readFacets(query);
      expect(readFacets(queryOf(toPersonasUrl(read)))).toEqual(read);
    }),
  );
  const odd = { empathy: "6", stress: "1.5", assertiveness: " 3", regulation: "angry" };
  expect(readFacets({ ...odd, language: "<b>", page: "2" })).toEqual({});
});

it("a facet set to nothing is left out", () => {
  expect(withFacet({ stress: 2, empathy: 3 }, "stress", undefined)).toEqual({ empathy: 3 });
  expect(toPersonasUrl({})).toBe("/personas");
});
