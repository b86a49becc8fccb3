/**
 * `chat_meta.v1`: a chat, with who takes part, what it is for and how it is moderated.
 *
 * The TypeBox schema below is the JSON Schema (draft 2020-12) served at
 * `/schemas/chat_meta.v1.schema.json`. Lists that must be there have an item or more; the others may
 * be empty, as a stack of topics is at first. All caps together keep a record below a line of a
 * bulk file (128 KiB), unless it is written with escapes.
 */
import Type from "typebox";
import { instant, languageTag } from "./formats.ts";
import { anyOf, cappedText, encryption, oneOf, recordHeader, texts } from "./members.ts";
import { chatId, profileId } from "./record-ids.ts";

export const chatMetaVersion = "chat_meta.v1";

/** Most personas in a chat. */
const maxParticipants = 64;
const maxLanguages = 16;
const maxTopicLength = 120;
const maxTopics = 30;
const maxRuleLength = 500;
const maxRules = 20;
const maxMetricLength = 200;
const maxMetrics = 20;
/** A week: no session is meant to last as long. */
const maxSessionSeconds = 7 * 24 * 3600;

export const chatMetaSchema = Type.Object(
  {
    schema_version: Type.Literal(chatMetaVersion),
    chat_id: chatId(),
    owner_id: profileId(),
    participant_ids: Type.Array(profileId(), {
      minItems: 1,
      maxItems: maxParticipants,
      uniqueItems: true,
    }),
    chat_type: oneOf("one_on_one", "group"),
    goal: cappedText(500),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    languages: Type.Array(languageTag(), {
      minItems: 1,
      maxItems: maxLanguages,
      uniqueItems: true,
    }),
    created_at: instant(),
    last_active_at: Type.Optional(instant()),
    status: oneOf("active", "paused", "closed", "archived"),
    moderation_stage: oneOf("intro", "ongoing", "reflection", "finished"),
    phase: Type.Optional(oneOf("introduction", "exploration", "synthesis", "closure")),
    topic_stack: Type.Optional(texts(maxTopics, maxTopicLength)),
    active_topic: Type.Optional(cappedText(maxTopicLength)),
    success_metrics: Type.Optional(texts(maxMetrics, maxMetricLength)),
    rules: Type.Optional(texts(maxRules, maxRuleLength)),
    owner_actions: Type.Optional(anyOf("start_intro", "end_session", "pause_chat")),
    moderator_actions: Type.Optional(anyOf("nudge", "summarize", "suggest_topic")),
    session_duration: Type.Optional(Type.Integer({ minimum: 1, maximum: maxSessionSeconds })),
    auto_topic_switch: Type.Optional(Type.Boolean()),
    language_matching: Type.Optional(Type.Boolean()),
    contextual_suggestions: Type.Optional(Type.Boolean()),
    translation_logic: Type.Optional(oneOf("single", "dual", "mixed")),
    moderation_tone: Type.Optional(oneOf("neutral", "warm", "reflective", "concise")),
    encryption: Type.Optional(encryption()),
  },
  recordHeader(
    chatMetaVersion,
    "Chat",
    "A chat of Hi Stranger. Without `encryption`, its messages are protected by the server. " +
      "`session_duration` is in seconds.",
  ),
);

/** A chat as it travels and is stored. */
export type ChatMeta = Type.Static<typeof chatMetaSchema>;
