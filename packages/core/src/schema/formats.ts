/**
 * The string formats our schemas use, each decided by one function.
 *
 * The compiled check and the detailed error report both call these, so a line can't pass one and
 * fail the other. They are stricter than most libraries: `date` and `date-time` name real calendar
 * days, and a `date-time` is RFC 3339 and nothing else (no RFC 9557 suffix).
 */
import Format from "typebox/format";
import Type from "typebox";
import { isCountryCode } from "./country.ts";

const timeTail = /^(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const dayCounts = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `text` is an RFC 3339 `full-date` that exists in the Gregorian calendar. */
export function isDate(text: string): boolean {
  return text.length === 10 && startsWithDate(text);
}

/** Whether `text` is an RFC 3339 `date-time` on a real day. Leap seconds are refused, as `Date` can't hold them. */
export function isDateTime(text: string): boolean {
  if (!startsWithDate(text) || (text.charCodeAt(10) | 0x20) !== letterT) return false;
  if (text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return false;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return false;
  // The one spelling that nearly every instant has; the pattern takes the rest.
  if (text.length === 24 && text.charCodeAt(19) === point && text.charCodeAt(23) === letterZ) {
    return twoDigits(text, 20) + twoDigits(text, 21) >= 0;
  }
  return timeTail.test(text.slice(19));
}

const hyphen = 0x2d;
const point = 0x2e;
const digitZero = 0x30;
const colon = 0x3a;
const letterZ = 0x5a;
const letterT = 0x74;

function startsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== hyphen || text.charCodeAt(7) !== hyphen) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return false;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && isLeapYear ? 29 : (dayCounts[month - 1] ?? 0));
}

/** The number that two ASCII digits at `index` spell, or NaN. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - digitZero;
  const ones = text.charCodeAt(index + 1) - digitZero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Whether `text` is an RFC 3986 URI with a scheme. */
export const isUri: (text: string) => boolean = Format.IsUri;

/** Whether `text` names a time zone of the IANA database, as it spells it. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    // The platform's own copy of the database has no such name.
    return false;
  }
}

/** Every format by its JSON Schema name. */
export const formatsByName: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  "date-time": isDateTime,
  uri: isUri,
  country: isCountryCode,
  timezone: isTimeZone,
};

/** How many code points `text` has, which is what JSON Schema's `maxLength` counts. */
export function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Makes TypeBox's interpreting validator use the same functions as the compiled check. */
export function registerFormats(): void {
  for (const [name, isFormat] of Object.entries(formatsByName)) Format.Set(name, isFormat);
}

/** A calendar day, `YYYY-MM-DD`. */
export const calendarDate = () => Type.String({ format: "date" });

/** A point in time, RFC 3339. */
export const instant = () => Type.String({ format: "date-time" });

/** A language tag, well-formed by BCP 47 (RFC 5646 section 2.1, without grandfathered tags). */
export const languageTag = () =>
  Type.String({
    pattern:
      "^(?:[a-zA-Z]{2,3}|[a-zA-Z]{5,8})(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?" +
      "(?:-(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*(?:-[0-9a-wyzA-WYZ](?:-[a-zA-Z0-9]{2,8})+)*" +
      "(?:-x(?:-[a-zA-Z0-9]{1,8})+)?$",
    maxLength: 64,
  });
