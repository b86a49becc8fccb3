import { describe, expect, it } from "vitest";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";
import {
  type FormValues,
  type RecordHead,
  toCandidate,
  toFormValues,
} from "../../src/form/form-values.ts";

const [someone] = [...generatePersonas({ count: 1, seed: 3 })] as [UserProfile];
const { profile: base, ...head } = someone;

function candidateWith(values: FormValues): { profile: Record<string, Record<string, unknown>> } {
  const candidate = toCandidate(head, { ...toFormValues(base), ...values }, base);
  return candidate as { profile: Record<string, Record<string, unknown>> };
}

it("an untouched form gives the record back as it was", () => {
  for (const persona of generatePersonas({ count: 300, seed: 17 })) {
    const { profile, ...personaHead } = persona;
    const same = toCandidate(personaHead, toFormValues(profile), profile);
    expect(same).toEqual(persona);
  }
});

it("an untouched form keeps what a control can't show", () => {
  const odd: UserProfile["profile"] = {
    ...base,
    identity: { ...base.identity, avatar_picture: null },
    intent: { ...base.intent, topics_to_avoid: [] },
    system: { joined_at: "2024-05-06T07:08:09.123Z" },
  };
  expect(toCandidate(head, toFormValues(odd), odd)).toEqual({ ...head, profile: odd });
});

describe("a touched control", () => {
  it("gives trimmed text, numbers, booleans and one word a line", () => {
    const { profile } = candidateWith({
      "/profile/identity/user_name": "  Ada  ",
      "/profile/identity/age": "44",
      "/profile/behavior/assertiveness_level": "2",
      "/profile/system/intro_done": "no",
      "/profile/interests/interests": "tea \n\n  chess\n",
    });
    expect(profile["identity"]).toMatchObject({ user_name: "Ada", age: 44 });
    expect(profile["behavior"]?.["assertiveness_level"]).toBe(2);
    expect(profile["system"]?.["intro_done"]).toBe(false);
    expect(profile["interests"]?.["interests"]).toEqual(["tea", "chess"]);
  });

  it("that was emptied leaves its optional field out", () => {
    const { profile } = candidateWith({
      "/profile/intent/biography": "  ",
      "/profile/intent/topics_to_avoid": [],
      "/profile/system/language": "",
    });
    expect(profile["intent"]).not.toHaveProperty("biography");
    expect(profile["intent"]).not.toHaveProperty("topics_to_avoid");
    expect(profile["system"]).not.toHaveProperty("language");
  });

  it("that was emptied is for the reader to refuse where something is required", () => {
    const { profile } = candidateWith({
      "/profile/identity/user_name": "",
      "/profile/identity/age": "",
      "/profile/intent/expectations": [],
    });
    expect(profile["identity"]?.["user_name"]).toBe("");
    expect(profile["identity"]?.["age"]).toBeUndefined();
    expect(profile["intent"]?.["expectations"]).toEqual([]);
  });
});

it("a new persona without anything said about conversation has no such group", () => {
  const fresh: RecordHead = {
    schema_version: "user_profile.v1",
    profile_id: "usr_000001",
    created_at: "2026-01-01T00:00:00.000Z",
  };
  const { profile } = toCandidate(fresh, toFormValues(null), null) as { profile: object };
  expect(profile).not.toHaveProperty("system");
});
