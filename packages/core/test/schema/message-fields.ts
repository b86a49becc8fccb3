/** Every field of `message.v1` with its limits, written out by hand from the data description. */
import { type Field, oneOf, optional, required, text } from "./field-rules.ts";
import { instant, madeId, profileId, version } from "./format-rules.ts";

export const messageFields: readonly Field[] = [
  required("/schema_version", version("message")),
  required("/message_id", madeId("msg")),
  required("/chat_id", madeId("cht")),
  required("/sender_id", profileId()),
  required("/body", {
    accepts: [null, ...text(1, 8000).accepts],
    refuses: text(1, 8000).refuses.filter(([value]) => value !== null),
  }),
  required("/enc", oneOf("none", "server", "e2ee")),
  required("/created_at", instant()),
  optional("/edited_at", instant()),
  optional("/deleted_at", instant()),
];
