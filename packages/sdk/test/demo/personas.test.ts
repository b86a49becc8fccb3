import { toHex } from "@hi-stranger/core/codec/bytes";
import { isId } from "@hi-stranger/core/codec/ids";
import { ageInYears } from "@hi-stranger/core/schema/public-view";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demoNowMs, generatePersonaLines, generatePersonas } from "../../src/demo/personas.ts";

const seeds = fc.maxSafeInteger();

describe("generatePersonas", () => {
  test("gives personas that are valid by the schema and already compact, for every seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const line of generatePersonaLines({ count: 40, seed })) {
          const read = readProfileLine(line);
          expect("violations" in read ? read.violations : []).toEqual([]);
          expect("line" in read && read.line).toBe(line);
        }
      }),
    );
  });

  test("gives the same personas for one seed, and a shorter run is the beginning of a longer", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const long = [...generatePersonaLines({ count: 30, seed })];
        expect([...generatePersonaLines({ count: 12, seed })]).toEqual(long.slice(0, 12));
      }),
    );
  });

  test("keeps a released sequence as it is", async () => {
    const text = [...generatePersonaLines({ count: 1000, seed: 1 })].join("\n");
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    expect(toHex(new Uint8Array(digest))).toBe(
      "c4c5d4dda701f311bc0796f772c89f73195114224c1a7e26dc9be4c6753bce39",
    );
  });

  test("gives other ids for another seed", () => {
    const idsOf = (seed: number) =>
      [...generatePersonas({ count: 2000, seed })].map((persona) => persona.profile_id);
    const ids = new Set([1, 2, -1, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].flatMap(idsOf));
    expect(ids.size).toBe(5 * 2000);
  });

  test("gives ids of our form, in ascending order", () => {
    const ids = [...generatePersonas({ count: 50_000, seed: 3 })].map(
      (persona) => persona.profile_id,
    );
    expect(ids.filter((id) => !isId("usr", id))).toEqual([]);
    expect(ids.filter((id, index) => id <= (ids[index - 1] ?? ""))).toEqual([]);
  });

  test("gives ages that fit the birthday, and times in their order", () => {
    const now = new Date(demoNowMs);
    for (const { created_at: createdAt, profile } of generatePersonas({ count: 5000, seed: 4 })) {
      expect(profile.identity.age).toBe(ageInYears(profile.identity.birthday, now));
      const lastActive = profile.system?.last_active ?? createdAt;
      expect(lastActive >= createdAt && lastActive <= now.toISOString()).toBe(true);
    }
  });

  test("varies: every optional field is there and missing, and biographies have every language", () => {
    const personas = [...generatePersonas({ count: 2000, seed: 5 })];
    const languages = new Set(personas.map(({ profile }) => profile.system?.language));
    expect(languages).toEqual(new Set(["en", "de", "es", "pt", undefined]));
    const optional: ((persona: (typeof personas)[number]) => unknown)[] = [
      (persona) => persona.generator_version,
      (persona) => persona.profile.intent.biography,
      (persona) => persona.profile.intent.topics_to_avoid,
      (persona) => persona.profile.identity.avatar_picture,
      (persona) => persona.profile.system?.tone,
      (persona) => persona.profile.system?.joined_at,
    ];
    for (const member of optional) {
      const present = personas.filter((persona) => member(persona) !== undefined).length;
      expect(present).toBeGreaterThan(200);
      expect(present).toBeLessThan(1950);
    }
    const texts = new Set(personas.map(({ profile }) => profile.intent.biography));
    expect(texts.size).toBeGreaterThan(1500);
  });

  test("refuses a seed that is not a safe integer", () => {
    for (const seed of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => [...generatePersonas({ count: 1, seed })]).toThrow(RangeError);
    }
  });
});
