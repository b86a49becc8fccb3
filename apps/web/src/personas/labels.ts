/** The words for the schema's names and values. What has no message is shown as it is written. */
import { formatDate, languageName, t, tOr } from "../i18n/translate.ts";

export function fieldLabel(name: string): string {
  return tOr(`field.${name}`, name);
}

/** How `value` of the field `name` reads. */
export function valueLabel(name: string, value: unknown): string {
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value !== "string") return String(value);
  if (name === "language") return languageName(value);
  if (name === "joined_at" || name === "last_active" || name === "birthday") {
    return formatDate(value);
  }
  return tOr(`${name}.${value}`, value);
}
