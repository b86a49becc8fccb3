/** What members with a form of their own accept and refuse: days, instants, language tags and ids. */
import { type Refusal, type Rules, notStrings } from "./field-rules.ts";

export const date = (): Rules => ({
  accepts: ["2000-02-29", "2024-02-29", "1999-12-31", "0000-01-01", "0004-02-29", "9999-12-31"],
  refuses: [
    ...[
      "2024-02-30",
      "2023-02-29",
      "1900-02-29",
      "2100-02-29",
      "2024-04-31",
      "2024-06-31",
      "2024-09-31",
      "2024-11-31",
      "2024-01-32",
      "2024-00-10",
      "2024-13-01",
      "2024-01-00",
      "24-01-01",
      "02024-01-01",
      "2024-1-1",
      "20240101",
      "2024/01/01",
      "2024-01-01T00:00:00Z",
      "2024-01-01 ",
      " 2024-01-01",
      "2024-01-0१",
      "+024-01-01",
      "-001-01-01",
      "2024-01-1e",
      "",
    ].map((text): Refusal => [text, "format"]),
    ...notStrings,
  ],
});

export const instant = (): Rules => ({
  accepts: [
    "2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.6Z",
    "2026-01-02T03:04:05.678Z",
    "2026-01-02T03:04:05.123456789Z",
    "2026-01-02t03:04:05z",
    "2026-01-02t03:04:05.678z",
    "2026-01-02T03:04:05.678z",
    "2024-02-29T23:59:59.999Z",
    "2026-01-02T00:00:00+00:00",
    "2026-01-02T00:00:00-00:00",
    "2026-01-02T23:59:59+23:59",
    "2026-01-02T23:59:59.5-11:30",
    "0000-01-01T00:00:00Z",
  ],
  refuses: [
    ...[
      "2026-01-02T23:59:60Z",
      "2016-12-31T23:59:60.000Z",
      "2026-01-02T24:00:00Z",
      "2026-01-02T00:60:00Z",
      "2023-02-29T00:00:00.000Z",
      "2024-02-30T00:00:00Z",
      "2026-01-02T03:04Z",
      "2026-01-02T03:04:05",
      "2026-01-02T03:04:05.Z",
      "2026-01-02T03:04:05,678Z",
      "2026-01-02T03:04:05.1234567890Z",
      "2026-01-02T03:04:05.6x8Z",
      "2026-01-02T03:04:05.67xZ",
      "2026-01-02T03:04:05.678ZZ",
      "2026-01-02T03:04:05+24:00",
      "2026-01-02T03:04:05+01:60",
      "2026-01-02T03:04:05+0100",
      "2026-01-02T03:04:05+01",
      "2026-01-02T03:04:05+1:00",
      "2026-01-02T03:04:05 Z",
      "2026-01-02 03:04:05Z",
      "2026-01-02_03:04:05Z",
      "2026-01-02T3:04:05Z",
      "2026-01-02T03-04-05Z",
      "2026-01-02T03:04:05Z[Europe/Vienna]",
      "2026-01-02T03:04:05Z\n",
      "2026-01-02",
      "1767323045",
      "",
    ].map((text): Refusal => [text, "format"]),
    ...notStrings,
  ],
});

/** A language tag of BCP 47. */
export const languageTag = (): Rules => ({
  accepts: [
    "de",
    "DE",
    "deu",
    "de-AT",
    "zh-Hant",
    "zh-Hant-TW",
    "es-419",
    "sl-rozaj-biske",
    "de-1996",
    "en-u-ca-gregory",
    "en-a-bbb-x-a-ccc",
    "de-x-private",
    "englisch",
    `de-x-${"abcdefgh-".repeat(6)}abcde`,
  ],
  refuses: [
    ...[
      "",
      "d",
      "deut",
      "englische",
      "de_AT",
      "de-",
      "-de",
      "de--AT",
      "de-ATX",
      "de-A",
      "de-u",
      "de-x",
      "de-x-",
      "1de",
      "de AT",
      "de\n",
      "dé",
      "de-AT-TW",
      "x-private",
    ].map((text): Refusal => [text, "pattern"]),
    [`de-x-${"abcdefgh-".repeat(6)}abcdef`, "max_length"],
    ...notStrings,
  ],
});

/** The id of a persona. */
export const profileId = (): Rules => ({
  accepts: ["usr_abcdef", "usr_000000", "usr_il0ou1", `usr_${"z9".repeat(62)}`],
  refuses: [
    ...[
      "usr_abcde",
      "usr_",
      "abcdef",
      "psn_abcdef",
      "usr-abcdef",
      "USR_abcdef",
      "usr_Abcdef",
      "usr_abc_def",
      "usr_abcdéf",
      "usr_abcdef ",
      "usr_abcdef\n",
      " usr_abcdef",
      "\nusr_abcdef",
      "",
    ].map((text): Refusal => [text, "pattern"]),
    [`usr_${"z9".repeat(62)}a`, "max_length"],
    ...notStrings,
  ],
});

/** The first version of a kind of record. */
export const version = (kind: string): Rules => ({
  accepts: [`${kind}.v1`],
  refuses: [
    ...[`${kind}.v2`, kind, `${kind}.v1 `, ""].map((text): Refusal => [text, "const"]),
    ...notStrings,
  ],
});

/** An id that we make, with `prefix`. */
export const madeId = (prefix: string): Rules => ({
  accepts: [
    `${prefix}_01fr9ezbe3c6hd5aywpp903mhd`,
    `${prefix}_${"0".repeat(26)}`,
    `${prefix}_7${"z".repeat(25)}`,
  ],
  refuses: [
    ...[
      "",
      `${prefix}_`,
      prefix,
      `${prefix}_01fr9ezbe3c6hd5aywpp903mh`,
      `${prefix}_01fr9ezbe3c6hd5aywpp903mhdd`,
      `${prefix}_81fr9ezbe3c6hd5aywpp903mhd`,
      `${prefix}_01fr9ezbe3c6hd5aywpp903mhi`,
      `${prefix}_01fr9ezbe3c6hd5aywpp903mhu`,
      `${prefix}_01FR9EZBE3C6HD5AYWPP903MHD`,
      `${prefix}-01fr9ezbe3c6hd5aywpp903mhd`,
      `imp_01fr9ezbe3c6hd5aywpp903mhd`,
      ` ${prefix}_01fr9ezbe3c6hd5aywpp903mhd`,
      `${prefix}_01fr9ezbe3c6hd5aywpp903mhd\n`,
    ].map((text): Refusal => [text, "pattern"]),
    ...notStrings,
  ],
});
