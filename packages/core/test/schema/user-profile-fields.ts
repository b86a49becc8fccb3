/**
 * Every field of `user_profile.v1` with its limits, written out by hand from the data description
 * and not from the schema, so that the two are held against each other.
 */
import {
  type Field,
  type Refusal,
  flag,
  listOf,
  notStrings,
  objectAt,
  oneOf,
  optional,
  required,
  score,
  someOf,
  wrongTypes,
} from "./field-rules.ts";
import { date, instant, languageTag, profileId, version } from "./format-rules.ts";

export const fields: readonly Field[] = [
  required("/schema_version", version("user_profile")),
  optional("/generator_version", { accepts: ["", "1.0.0", "\u0000"], refuses: notStrings }),
  required("/profile_id", profileId()),
  required("/created_at", instant()),
  objectAt("/profile", true),

  objectAt("/profile/identity", true),
  required("/profile/identity/user_name", {
    accepts: ["a", " ", "\u0000", "😀", 'Zoë \\ "quoted"', "x".repeat(10_000)],
    refuses: [["", "min_length"], ...notStrings],
  }),
  required("/profile/identity/gender", oneOf("m", "f", "nonbinary", "prefer_not_to_say")),
  required("/profile/identity/birthday", date()),
  required("/profile/identity/age", {
    accepts: [13, 14, 99, 100, 999, 1000, 1e20, Number.MAX_SAFE_INTEGER],
    refuses: [
      [12, "minimum"],
      [0, "minimum"],
      [-13, "minimum"],
      ...wrongTypes(13.5, "13", null, true, [13]),
    ],
  }),
  optional("/profile/identity/avatar_picture", {
    accepts: [null, "https://images.test/a.png", "urn:isbn:1", "data:,", "x:y", "a+b-c.1:/?#"],
    refuses: [
      ...["", "a.png", "/a.png", "//images.test/a", "https://images.test/a b", "1:a", ":a"].map(
        (text): Refusal => [text, "format"],
      ),
      ...wrongTypes(1, true, [], {}),
    ],
  }),

  objectAt("/profile/intent", true),
  required(
    "/profile/intent/expectations",
    someOf(
      "deep_connection",
      "meaningful_conversations",
      "personal_growth",
      "mainly_fun",
      "professional_mentorship",
      "advice",
      "create_community",
      "just_checking",
    ),
  ),
  optional("/profile/intent/biography", {
    accepts: ["", "x".repeat(800), "é".repeat(800), "😀".repeat(800), `${"😀".repeat(799)}x`],
    refuses: [
      ["x".repeat(801), "max_length"],
      ["😀".repeat(801), "max_length"],
      [`${"😀".repeat(800)}x`, "max_length"],
      [`x${"e\u0301".repeat(400)}`, "max_length"],
      ...notStrings,
    ],
  }),
  required(
    "/profile/intent/conversation_goals",
    someOf(
      "deepen_understanding",
      "explore_new_perspectives",
      "build_empathy",
      "practice_language",
      "gain_advice",
      "develop_self_awareness",
      "enjoy_casual_talk",
    ),
  ),
  required(
    "/profile/intent/values_and_beliefs",
    someOf(
      "loyalty_trust",
      "honest_open_comm",
      "humor_playfulness",
      "intellectual_stimulation",
      "cultural_curiosity",
      "personal_growth_ambition",
      "spontaneity_adventure",
    ),
  ),
  optional(
    "/profile/intent/topics_to_avoid",
    listOf(
      ["politics", "religion", "polarizing", "toxic_behavior", "conspiracy", "unverified_health"],
      0,
    ),
  ),

  objectAt("/profile/behavior", true),
  required(
    "/profile/behavior/social_energy",
    someOf(
      "social_events_new_people",
      "small_close_group",
      "solitary_creative_work",
      "lead_conversations",
      "prefer_listening_value_add",
      "overwhelmed_large_pref_1to1",
    ),
  ),
  required(
    "/profile/behavior/communication_style",
    someOf("open_direct", "more_structured", "casual_quick", "selective_engagement"),
  ),
  required(
    "/profile/behavior/conflict_response",
    oneOf("direct_resolution", "reflective_delayed", "avoidant"),
  ),
  required(
    "/profile/behavior/support_style",
    oneOf("practical_problem_solving", "empathetic_listening", "humor_distraction"),
  ),
  required("/profile/behavior/assertiveness_level", score()),
  required("/profile/behavior/decision_style", oneOf("structured", "adaptive", "impulsive")),

  objectAt("/profile/emotional", true),
  required(
    "/profile/emotional/emotional_needs",
    someOf("availability_trust", "shared_interests_experiences", "consistency_reliability"),
  ),
  required(
    "/profile/emotional/maintenance_style",
    someOf("regular_deep_checkins", "spontaneous_connection", "intermittent_but_reliable"),
  ),
  required("/profile/emotional/emotional_regulation", oneOf("calm", "sensitive", "volatile")),
  required("/profile/emotional/empathy_depth", score()),
  required("/profile/emotional/stress_tolerance", score()),

  objectAt("/profile/interests", true),
  required(
    "/profile/interests/shared_lifestyle_type",
    someOf("creative_intellectual", "adventurous_exploratory", "relaxed_playful"),
  ),
  required("/profile/interests/interests", {
    accepts: [["tea"], ["tea", "tea"], [" "], ["\u0000"], Array.from({ length: 1000 }, () => "x")],
    refuses: [
      [[], "min_items"],
      [[""], "min_length", "/0"],
      [["tea", ""], "min_length", "/1"],
      [[null], "type", "/0"],
      [["tea", 1], "type", "/1"],
      ...wrongTypes(null, "tea", 1, { 0: "tea" }),
    ],
  }),

  objectAt("/profile/system", false),
  optional("/profile/system/language", languageTag()),
  optional("/profile/system/formality", oneOf("formal", "informal")),
  optional("/profile/system/tone", oneOf("neutral", "warm", "humorous", "reflective", "concise")),
  optional("/profile/system/intro_done", flag()),
  optional("/profile/system/joined_at", instant()),
  optional("/profile/system/last_active", instant()),
];

/** Every object of the record, by its pointer. */
export const objectPointers = [
  "",
  "/profile",
  "/profile/identity",
  "/profile/intent",
  "/profile/behavior",
  "/profile/emotional",
  "/profile/interests",
  "/profile/system",
] as const;
