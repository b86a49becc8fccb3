/**
 * A persona as the text of form controls, and back.
 *
 * Controls are named by JSON Pointer, as violations are. A control that still says what the base
 * record says gives the base's value back as it was, so that saving an untouched form changes
 * nothing (an instant's milliseconds, an empty list, a null).
 */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { type Field, type GroupName, groups } from "../personas/fields.ts";

export type FormValue = string | readonly string[];
/** By JSON Pointer. Empty text or an empty list means that nothing is said. */
export type FormValues = Readonly<Record<string, FormValue>>;

/** The parts of a record that no control changes. */
export type RecordHead = Pick<
  UserProfile,
  "schema_version" | "profile_id" | "created_at" | "generator_version"
>;

type AnyRecord = Readonly<Record<string, unknown>>;

export function toPointer(group: GroupName, field: Field): string {
  return `/profile/${group}/${field.name}`;
}

/** What the controls show for `profile`, or for a persona yet to be written. */
export function toFormValues(profile: UserProfile["profile"] | null): FormValues {
  const values: Record<string, FormValue> = {};
  for (const { name, fields } of groups) {
    const group = (profile?.[name] ?? {}) as AnyRecord;
    for (const field of fields) {
      values[toPointer(name, field)] = toFormValue(field, group[field.name]);
    }
  }
  return values;
}

/** The record that `values` stand for; it may not fit the schema. */
export function toCandidate(
  head: RecordHead,
  values: FormValues,
  base: UserProfile["profile"] | null,
): unknown {
  const baseValues = toFormValues(base);
  const profile: Record<string, AnyRecord> = {};
  for (const { name, fields } of groups) {
    const baseGroup = base?.[name] as AnyRecord | undefined;
    const group: Record<string, unknown> = {};
    for (const field of fields) {
      const pointer = toPointer(name, field);
      const value = values[pointer] ?? "";
      const isUntouched = baseGroup && isSame(value, baseValues[pointer] ?? "");
      const given = isUntouched ? baseGroup[field.name] : fromFormValue(field, value);
      if (given !== undefined) group[field.name] = given;
    }
    // The one group that a record may lack.
    const isLeftOut = name === "system" && !baseGroup && Object.keys(group).length === 0;
    if (!isLeftOut) profile[name] = group;
  }
  return { ...head, profile };
}

function isSame(left: FormValue, right: FormValue): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function toFormValue({ kind }: Field, value: unknown): FormValue {
  if (kind === "some") return Array.isArray(value) ? value.map(String) : [];
  if (kind === "words") return Array.isArray(value) ? value.join("\n") : "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  return kind === "instant" ? toLocalMinute(value) : value;
}

/** Undefined when nothing is said and nothing has to be. */
function fromFormValue(field: Field, value: FormValue): unknown {
  if (typeof value !== "string") return value.length > 0 || field.isRequired ? value : undefined;
  const text = value.trim();
  if (field.kind === "words") {
    return text
      .split("\n")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  }
  if (text === "") return field.isRequired && field.kind === "text" ? "" : undefined;
  if (field.kind === "age" || field.kind === "score") return Number(text);
  if (field.kind === "yes_no") return text === "yes";
  if (field.kind === "instant") return fromLocalMinute(text);
  return text;
}

/** An instant in the form of `<input type="datetime-local">`, in the person's own time zone. */
function toLocalMinute(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function fromLocalMinute(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}
