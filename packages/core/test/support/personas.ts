/** Personas for tests: one with every field, one with the required ones, and any at all. */
import fc from "fast-check";
import type { UserProfile } from "../../src/schema/user-profile.ts";

/** A persona that uses every field of the schema. */
export function fullPersona(): UserProfile {
  return {
    schema_version: "user_profile.v1",
    generator_version: "1.0.0",
    profile_id: "usr_0123456789abcdefghjkmnpqrs",
    created_at: "2026-01-02T03:04:05.678Z",
    profile: {
      identity: {
        user_name: "Ada from the hills",
        gender: "nonbinary",
        birthday: "1990-02-28",
        age: 36,
        avatar_picture: "https://images.test/ada.png",
      },
      intent: {
        expectations: ["deep_connection", "advice"],
        biography: "Reads maps for the names on them.",
        conversation_goals: ["build_empathy"],
        values_and_beliefs: ["cultural_curiosity", "loyalty_trust"],
        topics_to_avoid: ["politics"],
      },
      behavior: {
        social_energy: ["small_close_group"],
        communication_style: ["open_direct", "casual_quick"],
        conflict_response: "reflective_delayed",
        support_style: "empathetic_listening",
        assertiveness_level: 3,
        decision_style: "adaptive",
      },
      emotional: {
        emotional_needs: ["availability_trust"],
        maintenance_style: ["spontaneous_connection"],
        emotional_regulation: "calm",
        empathy_depth: 5,
        stress_tolerance: 1,
      },
      interests: {
        shared_lifestyle_type: ["relaxed_playful"],
        interests: ["maps", "tea"],
      },
      system: {
        language: "de-AT",
        formality: "informal",
        tone: "warm",
        intro_done: true,
        joined_at: "2026-01-02T03:04:05Z",
        last_active: "2026-11-21T20:00:00.000+01:00",
      },
    },
  };
}

/** A persona with the required fields alone. */
export function leanPersona(): UserProfile {
  const persona = fullPersona();
  delete persona.generator_version;
  delete persona.profile.identity.avatar_picture;
  delete persona.profile.intent.biography;
  delete persona.profile.intent.topics_to_avoid;
  delete persona.profile.system;
  return persona;
}

const pad = (value: number, length = 2) => String(value).padStart(length, "0");

const day = fc
  .date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T00:00:00Z"),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString().slice(0, 10));

const instant = fc
  .tuple(
    day,
    fc.constantFrom("T", "t"),
    fc.nat(23),
    fc.nat(59),
    fc.nat(59),
    fc.constantFrom("", ".5", ".678", ".123456789"),
    fc.constantFrom("Z", "z", "+00:00", "-23:59", "+05:30"),
  )
  .map(
    ([date, separator, hour, minute, second, fraction, zone]) =>
      `${date}${separator}${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${zone}`,
  );

/** Text as people type it: quotes, backslashes, controls, other scripts, emoji; never half a pair. */
export const anyText = (constraints: { minLength?: number; maxLength?: number } = {}) =>
  fc.string({
    unit: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", " ", "X", "Y", "0", "1", "9") },
      { weight: 1, arbitrary: fc.constantFrom('"', "\\", "/", "\n", "\u0000", "\u007f", "\u2028") },
      { weight: 1, arbitrary: fc.constantFrom("é", "ß", "я", "字", "😀", "\u{10ffff}") },
    ),
    maxLength: 12,
    ...constraints,
  });

const someOf = <Value extends string>(...values: Value[]) =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const score = fc.integer({ min: 1, max: 5 });

const identity = fc.record(
  {
    user_name: anyText({ minLength: 1 }),
    gender: fc.constantFrom("m", "f", "nonbinary", "prefer_not_to_say"),
    birthday: day,
    age: fc.oneof(
      fc.integer({ min: 13, max: 130 }),
      fc.constantFrom(99, 100, 110, 200, 999, 1000, 1e6, 1e20, 1e21, Number.MAX_VALUE),
    ),
    avatar_picture: fc.oneof(
      fc.constant(null),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constantFrom("urn:a:b", "data:,x", "https://images.test/%C3%A9?a=b#c"),
    ),
  },
  { requiredKeys: ["user_name", "gender", "birthday", "age"] },
);

const intent = fc.record(
  {
    expectations: someOf("deep_connection", "mainly_fun", "just_checking"),
    biography: anyText({ maxLength: 60 }),
    conversation_goals: someOf("deepen_understanding", "enjoy_casual_talk"),
    values_and_beliefs: someOf("loyalty_trust", "humor_playfulness"),
    topics_to_avoid: fc.array(fc.constantFrom("politics", "religion", "unverified_health"), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ["expectations", "conversation_goals", "values_and_beliefs"] },
);

const behavior = fc.record({
  social_energy: someOf("social_events_new_people", "lead_conversations"),
  communication_style: someOf("open_direct", "selective_engagement"),
  conflict_response: fc.constantFrom("direct_resolution", "reflective_delayed", "avoidant"),
  support_style: fc.constantFrom("practical_problem_solving", "humor_distraction"),
  assertiveness_level: score,
  decision_style: fc.constantFrom("structured", "adaptive", "impulsive"),
});

const emotional = fc.record({
  emotional_needs: someOf("availability_trust", "consistency_reliability"),
  maintenance_style: someOf("regular_deep_checkins", "intermittent_but_reliable"),
  emotional_regulation: fc.constantFrom("calm", "sensitive", "volatile"),
  empathy_depth: score,
  stress_tolerance: score,
});

const interests = fc.record({
  shared_lifestyle_type: someOf("creative_intellectual", "adventurous_exploratory"),
  interests: fc.array(anyText({ minLength: 1 }), { minLength: 1, maxLength: 4 }),
});

const system = fc.record(
  {
    language: fc.constantFrom("de", "en-GB", "zh-Hant-TW", "es-419", "sl-rozaj", "de-x-a"),
    formality: fc.constantFrom("formal", "informal"),
    tone: fc.constantFrom("neutral", "warm", "humorous", "reflective", "concise"),
    intro_done: fc.boolean(),
    joined_at: instant,
    last_active: instant,
  },
  { requiredKeys: [] },
);

/** Any persona that fits the schema. */
export const anyPersona = fc.record(
  {
    schema_version: fc.constant("user_profile.v1"),
    generator_version: anyText(),
    profile_id: fc.stringMatching(/^usr_[a-z0-9]{6,30}$/),
    created_at: instant,
    profile: fc.record(
      { identity, intent, behavior, emotional, interests, system },
      { requiredKeys: ["identity", "intent", "behavior", "emotional", "interests"] },
    ),
  },
  { requiredKeys: ["schema_version", "profile_id", "created_at", "profile"] },
) as fc.Arbitrary<UserProfile>;
