/**
 * One line of a bulk file to one persona: the only place where imported text becomes a record.
 *
 * The edge, the command line and the browser all call this, so they refuse the same lines for the
 * same reasons. It accepts every version of the schema that was ever released; there is one so far.
 */
import { hasDuplicateKey, hasLoneSurrogate } from "../codec/json-text.ts";
import { compactLength } from "./generated/user-profile.check.js";
import { type UserProfile, userProfileSchema } from "./user-profile.ts";
import { type Violation, listViolations } from "./violations.ts";

/** A persona that fits the schema. */
export interface ReadProfile {
  readonly profile: UserProfile;
  /** The record written compactly, as `JSON.stringify` does: what a store keeps. */
  readonly line: string;
}

/** A persona, or what is wrong with the line that should hold one. */
export type ProfileLine =
  ReadProfile | { readonly violations: readonly [Violation, ...Violation[]] };

/**
 * Reads `text`, one line without its ending. Never throws.
 *
 * @param isExplained whether the reasons are wanted: without them a line that doesn't fit the schema
 *   has one reason, `schema`, and costs a hundredth.
 */
export function readProfileLine(text: string, isExplained = true): ProfileLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("json_parse_error", "is not a JSON text");
  }
  const length = compactLength(value);
  if (length === -1) return isExplained ? { violations: explain(text, value) } : misfit;
  // A text no longer than its value needs has no room for white space, for an escape or for a second
  // member of one name.
  if (length === text.length && text.isWellFormed()) {
    return { profile: value as UserProfile, line: text };
  }
  if (hasDuplicateKey(text)) return duplicateKey;
  if (hasLoneSurrogate(text)) return loneSurrogate;
  return { profile: value as UserProfile, line: JSON.stringify(value) };
}

/** Reads a value that is already parsed, such as a form's or a request's. */
export function readProfile(value: unknown): ProfileLine {
  return readProfileLine(JSON.stringify(value) ?? "");
}

const misfit = refuse("schema", "does not fit the schema");
const duplicateKey = refuse("duplicate_key", "has two members of one name");
const loneSurrogate = refuse(
  "invalid_utf8",
  "holds half of a surrogate pair, which UTF-8 can't write",
);

function refuse(errorCode: string, message: string): { violations: [Violation] } {
  return { violations: [{ path: "", errorCode, message }] };
}

function explain(text: string, value: unknown): readonly [Violation, ...Violation[]] {
  if (hasDuplicateKey(text)) return duplicateKey.violations;
  const [first, ...rest] = listViolations(userProfileSchema, value);
  return first ? [first, ...rest] : misfit.violations;
}
