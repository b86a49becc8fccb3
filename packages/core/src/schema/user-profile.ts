/**
 * `user_profile.v1`: a persona, the pseudonymous record that other people meet.
 *
 * The TypeBox schema below is the JSON Schema (draft 2020-12) served at
 * `/schemas/user_profile.v1.schema.json`, and `npm run generate` compiles it into
 * `generated/user-profile.check.js`. It holds no personal data and is stored unencrypted. Every
 * object refuses unknown keys. To add a field, follow the worked example in CONTRIBUTING.md.
 */
import Type from "typebox";
import { calendarDate, instant, languageTag } from "./formats.ts";
import { closed, oneOf, recordHeader } from "./members.ts";
import { profileId } from "./record-ids.ts";

export const userProfileVersion = "user_profile.v1";

const text = () => Type.String({ minLength: 1 });
const score = () => Type.Integer({ minimum: 1, maximum: 5 });
const someOf = <const Values extends string[]>(...values: Values) =>
  Type.Array(Type.Enum<Values>(values), { minItems: 1 });

const identity = Type.Object(
  {
    user_name: text(),
    gender: oneOf("m", "f", "nonbinary", "prefer_not_to_say"),
    birthday: calendarDate(),
    age: Type.Integer({ minimum: 13 }),
    avatar_picture: Type.Optional(Type.Union([Type.String({ format: "uri" }), Type.Null()])),
  },
  closed,
);

const intent = Type.Object(
  {
    expectations: someOf(
      "deep_connection",
      "meaningful_conversations",
      "personal_growth",
      "mainly_fun",
      "professional_mentorship",
      "advice",
      "create_community",
      "just_checking",
    ),
    biography: Type.Optional(Type.String({ maxLength: 800 })),
    conversation_goals: someOf(
      "deepen_understanding",
      "explore_new_perspectives",
      "build_empathy",
      "practice_language",
      "gain_advice",
      "develop_self_awareness",
      "enjoy_casual_talk",
    ),
    values_and_beliefs: someOf(
      "loyalty_trust",
      "honest_open_comm",
      "humor_playfulness",
      "intellectual_stimulation",
      "cultural_curiosity",
      "personal_growth_ambition",
      "spontaneity_adventure",
    ),
    topics_to_avoid: Type.Optional(
      Type.Array(
        oneOf(
          "politics",
          "religion",
          "polarizing",
          "toxic_behavior",
          "conspiracy",
          "unverified_health",
        ),
      ),
    ),
  },
  closed,
);

const behavior = Type.Object(
  {
    social_energy: someOf(
      "social_events_new_people",
      "small_close_group",
      "solitary_creative_work",
      "lead_conversations",
      "prefer_listening_value_add",
      "overwhelmed_large_pref_1to1",
    ),
    communication_style: someOf(
      "open_direct",
      "more_structured",
      "casual_quick",
      "selective_engagement",
    ),
    conflict_response: oneOf("direct_resolution", "reflective_delayed", "avoidant"),
    support_style: oneOf("practical_problem_solving", "empathetic_listening", "humor_distraction"),
    assertiveness_level: score(),
    decision_style: oneOf("structured", "adaptive", "impulsive"),
  },
  closed,
);

const emotional = Type.Object(
  {
    emotional_needs: someOf(
      "availability_trust",
      "shared_interests_experiences",
      "consistency_reliability",
    ),
    maintenance_style: someOf(
      "regular_deep_checkins",
      "spontaneous_connection",
      "intermittent_but_reliable",
    ),
    emotional_regulation: oneOf("calm", "sensitive", "volatile"),
    empathy_depth: score(),
    stress_tolerance: score(),
  },
  closed,
);

const interests = Type.Object(
  {
    shared_lifestyle_type: someOf(
      "creative_intellectual",
      "adventurous_exploratory",
      "relaxed_playful",
    ),
    interests: Type.Array(text(), { minItems: 1 }),
  },
  closed,
);

const system = Type.Object(
  {
    language: Type.Optional(languageTag()),
    formality: Type.Optional(oneOf("formal", "informal")),
    tone: Type.Optional(oneOf("neutral", "warm", "humorous", "reflective", "concise")),
    intro_done: Type.Optional(Type.Boolean()),
    joined_at: Type.Optional(instant()),
    last_active: Type.Optional(instant()),
  },
  closed,
);

export const userProfileSchema = Type.Object(
  {
    schema_version: Type.Literal(userProfileVersion),
    generator_version: Type.Optional(Type.String()),
    profile_id: profileId(),
    created_at: instant(),
    profile: Type.Object(
      { identity, intent, behavior, emotional, interests, system: Type.Optional(system) },
      closed,
    ),
  },
  recordHeader(
    userProfileVersion,
    "Persona",
    "A pseudonymous chat persona of Hi Stranger. It must not hold personal data.",
  ),
);

/** A persona as it travels and is stored. */
export type UserProfile = Type.Static<typeof userProfileSchema>;
