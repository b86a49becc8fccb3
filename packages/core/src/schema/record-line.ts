/**
 * One line of a bulk file to one record, of whatever kind: the only place where imported text
 * becomes a record.
 *
 * The edge, the command line, the vault and the browser all end up here, so they refuse the same
 * lines for the same reasons.
 */
import type { Static, TSchema } from "typebox";
import { hasDuplicateKey, hasLoneSurrogate } from "../codec/json-text.ts";
import { type Violation, listViolations } from "./violations.ts";

/** What a kind of record is read with. */
export interface RecordKind<Schema extends TSchema> {
  readonly schema: Schema;
  /** The check compiled from the schema: -1 for a misfit, else the length of the compact text. */
  readonly compactLength: (value: unknown) => number;
}

/** A record that fits its schema. */
export interface ReadRecord<Value> {
  readonly record: Value;
  /** The record written compactly, as `JSON.stringify` does: what a store keeps. */
  readonly line: string;
}

/** What is wrong with a line that should hold a record. */
export interface RefusedLine {
  readonly violations: readonly [Violation, ...Violation[]];
}

export type RecordLine<Value> = ReadRecord<Value> | RefusedLine;

/**
 * Reads `text`, one line without its ending. Never throws.
 *
 * @param isExplained whether the reasons are wanted: without them a line that doesn't fit the schema
 *   has one reason, `schema`, and costs a hundredth.
 */
export function readRecordLine<Schema extends TSchema>(
  kind: RecordKind<Schema>,
  text: string,
  isExplained: boolean,
): RecordLine<Static<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notJson;
  }
  const length = kind.compactLength(value);
  if (length === -1) {
    return isExplained ? { violations: explain(kind.schema, text, value) } : misfit;
  }
  const record = value as Static<Schema>;
  // A text no longer than its value needs has no room for white space, for an escape or for a second
  // member of one name.
  if (length === text.length && text.isWellFormed()) return { record, line: text };
  if (hasDuplicateKey(text)) return duplicateKey;
  if (hasLoneSurrogate(text)) return loneSurrogate;
  return { record, line: JSON.stringify(value) };
}

const notJson = refuse("json_parse_error", "is not a JSON text");
const misfit = refuse("schema", "does not fit the schema");
const duplicateKey = refuse("duplicate_key", "has two members of one name");
const loneSurrogate = refuse(
  "invalid_utf8",
  "holds half of a surrogate pair, which UTF-8 can't write",
);

function refuse(errorCode: string, message: string): RefusedLine {
  return { violations: [{ path: "", errorCode, message }] };
}

function explain(
  schema: TSchema,
  text: string,
  value: unknown,
): readonly [Violation, ...Violation[]] {
  if (hasDuplicateKey(text)) return duplicateKey.violations;
  const [first, ...rest] = listViolations(schema, value);
  return first ? [first, ...rest] : misfit.violations;
}
