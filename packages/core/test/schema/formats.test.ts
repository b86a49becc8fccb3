import fc from "fast-check";
import Format from "typebox/format";
import { describe, expect, test } from "vitest";
import { isCountryCode } from "../../src/schema/country.ts";
import {
  codePointCount,
  formatsByName,
  isDate,
  isDateTime,
  isUri,
  registerFormats,
  isTimeZone,
} from "../../src/schema/formats.ts";

const pad = (value: number, length = 2) => String(value).padStart(length, "0");

/** Whether the platform's calendar has this day. */
function exists(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

describe("isDate", () => {
  test("knows each day of the platform's calendar and no other, in the years that differ", () => {
    for (const year of [0, 1, 4, 100, 400, 1582, 1900, 1999, 2000, 2023, 2024, 2100, 9999]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
          const isReal = month >= 1 && month <= 12 && day >= 1 && exists(year, month, day);
          expect([text, isDate(text)]).toEqual([text, isReal]);
        }
      }
    }
  });
});

describe("isDateTime", () => {
  test("accepts every time of the day, and nothing beyond it", () => {
    for (let value = 0; value <= 99; value++) {
      expect(isDateTime(`2024-02-29T${pad(value)}:00:00Z`)).toBe(value < 24);
      expect(isDateTime(`2024-02-29T00:${pad(value)}:00Z`)).toBe(value < 60);
      expect(isDateTime(`2024-02-29T00:00:${pad(value)}Z`)).toBe(value < 60);
      expect(isDateTime(`2024-02-29T00:00:00+${pad(value)}:00`)).toBe(value < 24);
      expect(isDateTime(`2024-02-29T00:00:00-00:${pad(value)}`)).toBe(value < 60);
    }
  });

  test("accepts what the platform writes, and refuses it with any one character changed to a letter", () => {
    const date = fc.date({
      min: new Date("0000-01-01"),
      max: new Date("9999-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.nat(23), (date, index) => {
        const text = date.toISOString();
        expect(isDateTime(text)).toBe(true);
        expect(isDateTime(`${text.slice(0, index)}a${text.slice(index + 1)}`)).toBe(false);
      }),
    );
  });

  test("accepts nothing that the platform can't read", () => {
    const noise = fc.string({
      unit: fc.constantFrom(..."0123456789-:.+TtZz".split("")),
      maxLength: 30,
    });
    const near = fc
      .tuple(
        fc.constantFrom("2024-02-29T12:34:56.789Z", "2024-02-29T12:34:56+01:00"),
        fc.nat(24),
        noise,
      )
      .map(([text, index, part]) => text.slice(0, index) + part + text.slice(index + part.length));
    fc.assert(
      fc.property(fc.oneof(noise, near), (text) => {
        const isReadable = !Number.isNaN(Date.parse(text.toUpperCase()));
        expect(isReadable || !isDateTime(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("isUri", () => {
  test.each([
    "https://example.test",
    "https://user@example.test:8080/a/b;c?d=e&f#g",
    "https://[2001:db8::1]/",
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "mailto:someone@example.test",
    "data:image/png;base64,AAAA",
    "a:",
  ])("accepts %j", (text) => {
    expect(isUri(text)).toBe(true);
  });

  test.each([
    "",
    "example.test",
    "/path",
    "?query",
    "#part",
    "//example.test",
    "https://example.test/a b",
    "https://example.test/<a>",
    'https://example.test/"',
    "https://example.test/\\",
    "https://example.test/%zz",
    "https://example.test/é",
    "https://example.test/\n",
    "\u0000https://example.test/",
    "1https://example.test",
    "https//example.test",
  ])("refuses %j", (text) => {
    expect(isUri(text)).toBe(false);
  });
});

test("codePointCount counts a pair of surrogates once, and a half as one", () => {
  expect(codePointCount("")).toBe(0);
  expect(codePointCount("aé字")).toBe(3);
  expect(codePointCount("😀😀")).toBe(2);
  expect(codePointCount("\ud83d")).toBe(1);
  expect(codePointCount("\ude00\ud83d")).toBe(2);
  expect(codePointCount("e\u0301")).toBe(2);
});

test("registerFormats makes TypeBox decide as the compiled check does", () => {
  registerFormats();
  for (const [name, isFormat] of Object.entries(formatsByName)) {
    expect(Format.Get(name)).toBe(isFormat);
  }
  expect(Object.keys(formatsByName).toSorted()).toEqual([
    "country",
    "date",
    "date-time",
    "timezone",
    "uri",
  ]);
});

test.each(["DE", "US", "BR", "TW"])("%s is a country", (text) => {
  expect(isCountryCode(text)).toBe(true);
});

test.each(["", "de", "DEU", "EU", "UN", "ZZ", "QX", "XK", "D1", "\u0000D"])(
  "%j is not a country",
  (text) => {
    expect(isCountryCode(text)).toBe(false);
  },
);

test.each(["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5"])(
  "%s is a time zone",
  (text) => {
    expect(isTimeZone(text)).toBe(true);
  },
);

test.each(["", "+02:00", "Europe", "Europe/Nowhere", "../etc/passwd", "a".repeat(500)])(
  "%j is not a time zone",
  (text) => {
    expect(isTimeZone(text)).toBe(false);
  },
);
