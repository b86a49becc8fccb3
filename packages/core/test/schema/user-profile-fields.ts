/**
 * Every field of `user_profile.v1` with its limits, written out by hand from the data description
 * and not from the schema, so that the two are held against each other.
 */

/** A value that a field refuses, with the code and, when it is deeper, the place below the field. */
export type Refusal = readonly [value: unknown, code: string, below?: string];

export interface Field {
  readonly pointer: string;
  readonly isRequired: boolean;
  readonly accepts: readonly unknown[];
  readonly refuses: readonly Refusal[];
}

const wrongTypes = (...values: unknown[]): Refusal[] => values.map((value) => [value, "type"]);

const notStrings = wrongTypes(null, 1, true, [], {});
const notObjects = wrongTypes(null, 1, true, "x", []);

function required(pointer: string, rules: Pick<Field, "accepts" | "refuses">): Field {
  return { pointer, isRequired: true, ...rules };
}

function optional(pointer: string, rules: Pick<Field, "accepts" | "refuses">): Field {
  return { pointer, isRequired: false, ...rules };
}

function oneOf(...values: string[]): Pick<Field, "accepts" | "refuses"> {
  const [first = ""] = values;
  const others = [
    "",
    " ",
    `${first} `,
    first.toUpperCase(),
    `${first}x`,
    first.slice(1),
    null,
    1,
    [],
  ];
  return {
    accepts: values,
    refuses: others.filter((value) => !values.includes(value as string)).map((v) => [v, "enum"]),
  };
}

function listOf(values: readonly string[], minItems: 0 | 1): Pick<Field, "accepts" | "refuses"> {
  const [first = ""] = values;
  return {
    accepts: [
      ...values.map((value) => [value]),
      values,
      [first, first],
      ...(minItems === 0 ? [[]] : []),
    ],
    refuses: [
      ...(minItems === 1 ? [[[], "min_items"] as const] : []),
      ...wrongTypes(null, first, 1, { 0: first }),
      [[`${first}x`], "enum", "/0"],
      [[first, ""], "enum", "/1"],
      [[first, null], "enum", "/1"],
      [[[first]], "enum", "/0"],
    ],
  };
}

const someOf = (...values: string[]) => listOf(values, 1);

const score = (): Pick<Field, "accepts" | "refuses"> => ({
  accepts: [1, 2, 3, 4, 5],
  refuses: [
    [0, "minimum"],
    [-1, "minimum"],
    [6, "maximum"],
    [1e20, "maximum"],
    ...wrongTypes(1.5, "3", null, true, []),
  ],
});

const date = (): Pick<Field, "accepts" | "refuses"> => ({
  accepts: ["2000-02-29", "2024-02-29", "1999-12-31", "0000-01-01", "0004-02-29", "9999-12-31"],
  refuses: [
    ...[
      "2024-02-30",
      "2023-02-29",
      "1900-02-29",
      "2100-02-29",
      "2024-04-31",
      "2024-06-31",
      "2024-09-31",
      "2024-11-31",
      "2024-01-32",
      "2024-00-10",
      "2024-13-01",
      "2024-01-00",
      "24-01-01",
      "02024-01-01",
      "2024-1-1",
      "20240101",
      "2024/01/01",
      "2024-01-01T00:00:00Z",
      "2024-01-01 ",
      " 2024-01-01",
      "2024-01-0१",
      "+024-01-01",
      "-001-01-01",
      "2024-01-1e",
      "",
    ].map((text): Refusal => [text, "format"]),
    ...notStrings,
  ],
});

