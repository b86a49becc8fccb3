import { expect, it } from "vitest";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";
import { toPortraitShape } from "../../src/personas/portrait-shape.ts";

const [someone] = [...generatePersonas({ count: 1, seed: 3 })] as [UserProfile];

function withTraits(behavior: object, emotional: object): UserProfile {
  const { profile } = someone;
  return {
    ...someone,
    profile: {
      ...profile,
      behavior: { ...profile.behavior, ...behavior },
      emotional: { ...profile.emotional, ...emotional },
    },
  };
}

it("the same persona always has the same portrait", () => {
  expect(toPortraitShape(structuredClone(someone))).toEqual(toPortraitShape(someone));
});

it("stress tolerance is the number of rings", () => {
  for (const stress of [1, 2, 3, 4, 5]) {
    expect(toPortraitShape(withTraits({}, { stress_tolerance: stress })).rings).toHaveLength(
      stress,
    );
  }
});

it("assertiveness and empathy change the petals, temper the outline", () => {
  const petals = new Set<string>();
  for (const assertiveness of [1, 5]) {
    for (const empathy of [1, 5]) {
      petals.add(
        toPortraitShape(
          withTraits({ assertiveness_level: assertiveness }, { empathy_depth: empathy }),
        ).petal,
      );
    }
  }
  expect(petals.size).toBe(4);
  const outlines = ["calm", "sensitive", "volatile"].map(
    (regulation) => toPortraitShape(withTraits({}, { emotional_regulation: regulation })).outline,
  );
  expect(new Set(outlines).size).toBe(3);
});

it("no portrait leaves its frame", () => {
  for (const persona of generatePersonas({ count: 200, seed: 5 })) {
    const { outline, petal, rings } = toPortraitShape(persona);
    const numbers = `${outline} ${petal}`.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(50);
    expect(Math.max(...rings)).toBeLessThanOrEqual(12);
  }
});
