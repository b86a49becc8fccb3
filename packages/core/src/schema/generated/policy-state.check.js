// Compiled from the schema of policy_state.v1 by `npm run generate`; do not edit.
import { codePointCount, isDate, isDateTime, isUri } from "../formats.ts";

function policyStateV1Scores(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 0;
  let length = 1;
  {
    const member = value.tension;
    if (member !== undefined) {
      known += 1;
      length += 11;
      if (!(Number.isFinite(member) && member >= 0 && member <= 1)) return -1;
      length += NaN;
    }
  }
  {
    const member = value.dominance;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(Number.isFinite(member) && member >= 0 && member <= 1)) return -1;
      length += NaN;
    }
  }
  {
    const member = value.silence;
    if (member !== undefined) {
      known += 1;
      length += 11;
      if (!(Number.isFinite(member) && member >= 0 && member <= 1)) return -1;
      length += NaN;
    }
  }
  {
    const member = value.sentiment;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(Number.isFinite(member) && member >= 0 && member <= 1)) return -1;
      length += NaN;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return known === 0 ? 2 : length;
}

function policyStateV1(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 6;
  let length = 92;
  {
    const member = value.schema_version;
    if (!(member === "policy_state.v1")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.chat_id;
    if (!(typeof member === "string" && /^cht_[0-7][0-9a-hjkmnp-tv-z]{25}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.profile_id;
    if (member !== undefined) {
      known += 1;
      length += 14;
      if (!(typeof member === "string" && (member.length <= 128 || codePointCount(member) <= 128) && /^usr_[a-z0-9]{6,}$/u.test(member))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.tone_profile;
    if (!(member === "neutral" || member === "warm" || member === "humorous" || member === "reflective" || member === "concise")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.tone_adaptation;
    if (member !== undefined) {
      known += 1;
      length += 19;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.conflict_style;
    if (member !== undefined) {
      known += 1;
      length += 18;
      if (!(member === "direct" || member === "gentle" || member === "diplomatic" || member === "avoidant")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.engagement_style;
    if (member !== undefined) {
      known += 1;
      length += 20;
      if (!(member === "proactive" || member === "responsive" || member === "balanced")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.support_strategy;
    if (member !== undefined) {
      known += 1;
      length += 20;
      if (!(member === "empathetic" || member === "analytical" || member === "motivational" || member === "neutral")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.humor_level;
    if (member !== undefined) {
      known += 1;
      length += 15;
      if (!(Number.isInteger(member) && member >= 0 && member <= 3)) return -1;
      length += 1;
    }
  }
  {
    const member = value.ai_intervention_level;
    if (member !== undefined) {
      known += 1;
      length += 25;
      if (!(member === "low" || member === "medium" || member === "high")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.language_preference;
    if (member !== undefined) {
      known += 1;
      length += 23;
      if (!(member === "match_user" || member === "match_majority" || member === "neutral")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.topic_sensitivity_threshold;
    if (member !== undefined) {
      known += 1;
      length += 31;
      if (!(Number.isFinite(member) && member >= 0 && member <= 1)) return -1;
      length += NaN;
    }
  }
  {
    const member = value.sentiment_balance_target;
    if (member !== undefined) {
      known += 1;
      length += 28;
      if (!(Number.isFinite(member) && member >= -1 && member <= 1)) return -1;
      length += NaN;
    }
  }
  {
    const member = value.interruption_tolerance;
    if (member !== undefined) {
      known += 1;
      length += 26;
      if (!(Number.isInteger(member) && member >= 0 && member <= 5)) return -1;
      length += 1;
    }
  }
  {
    const member = value.verbosity_preference;
    if (member !== undefined) {
      known += 1;
      length += 24;
      if (!(member === "concise" || member === "balanced" || member === "elaborate")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.reflection_depth_target;
    if (member !== undefined) {
      known += 1;
      length += 27;
      if (!(Number.isInteger(member) && member >= 1 && member <= 5)) return -1;
      length += 1;
    }
  }
  {
    const member = value.allow_silent_periods;
    if (member !== undefined) {
      known += 1;
      length += 24;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.on_conflict_detected;
    if (member !== undefined) {
      known += 1;
      length += 24;
      if (!(member === "deescalate" || member === "redirect" || member === "pause")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.on_inactivity;
    if (member !== undefined) {
      known += 1;
      length += 17;
      if (!(member === "summarize" || member === "nudge" || member === "remain_silent")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.language_switch_behavior;
    if (member !== undefined) {
      known += 1;
      length += 28;
      if (!(member === "strict" || member === "adaptive" || member === "free")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.user_personality_alignment;
    if (member !== undefined) {
      known += 1;
      length += 30;
      if (!(member === "mirror" || member === "complement" || member === "neutral")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.policy_version;
    if (!(typeof member === "string" && member !== "" && (member.length <= 64 || codePointCount(member) <= 64))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.created_at;
    if (!(typeof member === "string" && isDateTime(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.updated_at;
    if (!(typeof member === "string" && isDateTime(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.tone;
    if (member !== undefined) {
      known += 1;
      length += 8;
      if (!(member === "calm" || member === "warm" || member === "tense" || member === "hostile")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.safety;
    if (member !== undefined) {
      known += 1;
      length += 10;
      if (!(member === "ok" || member === "watch" || member === "intervene" || member === "blocked")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.level;
    if (member !== undefined) {
      known += 1;
      length += 9;
      if (!(Number.isInteger(member) && member >= 0 && member <= 4)) return -1;
      length += 1;
    }
  }
  {
    const member = value.scores;
    if (member !== undefined) {
      known += 1;
      length += 10;
      const memberLength = policyStateV1Scores(member);
      if (memberLength < 0) return -1;
      length += memberLength;
    }
  }
  {
    const member = value.last_action;
    if (member !== undefined) {
      known += 1;
      length += 15;
      if (!(typeof member === "string" && member !== "" && (member.length <= 64 || codePointCount(member) <= 64))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.cooldown_until;
    if (member !== undefined) {
      known += 1;
      length += 18;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

export const compactLength = policyStateV1;
