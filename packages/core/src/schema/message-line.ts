/** One line to one message, in every version of its schema that was ever released; there is one so far. */
import { compactLength } from "./generated/message.check.js";
import { type Message, messageSchema } from "./message.ts";
import { type RecordLine, readRecordLine } from "./record-line.ts";

const kind = { schema: messageSchema, compactLength };

/** Reads `text`, one line without its ending. Never throws. `isExplained` is as in `readRecordLine`. */
export function readMessageLine(text: string, isExplained = true): RecordLine<Message> {
  return readRecordLine(kind, text, isExplained);
}
