// Compiled from the schema of user_profile.v1 by `npm run generate`; do not edit.
import { codePointCount, isDate, isDateTime, isUri } from "../formats.ts";

function userProfileV1ProfileIdentity(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 4;
  let length = 43;
  {
    const member = value.user_name;
    if (!(typeof member === "string" && member !== "")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.gender;
    if (!(member === "m" || member === "f" || member === "nonbinary" || member === "prefer_not_to_say")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.birthday;
    if (!(typeof member === "string" && isDate(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.age;
    if (!(Number.isInteger(member) && member >= 13)) return -1;
    length += (member < 10 ? 1 : member < 100 ? 2 : NaN);
  }
  {
    const member = value.avatar_picture;
    if (member !== undefined) {
      known += 1;
      length += 18;
      if (!(member === null || (typeof member === "string" && isUri(member)))) return -1;
      length += (member === null ? 4 : member.length + 2);
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1ProfileIntent(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 3;
  let length = 61;
  {
    const member = value.expectations;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "deep_connection" || item === "meaningful_conversations" || item === "personal_growth" || item === "mainly_fun" || item === "professional_mentorship" || item === "advice" || item === "create_community" || item === "just_checking")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.biography;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(typeof member === "string" && (member.length <= 800 || codePointCount(member) <= 800))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.conversation_goals;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "deepen_understanding" || item === "explore_new_perspectives" || item === "build_empathy" || item === "practice_language" || item === "gain_advice" || item === "develop_self_awareness" || item === "enjoy_casual_talk")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.values_and_beliefs;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "loyalty_trust" || item === "honest_open_comm" || item === "humor_playfulness" || item === "intellectual_stimulation" || item === "cultural_curiosity" || item === "personal_growth_ambition" || item === "spontaneity_adventure")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.topics_to_avoid;
    if (member !== undefined) {
      known += 1;
      length += 19;
      if (!(Array.isArray(member) && member.length >= 0)) return -1;
      length += member.length === 0 ? 2 : member.length + 1;
      for (const item of member) {
        if (!(item === "politics" || item === "religion" || item === "polarizing" || item === "toxic_behavior" || item === "conspiracy" || item === "unverified_health")) return -1;
        length += item.length + 2;
      }
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1ProfileBehavior(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 6;
  let length = 120;
  {
    const member = value.social_energy;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "social_events_new_people" || item === "small_close_group" || item === "solitary_creative_work" || item === "lead_conversations" || item === "prefer_listening_value_add" || item === "overwhelmed_large_pref_1to1")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.communication_style;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "open_direct" || item === "more_structured" || item === "casual_quick" || item === "selective_engagement")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.conflict_response;
    if (!(member === "direct_resolution" || member === "reflective_delayed" || member === "avoidant")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.support_style;
    if (!(member === "practical_problem_solving" || member === "empathetic_listening" || member === "humor_distraction")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.assertiveness_level;
    if (!(Number.isInteger(member) && member >= 1 && member <= 5)) return -1;
    length += 1;
  }
  {
    const member = value.decision_style;
    if (!(member === "structured" || member === "adaptive" || member === "impulsive")) return -1;
    length += member.length + 2;
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1ProfileEmotional(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 5;
  let length = 102;
  {
    const member = value.emotional_needs;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "availability_trust" || item === "shared_interests_experiences" || item === "consistency_reliability")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.maintenance_style;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "regular_deep_checkins" || item === "spontaneous_connection" || item === "intermittent_but_reliable")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.emotional_regulation;
    if (!(member === "calm" || member === "sensitive" || member === "volatile")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.empathy_depth;
    if (!(Number.isInteger(member) && member >= 1 && member <= 5)) return -1;
    length += 1;
  }
  {
    const member = value.stress_tolerance;
    if (!(Number.isInteger(member) && member >= 1 && member <= 5)) return -1;
    length += 1;
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1ProfileInterests(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 2;
  let length = 39;
  {
    const member = value.shared_lifestyle_type;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(item === "creative_intellectual" || item === "adventurous_exploratory" || item === "relaxed_playful")) return -1;
      length += item.length + 2;
    }
  }
  {
    const member = value.interests;
    if (!(Array.isArray(member) && member.length >= 1)) return -1;
    length += member.length === 0 ? 2 : member.length + 1;
    for (const item of member) {
      if (!(typeof item === "string" && item !== "")) return -1;
      length += item.length + 2;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1ProfileSystem(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 0;
  let length = 1;
  {
    const member = value.language;
    if (member !== undefined) {
      known += 1;
      length += 12;
      if (!(typeof member === "string" && (member.length <= 64 || codePointCount(member) <= 64) && /^(?:[a-zA-Z]{2,3}|[a-zA-Z]{5,8})(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?(?:-(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*(?:-[0-9a-wyzA-WYZ](?:-[a-zA-Z0-9]{2,8})+)*(?:-x(?:-[a-zA-Z0-9]{1,8})+)?$/u.test(member))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.formality;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(member === "formal" || member === "informal")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.tone;
    if (member !== undefined) {
      known += 1;
      length += 8;
      if (!(member === "neutral" || member === "warm" || member === "humorous" || member === "reflective" || member === "concise")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.intro_done;
    if (member !== undefined) {
      known += 1;
      length += 14;
      if (!(typeof member === "boolean")) return -1;
      length += (member ? 4 : 5);
    }
  }
  {
    const member = value.joined_at;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.last_active;
    if (member !== undefined) {
      known += 1;
      length += 15;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return known === 0 ? 2 : length;
}

function userProfileV1Profile(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 5;
  let length = 61;
  {
    const member = value.identity;
    const memberLength = userProfileV1ProfileIdentity(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  {
    const member = value.intent;
    const memberLength = userProfileV1ProfileIntent(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  {
    const member = value.behavior;
    const memberLength = userProfileV1ProfileBehavior(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  {
    const member = value.emotional;
    const memberLength = userProfileV1ProfileEmotional(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  {
    const member = value.interests;
    const memberLength = userProfileV1ProfileInterests(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  {
    const member = value.system;
    if (member !== undefined) {
      known += 1;
      length += 10;
      const memberLength = userProfileV1ProfileSystem(member);
      if (memberLength < 0) return -1;
      length += memberLength;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

function userProfileV1(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 4;
  let length = 58;
  {
    const member = value.schema_version;
    if (!(member === "user_profile.v1")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.generator_version;
    if (member !== undefined) {
      known += 1;
      length += 21;
      if (!(typeof member === "string")) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.profile_id;
    if (!(typeof member === "string" && (member.length <= 128 || codePointCount(member) <= 128) && /^usr_[a-z0-9]{6,}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.created_at;
    if (!(typeof member === "string" && isDateTime(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.profile;
    const memberLength = userProfileV1Profile(member);
    if (memberLength < 0) return -1;
    length += memberLength;
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

export const compactLength = userProfileV1;
