/** The answers demo personas give, by question. Repeated ones are given more often. */

export const commonGenders = ["f", "m"] as const;
export const otherGenders = ["nonbinary", "prefer_not_to_say"] as const;
export const expectations = [
  "deep_connection",
  "meaningful_conversations",
  "personal_growth",
  "mainly_fun",
  "professional_mentorship",
  "advice",
  "create_community",
  "just_checking",
] as const;
export const conversationGoals = [
  "deepen_understanding",
  "explore_new_perspectives",
  "build_empathy",
  "practice_language",
  "gain_advice",
  "develop_self_awareness",
  "enjoy_casual_talk",
] as const;
export const valuesAndBeliefs = [
  "loyalty_trust",
  "honest_open_comm",
  "humor_playfulness",
  "intellectual_stimulation",
  "cultural_curiosity",
  "personal_growth_ambition",
  "spontaneity_adventure",
] as const;
export const topicsToAvoid = [
  "politics",
  "religion",
  "polarizing",
  "toxic_behavior",
  "conspiracy",
  "unverified_health",
] as const;
export const outgoingEnergy = [
  "social_events_new_people",
  "lead_conversations",
  "small_close_group",
] as const;
export const quietEnergy = [
  "small_close_group",
  "solitary_creative_work",
  "prefer_listening_value_add",
  "overwhelmed_large_pref_1to1",
] as const;
export const anyEnergy = [...new Set([...outgoingEnergy, ...quietEnergy])];
export const communicationStyles = [
  "open_direct",
  "more_structured",
  "casual_quick",
  "selective_engagement",
] as const;
export const conflictResponses = ["direct_resolution", "reflective_delayed", "avoidant"] as const;
export const supportStyles = [
  "practical_problem_solving",
  "empathetic_listening",
  "humor_distraction",
] as const;
export const decisionStyles = ["structured", "adaptive", "impulsive"] as const;
export const emotionalNeeds = [
  "availability_trust",
  "shared_interests_experiences",
  "consistency_reliability",
] as const;
export const maintenanceStyles = [
  "regular_deep_checkins",
  "spontaneous_connection",
  "intermittent_but_reliable",
] as const;
export const uneasy = ["sensitive", "sensitive", "volatile"] as const;
export const lifestyles = [
  "creative_intellectual",
  "adventurous_exploratory",
  "relaxed_playful",
] as const;
export const formalities = ["formal", "informal"] as const;
export const tones = ["neutral", "warm", "humorous", "reflective", "concise"] as const;
