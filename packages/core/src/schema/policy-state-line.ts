/** One line to one state of moderation, in every version of its schema that was ever released; there is one so far. */
import { compactLength } from "./generated/policy-state.check.js";
import { type PolicyState, policyStateSchema } from "./policy-state.ts";
import { type RecordLine, readRecordLine } from "./record-line.ts";

const kind = { schema: policyStateSchema, compactLength };

/** Reads `text`, one line without its ending. Never throws. `isExplained` is as in `readRecordLine`. */
export function readPolicyStateLine(text: string, isExplained = true): RecordLine<PolicyState> {
  return readRecordLine(kind, text, isExplained);
}
