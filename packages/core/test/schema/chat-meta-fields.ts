/** Every field of `chat_meta.v1` with its limits, written out by hand from the data description. */
import {
  type Field,
  type Rules,
  anyOf,
  flag,
  integer,
  oneOf,
  optional,
  required,
  text,
  texts,
  wrongTypes,
} from "./field-rules.ts";
import { instant, languageTag, madeId, profileId, version } from "./format-rules.ts";

/** One to `maxItems` of what `item` accepts, no two alike. */
const distinct = (item: Rules, many: (index: number) => string, maxItems: number): Rules => {
  const first = item.accepts[0];
  const list = (count: number) => Array.from({ length: count }, (_, index) => many(index));
  const [refused, code] = item.refuses[0] ?? ["", ""];
  return {
    accepts: [...item.accepts.map((value) => [value]), list(2), list(maxItems)],
    refuses: [
      [[], "min_items"],
      [list(maxItems + 1), "max_items"],
      [[first, first], "unique_items"],
      [[refused], code, "/0"],
      [[first, 1], "type", "/1"],
      ...wrongTypes(null, first, 1, { 0: first }),
    ],
  };
};

export const chatMetaFields: readonly Field[] = [
  required("/schema_version", version("chat_meta")),
  required("/chat_id", madeId("cht")),
  required("/owner_id", profileId()),
  required(
    "/participant_ids",
    distinct(profileId(), (index) => `usr_${String(index).padStart(6, "0")}`, 64),
  ),
  required("/chat_type", oneOf("one_on_one", "group")),
  required("/goal", text(1, 500)),
  optional("/description", text(0, 2000)),
  required(
    "/languages",
    distinct(languageTag(), (index) => `de-x-${index}`, 16),
  ),
  required("/created_at", instant()),
  optional("/last_active_at", instant()),
  required("/status", oneOf("active", "paused", "closed", "archived")),
  required("/moderation_stage", oneOf("intro", "ongoing", "reflection", "finished")),
  optional("/phase", oneOf("introduction", "exploration", "synthesis", "closure")),
  optional("/topic_stack", texts(30, 120)),
  optional("/active_topic", text(1, 120)),
  optional("/success_metrics", texts(20, 200)),
  optional("/rules", texts(20, 500)),
  optional("/owner_actions", anyOf("start_intro", "end_session", "pause_chat")),
  optional("/moderator_actions", anyOf("nudge", "summarize", "suggest_topic")),
  optional("/session_duration", integer(1, 604_800)),
  optional("/auto_topic_switch", flag()),
  optional("/language_matching", flag()),
  optional("/contextual_suggestions", flag()),
  optional("/translation_logic", oneOf("single", "dual", "mixed")),
  optional("/moderation_tone", oneOf("neutral", "warm", "reflective", "concise")),
  optional("/encryption", oneOf("none", "server", "e2ee")),
];
