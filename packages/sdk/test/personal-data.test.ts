import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UserProfile } from "../../core/src/schema/user-profile.ts";
import { rowOf } from "../../core/test/profile-rows.ts";
import { generatePersonas } from "../src/demo/personas.ts";
import { findPersonalData, findPersonalText } from "../src/personal-data.ts";

const found = (text: string) =>
  findPersonalText(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe("findPersonalText", () => {
  test.for([
    ["write to ana@example.org!", "ana@example.org"],
    ["ana.lópez+chat@correo.example.mx", "ana.lópez+chat@correo.example.mx"],
    ["me@müller.example", "me@müller.example"],
    ["max＠example.org", "max＠example.org"],
    ["ana (at) example (dot) org", "ana (at) example (dot) org"],
    ["ana[at]example.org", "ana[at]example.org"],
    ["ana at example dot org", "ana at example dot org"],
    ["ana arroba example punto org", "ana arroba example punto org"],
  ] as const)("finds the address in %j", ([text, address]) => {
    expect(found(text)).toEqual([["email", address]]);
  });

  test.for([
    "+49 151 23456789",
    "0049 151 234567",
    "0151/23456789",
    "030 1234567",
    "(030) 123 45 67",
    "(555) 123-4567",
    "555-123-4567",
    "555.123.4567",
    "555-1234",
    "600 123 456",
    "612345678",
    "06 12 34 56 78",
    "+33 6 12 34 56 78",
    "+44 (0)20 7946 0958",
    "+1 555 0100 12",
    "٠١٥١٢٣٤٥٦٧٨٩",
    "０１５１２３４５６７８９",
  ])("finds the phone number %j, alone and in a sentence", (number) => {
    expect(found(number)).toEqual([["phone", number]]);
    expect(found(`Ruf mich an: ${number}, bitte.`)).toEqual([["phone", number]]);
  });

  test.for([
    ["call me 555123", "555123"],
    ["Tel.: 12345", "12345"],
    ["whatsapp 5512345", "5512345"],
    ["mein Handy: 0176 123", "0176 123"],
    ["teléfono 915 55 12", "915 55 12"],
    ["otter4915123456789", "4915123456789"],
  ] as const)(
    "finds a shorter number that is announced, or one within a word: %j",
    ([text, number]) => {
      expect(found(text)).toEqual([["phone", number]]);
    },
  );

  test.for([
    "born in 1990",
    "1990-2020",
    "2018, 2019 and 2020",
    "2019-2020-2021",
    "the 1990/91 season",
    "24/7",
    "we won 3:2, 10-12",
    "2024-05-12 18:30",
    "2024-05-12",
    "12.05.2024",
    "5/12/2024",
    "12.05.2024 - 14.05.2024",
    "18:00-22:00",
    "20:00–23:30",
    "8-10-12",
    "1,000,000 ideas",
    "10.000.000",
    "10 000 000 de ideas",
    "5000000 steps",
    "3.14159265358979",
    "1 2 3 4 5 6 7 8 9 10",
    "1920x1080",
    "50-50",
    "2001: A Space Odyssey",
    "1.5 - 2.5 hours",
    "@home",
    "user@",
    "me @ the pub",
    "look at me. Then go",
    "we met at school.Then we left",
    "dinner@8.30",
    "10km@4.5min",
    "at 10.30 or 11.45",
    "Luna570",
  ])("lets %j through", (text) => {
    expect(found(text)).toEqual([]);
  });

  test("gives places that lie in the text, in order, for any text", () => {
    const pieces = fc.constantFrom(
      "@",
      "a",
      ".",
      "de",
      " ",
      "at",
      "(",
      ")",
      "+",
      "1",
      "23",
      "-",
      "0",
      "٣",
      "🙂",
      "tel ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        let last = 0;
        for (const { start, end } of findPersonalText(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
    );
  });
});

describe("findPersonalData", () => {
  test("names each place and kind once", () => {
    const { line } = rowOf("usr_aaaaaa", {
      userName: "call 5551234",
      biography: "a@example.org, b@example.org or +49 151 234567",
      interests: ["chess", "c@example.org"],
    });
    expect(findPersonalData(JSON.parse(line) as UserProfile)).toEqual([
      { kind: "phone", path: "/profile/identity/user_name" },
      { kind: "email", path: "/profile/intent/biography" },
      { kind: "phone", path: "/profile/intent/biography" },
      { kind: "email", path: "/profile/interests/interests/1" },
    ]);
  });

  test("finds none in demo personas", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        for (const persona of generatePersonas({ count: 50, seed })) {
          expect(findPersonalData(persona)).toEqual([]);
        }
      }),
    );
  });
});
