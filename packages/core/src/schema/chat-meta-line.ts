/** One line to one chat, in every version of its schema that was ever released; there is one so far. */
import { compactLength } from "./generated/chat-meta.check.js";
import { type ChatMeta, chatMetaSchema } from "./chat-meta.ts";
import { type RecordLine, readRecordLine } from "./record-line.ts";

const kind = { schema: chatMetaSchema, compactLength };

/** Reads `text`, one line without its ending. Never throws. `isExplained` is as in `readRecordLine`. */
export function readChatMetaLine(text: string, isExplained = true): RecordLine<ChatMeta> {
  return readRecordLine(kind, text, isExplained);
}
