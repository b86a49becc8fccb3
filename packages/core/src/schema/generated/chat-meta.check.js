// Compiled from the schema of chat_meta.v1 by `npm run generate`; do not edit.
import { codePointCount, isDate, isDateTime, isUri } from "../formats.ts";

function chatMetaV1(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 10;
  let length = 139;
  {
    const member = value.schema_version;
    if (!(member === "chat_meta.v1")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.chat_id;
    if (!(typeof member === "string" && /^cht_[0-7][0-9a-hjkmnp-tv-z]{25}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.owner_id;
    if (!(typeof member === "string" && (member.length <= 128 || codePointCount(member) <= 128) && /^usr_[a-z0-9]{6,}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.participant_ids;
    if (!(Array.isArray(member) && member.length >= 1 && member.length <= 64 && new Set(member).size === member.length)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(typeof item === "string" && (item.length <= 128 || codePointCount(item) <= 128) && /^usr_[a-z0-9]{6,}$/u.test(item))) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.chat_type;
    if (!(member === "one_on_one" || member === "group")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.goal;
    if (!(typeof member === "string" && member !== "" && (member.length <= 500 || codePointCount(member) <= 500))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.description;
    if (member !== undefined) {
      known += 1;
      length += 15;
      if (!(typeof member === "string" && (member.length <= 2000 || codePointCount(member) <= 2000))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.languages;
    if (!(Array.isArray(member) && member.length >= 1 && member.length <= 16 && new Set(member).size === member.length)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(typeof item === "string" && (item.length <= 64 || codePointCount(item) <= 64) && /^(?:[a-zA-Z]{2,3}|[a-zA-Z]{5,8})(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?(?:-(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*(?:-[0-9a-wyzA-WYZ](?:-[a-zA-Z0-9]{2,8})+)*(?:-x(?:-[a-zA-Z0-9]{1,8})+)?$/u.test(item))) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.created_at;
    if (!(typeof member === "string" && isDateTime(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.last_active_at;
    if (member !== undefined) {
      known += 1;
      length += 18;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.status;
    if (!(member === "active" || member === "paused" || member === "closed" || member === "archived")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.moderation_stage;
    if (!(member === "intro" || member === "ongoing" || member === "reflection" || member === "finished")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.phase;
    if (member !== undefined) {
      known += 1;
      length += 9;
      if (!(member === "introduction" || member === "exploration" || member === "synthesis" || member === "closure")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.topic_stack;
    if (member !== undefined) {
      known += 1;
      length += 15;
      if (!(Array.isArray(member) && member.length >= 0 && member.length <= 30)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(typeof item === "string" && item !== "" && (item.length <= 120 || codePointCount(item) <= 120))) return -1;
        length += item.length + 2;
      }
    }
  }
  {
    const member = value.active_topic;
    if (member !== undefined) {
      known += 1;
      length += 16;
      if (!(typeof member === "string" && member !== "" && (member.length <= 120 || codePointCount(member) <= 120))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.success_metrics;
    if (member !== undefined) {
      known += 1;
      length += 19;
      if (!(Array.isArray(member) && member.length >= 0 && member.length <= 20)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(typeof item === "string" && item !== "" && (item.length <= 200 || codePointCount(item) <= 200))) return -1;
        length += item.length + 2;
      }
    }
  }
  {
    const member = value.rules;
    if (member !== undefined) {
      known += 1;
      length += 9;
      if (!(Array.isArray(member) && member.length >= 0 && member.length <= 20)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(typeof item === "string" && item !== "" && (item.length <= 500 || codePointCount(item) <= 500))) return -1;
        length += item.length + 2;
      }
    }
  }
  {
    const member = value.owner_actions;
    if (member !== undefined) {
      known += 1;
      length += 17;
      if (!(Array.isArray(member) && member.length >= 0 && member.length <= 3 && new Set(member).size === member.length)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(item === "start_intro" || item === "end_session" || item === "pause_chat")) return -1;
        length += item.length + 2;
      }
    }
  }
  {
    const member = value.moderator_actions;
    if (member !== undefined) {
      known += 1;
      length += 21;
      if (!(Array.isArray(member) && member.length >= 0 && member.length <= 3 && new Set(member).size === member.length)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(item === "nudge" || item === "summarize" || item === "suggest_topic")) return -1;
        length += item.length + 2;
      }
    }
  }
  {
    const member = value.session_duration;
    if (member !== undefined) {
      known += 1;
      length += 20;
      if (!(Number.isInteger(member) && member >= 1 && member <= 604800)) return -1;
      length += (member < 10 ? 1 : member < 100 ? 2 : NaN);
    }
  }
  {
    const member = value.auto_topic_switch;
    if (member !== undefined) {
      known += 1;
      length += 21;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.language_matching;
    if (member !== undefined) {
      known += 1;
      length += 21;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.contextual_suggestions;
    if (member !== undefined) {
      known += 1;
      length += 26;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.translation_logic;
    if (member !== undefined) {
      known += 1;
      length += 21;
      if (!(member === "single" || member === "dual" || member === "mixed")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.moderation_tone;
    if (member !== undefined) {
      known += 1;
      length += 19;
      if (!(member === "neutral" || member === "warm" || member === "reflective" || member === "concise")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.encryption;
    if (member !== undefined) {
      known += 1;
      length += 14;
      if (!(member === "none" || member === "server" || member === "e2ee")) return -1;
      length += member.length + 2;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

export const compactLength = chatMetaV1;
