/** The age in the form: it follows the birthday until the person gives another. */
import { ageInYears } from "@hi-stranger/core/schema/public-view";
import type { FormValues } from "./form-values.ts";

const birthdayPointer = "/profile/identity/birthday";
export const agePointer = "/profile/identity/age";

/** Full years at `now` by the birthday in the form, as text; empty while there is no whole date. */
export function ageByBirthday(values: FormValues, now: Date): string {
  const birthday = values[birthdayPointer];
  if (typeof birthday !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(birthday)) return "";
  return String(ageInYears(birthday, now));
}

/** Whether the age is another than the birthday's, both being given. */
export function hasOtherAge(values: FormValues, now: Date): boolean {
  const age = ageIn(values);
  const derived = ageByBirthday(values, now);
  return age !== "" && derived !== "" && age !== derived;
}

/**
 * Whether the age of a draft was edited, as far as its values tell. The age that the record `base`
 * brought along was not, however old the record is.
 */
export function isAgeEditedIn(draft: FormValues, base: FormValues, now: Date): boolean {
  return hasOtherAge(draft, now) && ageIn(draft) !== ageIn(base);
}

/** `values` after a change of the field `changed`, with the age that a birthday brings along. */
export function withAge(values: FormValues, changed: string, now: Date): FormValues {
  if (changed !== birthdayPointer) return values;
  const age = ageByBirthday(values, now);
  // While a date is being typed there is none at times.
  return age === "" ? values : { ...values, [agePointer]: age };
}

function ageIn(values: FormValues): string {
  return String(values[agePointer] ?? "").trim();
}
