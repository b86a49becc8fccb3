/** One line to one persona, in every version of its schema that was ever released; there is one so far. */
import { compactLength } from "./generated/user-profile.check.js";
import { type RefusedLine, readRecordLine } from "./record-line.ts";
import { type UserProfile, userProfileSchema } from "./user-profile.ts";

/** A persona that fits the schema. */
export interface ReadProfile {
  readonly profile: UserProfile;
  /** The record written compactly, as `JSON.stringify` does: what a store keeps. */
  readonly line: string;
}

/** A persona, or what is wrong with the line that should hold one. */
export type ProfileLine = ReadProfile | RefusedLine;

const kind = { schema: userProfileSchema, compactLength };

/** Reads `text`, one line without its ending. Never throws. `isExplained` is as in `readRecordLine`. */
export function readProfileLine(text: string, isExplained = true): ProfileLine {
  const read = readRecordLine(kind, text, isExplained);
  return "violations" in read ? read : { profile: read.record, line: read.line };
}

/** Reads a value that is already parsed, such as a form's or a request's. */
export function readProfile(value: unknown): ProfileLine {
  return readProfileLine(JSON.stringify(value) ?? "");
}
