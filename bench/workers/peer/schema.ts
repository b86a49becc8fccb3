/** `user_profile.v1` as one writes it with zod; refuses what the product's schema refuses. */
import { z } from "zod";

const score = z.int().min(1).max(5);
const text = z.string().min(1);
const instant = z.iso.datetime({ offset: true });
const someOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.array(z.enum(values)).min(1);

const identity = z.strictObject({
  user_name: text,
  gender: z.enum(["m", "f", "nonbinary", "prefer_not_to_say"]),
  birthday: z.iso.date(),
  age: z.int().min(13),
  avatar_picture: z.url().nullable().optional(),
});

const intent = z.strictObject({
  expectations: someOf([
    "deep_connection",
    "meaningful_conversations",
    "personal_growth",
    "mainly_fun",
    "professional_mentorship",
    "advice",
    "create_community",
    "just_checking",
  ]),
  biography: z.string().max(800).optional(),
  conversation_goals: someOf([
    "deepen_understanding",
    "explore_new_perspectives",
    "build_empathy",
    "practice_language",
    "gain_advice",
    "develop_self_awareness",
    "enjoy_casual_talk",
  ]),
  values_and_beliefs: someOf([
    "loyalty_trust",
    "honest_open_comm",
    "humor_playfulness",
    "intellectual_stimulation",
    "cultural_curiosity",
    "personal_growth_ambition",
    "spontaneity_adventure",
  ]),
  topics_to_avoid: z
    .array(
      z.enum([
        "politics",
        "religion",
        "polarizing",
        "toxic_behavior",
        "conspiracy",
        "unverified_health",
      ]),
    )
    .optional(),
});

const behavior = z.strictObject({
  social_energy: someOf([
    "social_events_new_people",
    "small_close_group",
    "solitary_creative_work",
    "lead_conversations",
    "prefer_listening_value_add",
    "overwhelmed_large_pref_1to1",
  ]),
  communication_style: someOf([
    "open_direct",
    "more_structured",
    "casual_quick",
    "selective_engagement",
  ]),
  conflict_response: z.enum(["direct_resolution", "reflective_delayed", "avoidant"]),
  support_style: z.enum(["practical_problem_solving", "empathetic_listening", "humor_distraction"]),
  assertiveness_level: score,
  decision_style: z.enum(["structured", "adaptive", "impulsive"]),
});

const emotional = z.strictObject({
  emotional_needs: someOf([
    "availability_trust",
    "shared_interests_experiences",
    "consistency_reliability",
  ]),
  maintenance_style: someOf([
    "regular_deep_checkins",
    "spontaneous_connection",
    "intermittent_but_reliable",
  ]),
  emotional_regulation: z.enum(["calm", "sensitive", "volatile"]),
  empathy_depth: score,
  stress_tolerance: score,
});

const interests = z.strictObject({
  shared_lifestyle_type: someOf([
    "creative_intellectual",
    "adventurous_exploratory",
    "relaxed_playful",
  ]),
  interests: z.array(text).min(1),
});

const system = z.strictObject({
  language: z
    .string()
    .max(64)
    .regex(/^[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*$/)
    .optional(),
  formality: z.enum(["formal", "informal"]).optional(),
  tone: z.enum(["neutral", "warm", "humorous", "reflective", "concise"]).optional(),
  intro_done: z.boolean().optional(),
  joined_at: instant.optional(),
  last_active: instant.optional(),
});

export const profileSchema = z.strictObject({
  schema_version: z.literal("user_profile.v1"),
  generator_version: z.string().optional(),
  profile_id: z.string().regex(/^usr_[a-z0-9]{6,}$/),
  created_at: instant,
  profile: z.strictObject({
    identity,
    intent,
    behavior,
    emotional,
    interests,
    system: system.optional(),
  }),
});

export type PeerProfile = z.infer<typeof profileSchema>;