const instant = (): Pick<Field, "accepts" | "refuses"> => ({
  accepts: [
    "2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.6Z",
    "2026-01-02T03:04:05.678Z",
    "2026-01-02T03:04:05.123456789Z",
    "2026-01-02t03:04:05z",
    "2026-01-02t03:04:05.678z",
    "2026-01-02T03:04:05.678z",
    "2024-02-29T23:59:59.999Z",
    "2026-01-02T00:00:00+00:00",
    "2026-01-02T00:00:00-00:00",
    "2026-01-02T23:59:59+23:59",
    "2026-01-02T23:59:59.5-11:30",
    "0000-01-01T00:00:00Z",
  ],
  refuses: [
    ...[
      "2026-01-02T23:59:60Z",
      "2016-12-31T23:59:60.000Z",
      "2026-01-02T24:00:00Z",
      "2026-01-02T00:60:00Z",
      "2023-02-29T00:00:00.000Z",
      "2024-02-30T00:00:00Z",
      "2026-01-02T03:04Z",
      "2026-01-02T03:04:05",
      "2026-01-02T03:04:05.Z",
      "2026-01-02T03:04:05,678Z",
      "2026-01-02T03:04:05.1234567890Z",
      "2026-01-02T03:04:05.6x8Z",
      "2026-01-02T03:04:05.67xZ",
      "2026-01-02T03:04:05.678ZZ",
      "2026-01-02T03:04:05+24:00",
      "2026-01-02T03:04:05+01:60",
      "2026-01-02T03:04:05+0100",
      "2026-01-02T03:04:05+01",
      "2026-01-02T03:04:05+1:00",
      "2026-01-02T03:04:05 Z",
      "2026-01-02 03:04:05Z",
      "2026-01-02_03:04:05Z",
      "2026-01-02T3:04:05Z",
      "2026-01-02T03-04-05Z",
      "2026-01-02T03:04:05Z[Europe/Vienna]",
      "2026-01-02T03:04:05Z\n",
      "2026-01-02",
      "1767323045",
      "",
    ].map((text): Refusal => [text, "format"]),
    ...notStrings,
  ],
});

const objectAt = (pointer: string, isRequired: boolean): Field => ({
  pointer,
  isRequired,
  accepts: [],
  refuses: notObjects,
});

export const fields: readonly Field[] = [
  required("/schema_version", {
    accepts: ["user_profile.v1"],
    refuses: [
      ...["user_profile.v2", "user_profile", "user_profile.v1 ", ""].map((text): Refusal => [
        text,
        "const",
      ]),
      ...notStrings,
    ],
  }),
  optional("/generator_version", { accepts: ["", "1.0.0", "\u0000"], refuses: notStrings }),
  required("/profile_id", {
    accepts: ["usr_abcdef", "usr_000000", "usr_il0ou1", `usr_${"z9".repeat(62)}`],
    refuses: [
      ...[
        "usr_abcde",
        "usr_",
        "abcdef",
        "psn_abcdef",
        "usr-abcdef",
        "USR_abcdef",
        "usr_Abcdef",
        "usr_abc_def",
        "usr_abcdéf",
        "usr_abcdef ",
        "usr_abcdef\n",
        " usr_abcdef",
        "\nusr_abcdef",
        "",
      ].map((text): Refusal => [text, "pattern"]),
      [`usr_${"z9".repeat(62)}a`, "max_length"],
      ...notStrings,
    ],
  }),
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
  optional("/profile/system/language", {
    accepts: [
      "de",
      "DE",
      "deu",
      "de-AT",
      "zh-Hant",
      "zh-Hant-TW",
      "es-419",
      "sl-rozaj-biske",
      "de-1996",
      "en-u-ca-gregory",
      "en-a-bbb-x-a-ccc",
      "de-x-private",
      "englisch",
      `de-x-${"abcdefgh-".repeat(6)}abcde`,
    ],
    refuses: [
      ...[
        "",
        "d",
        "deut",
        "englische",
        "de_AT",
        "de-",
        "-de",
        "de--AT",
        "de-ATX",
        "de-A",
        "de-u",
        "de-x",
        "de-x-",
        "1de",
        "de AT",
        "de\n",
        "dé",
        "de-AT-TW",
        "x-private",
      ].map((text): Refusal => [text, "pattern"]),
      [`de-x-${"abcdefgh-".repeat(6)}abcdef`, "max_length"],
      ...notStrings,
    ],
  }),
  optional("/profile/system/formality", oneOf("formal", "informal")),
  optional("/profile/system/tone", oneOf("neutral", "warm", "humorous", "reflective", "concise")),
  optional("/profile/system/intro_done", {
    accepts: [true, false],
    refuses: wrongTypes(null, 0, 1, "true", []),
  }),
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
