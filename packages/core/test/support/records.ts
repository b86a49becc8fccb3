/** A chat, a state of moderation and a message for tests, each with every field. */
import type { ChatMeta } from "../../src/schema/chat-meta.ts";
import type { Message } from "../../src/schema/message.ts";
import type { PolicyState } from "../../src/schema/policy-state.ts";

export function fullChat(): ChatMeta {
  return {
    schema_version: "chat_meta.v1",
    chat_id: "cht_01fr9ezbe3c6hd5aywpp903mhd",
    owner_id: "usr_0123456789abcdefghjkmnpqrs",
    participant_ids: ["usr_0123456789abcdefghjkmnpqrs", "usr_abcdef"],
    chat_type: "one_on_one",
    goal: "Learn how the other one cooks.",
    description: "Two kitchens, one recipe a week.",
    languages: ["de-AT", "es"],
    created_at: "2026-01-02T03:04:05.678Z",
    last_active_at: "2026-02-03T04:05:06.789Z",
    status: "active",
    moderation_stage: "ongoing",
    phase: "exploration",
    topic_stack: ["bread", "salt"],
    active_topic: "salt",
    success_metrics: ["both cooked it"],
    rules: ["Ask before you judge."],
    owner_actions: ["start_intro"],
    moderator_actions: ["nudge", "summarize"],
    session_duration: 45,
    auto_topic_switch: true,
    language_matching: false,
    contextual_suggestions: true,
    translation_logic: "dual",
    moderation_tone: "warm",
    encryption: "e2ee",
  };
}

export function fullPolicy(): PolicyState {
  return {
    schema_version: "policy_state.v1",
    chat_id: "cht_01fr9ezbe3c6hd5aywpp903mhd",
    profile_id: "usr_abcdef",
    tone_profile: "warm",
    tone_adaptation: true,
    conflict_style: "gentle",
    engagement_style: "balanced",
    support_strategy: "empathetic",
    humor_level: 1,
    ai_intervention_level: "low",
    language_preference: "match_user",
    topic_sensitivity_threshold: 0.7,
    sentiment_balance_target: -0.25,
    interruption_tolerance: 2,
    verbosity_preference: "concise",
    reflection_depth_target: 3,
    allow_silent_periods: true,
    on_conflict_detected: "deescalate",
    on_inactivity: "nudge",
    language_switch_behavior: "adaptive",
    user_personality_alignment: "complement",
    policy_version: "gentle@3",
    created_at: "2026-01-02T03:04:05.678Z",
    updated_at: "2026-02-03T04:05:06.789Z",
    tone: "calm",
    safety: "watch",
    level: 1,
    scores: { tension: 0.2, dominance: 0, silence: 1, sentiment: 0.625 },
    last_action: "nudge",
    cooldown_until: "2026-02-03T04:06:06.789Z",
  };
}

export function fullMessage(): Message {
  return {
    schema_version: "message.v1",
    message_id: "msg_01fr9ezbe3c6hd5aywpp903mhd",
    chat_id: "cht_01fr9ezbe3c6hd5aywpp903mhd",
    sender_id: "usr_abcdef",
    body: "Do you salt the water first?",
    enc: "server",
    created_at: "2026-01-02T03:04:05.678Z",
    edited_at: "2026-01-02T03:05:05.678Z",
    deleted_at: "2026-01-02T03:06:05.678Z",
  };
}
