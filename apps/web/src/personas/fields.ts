/**
 * The fields of `user_profile.v1` as a form and a view show them: one entry each, in their order.
 *
 * A field that the schema has and this table lacks (or the other way round, or a value of a
 * closed list) fails `test/personas/fields.test.ts`, which reads the schema itself. Labels are the
 * messages `field.NAME` and `NAME.VALUE` of each language.
 */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";

type Profile = UserProfile["profile"];
export type GroupName = keyof Profile;

interface Base {
  readonly name: string;
  readonly isRequired: boolean;
}
/** One line or, with `rows`, several. `maxLength` counts code points, as the schema does. */
interface TextField extends Base {
  readonly kind: "text";
  readonly rows?: number;
  readonly maxLength?: number;
  /** Whether a person writes freely, and may write what should not be there. */
  readonly isFree?: boolean;
}
interface PlainField extends Base {
  readonly kind: "url" | "date" | "instant" | "age" | "language" | "yes_no" | "words" | "score";
}
interface ChoiceField extends Base {
  readonly kind: "one" | "some";
  readonly values: readonly string[];
}
export type Field = TextField | PlainField | ChoiceField;

export interface Group {
  readonly name: GroupName;
  readonly fields: readonly Field[];
}

const required = { isRequired: true } as const;
const optional = { isRequired: false } as const;

export const groups: readonly Group[] = [
  {
    name: "identity",
    fields: [
      { name: "user_name", kind: "text", isFree: true, ...required },
      {
        name: "gender",
        kind: "one",
        values: ["f", "m", "nonbinary", "prefer_not_to_say"],
        ...required,
      },
      { name: "birthday", kind: "date", ...required },
      { name: "age", kind: "age", ...required },
      { name: "avatar_picture", kind: "url", ...optional },
    ],
  },
  {
    name: "intent",
    fields: [
      { name: "biography", kind: "text", rows: 5, maxLength: 800, isFree: true, ...optional },
      {
        name: "expectations",
        kind: "some",
        values: [
          "deep_connection",
          "meaningful_conversations",
          "personal_growth",
          "mainly_fun",
          "professional_mentorship",
          "advice",
          "create_community",
          "just_checking",
        ],
        ...required,
      },
      {
        name: "conversation_goals",
        kind: "some",
        values: [
          "deepen_understanding",
          "explore_new_perspectives",
          "build_empathy",
          "practice_language",
          "gain_advice",
          "develop_self_awareness",
          "enjoy_casual_talk",
        ],
        ...required,
      },
      {
        name: "values_and_beliefs",
        kind: "some",
        values: [
          "loyalty_trust",
          "honest_open_comm",
          "humor_playfulness",
          "intellectual_stimulation",
          "cultural_curiosity",
          "personal_growth_ambition",
          "spontaneity_adventure",
        ],
        ...required,
      },
      {
        name: "topics_to_avoid",
        kind: "some",
        values: [
          "politics",
          "religion",
          "polarizing",
          "toxic_behavior",
          "conspiracy",
          "unverified_health",
        ],
        ...optional,
      },
    ],
  },
  {
    name: "behavior",
    fields: [
      { name: "assertiveness_level", kind: "score", ...required },
      {
        name: "social_energy",
        kind: "some",
        values: [
          "social_events_new_people",
          "small_close_group",
          "solitary_creative_work",
          "lead_conversations",
          "prefer_listening_value_add",
          "overwhelmed_large_pref_1to1",
        ],
        ...required,
      },
      {
        name: "communication_style",
        kind: "some",
        values: ["open_direct", "more_structured", "casual_quick", "selective_engagement"],
        ...required,
      },
      {
        name: "conflict_response",
        kind: "one",
        values: ["direct_resolution", "reflective_delayed", "avoidant"],
        ...required,
      },
      {
        name: "support_style",
        kind: "one",
        values: ["practical_problem_solving", "empathetic_listening", "humor_distraction"],
        ...required,
      },
      {
        name: "decision_style",
        kind: "one",
        values: ["structured", "adaptive", "impulsive"],
        ...required,
      },
    ],
  },
  {
    name: "emotional",
    fields: [
      { name: "empathy_depth", kind: "score", ...required },
      { name: "stress_tolerance", kind: "score", ...required },
      {
        name: "emotional_regulation",
        kind: "one",
        values: ["calm", "sensitive", "volatile"],
        ...required,
      },
      {
        name: "emotional_needs",
        kind: "some",
        values: ["availability_trust", "shared_interests_experiences", "consistency_reliability"],
        ...required,
      },
      {
        name: "maintenance_style",
        kind: "some",
        values: ["regular_deep_checkins", "spontaneous_connection", "intermittent_but_reliable"],
        ...required,
      },
    ],
  },
  {
    name: "interests",
    fields: [
      { name: "interests", kind: "words", ...required },
      {
        name: "shared_lifestyle_type",
        kind: "some",
        values: ["creative_intellectual", "adventurous_exploratory", "relaxed_playful"],
        ...required,
      },
    ],
  },
  {
    name: "system",
    fields: [
      { name: "language", kind: "language", ...optional },
      { name: "formality", kind: "one", values: ["formal", "informal"], ...optional },
      {
        name: "tone",
        kind: "one",
        values: ["neutral", "warm", "humorous", "reflective", "concise"],
        ...optional,
      },
      { name: "intro_done", kind: "yes_no", ...optional },
      { name: "joined_at", kind: "instant", ...optional },
      { name: "last_active", kind: "instant", ...optional },
    ],
  },
];

export function isScore(field: Field): boolean {
  return field.kind === "score";
}
