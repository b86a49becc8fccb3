/**
 * `policy_state.v1`: how a chat is moderated, and what its room made of it so far.
 *
 * It holds for a whole chat or, with `profile_id`, for one persona in it. The first part is
 * configuration; `tone`, `safety`, `level`, `scores`, `last_action` and `cooldown_until` are what the
 * room derives. The TypeBox schema below is the JSON Schema (draft 2020-12) served at
 * `/schemas/policy_state.v1.schema.json`.
 */
import Type from "typebox";
import { instant } from "./formats.ts";
import { cappedText, closed, oneOf, recordHeader } from "./members.ts";
import { chatId, profileId } from "./record-ids.ts";

export const policyStateVersion = "policy_state.v1";

/** Levels of moderation: observe, guide, steer, norms, boundary. */
const level = () => Type.Integer({ minimum: 0, maximum: 4 });
const share = () => Type.Number({ minimum: 0, maximum: 1 });

const scores = Type.Object(
  {
    tension: Type.Optional(share()),
    dominance: Type.Optional(share()),
    silence: Type.Optional(share()),
    sentiment: Type.Optional(share()),
  },
  closed,
);

export const policyStateSchema = Type.Object(
  {
    schema_version: Type.Literal(policyStateVersion),
    chat_id: chatId(),
    profile_id: Type.Optional(profileId()),
    tone_profile: oneOf("neutral", "warm", "humorous", "reflective", "concise"),
    tone_adaptation: Type.Optional(Type.Boolean()),
    conflict_style: Type.Optional(oneOf("direct", "gentle", "diplomatic", "avoidant")),
    engagement_style: Type.Optional(oneOf("proactive", "responsive", "balanced")),
    support_strategy: Type.Optional(oneOf("empathetic", "analytical", "motivational", "neutral")),
    humor_level: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
    ai_intervention_level: Type.Optional(oneOf("low", "medium", "high")),
    language_preference: Type.Optional(oneOf("match_user", "match_majority", "neutral")),
    topic_sensitivity_threshold: Type.Optional(share()),
    sentiment_balance_target: Type.Optional(Type.Number({ minimum: -1, maximum: 1 })),
    interruption_tolerance: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
    verbosity_preference: Type.Optional(oneOf("concise", "balanced", "elaborate")),
    reflection_depth_target: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    allow_silent_periods: Type.Optional(Type.Boolean()),
    on_conflict_detected: Type.Optional(oneOf("deescalate", "redirect", "pause")),
    on_inactivity: Type.Optional(oneOf("summarize", "nudge", "remain_silent")),
    language_switch_behavior: Type.Optional(oneOf("strict", "adaptive", "free")),
    user_personality_alignment: Type.Optional(oneOf("mirror", "complement", "neutral")),
    policy_version: cappedText(64),
    created_at: instant(),
    updated_at: instant(),
    tone: Type.Optional(oneOf("calm", "warm", "tense", "hostile")),
    safety: Type.Optional(oneOf("ok", "watch", "intervene", "blocked")),
    level: Type.Optional(level()),
    scores: Type.Optional(scores),
    last_action: Type.Optional(cappedText(64)),
    cooldown_until: Type.Optional(instant()),
  },
  recordHeader(
    policyStateVersion,
    "Moderation",
    "How a chat of Hi Stranger, or one persona in it, is moderated, and what was derived from it.",
  ),
);

/** A state of moderation as it travels and is stored. */
export type PolicyState = Type.Static<typeof policyStateSchema>;
