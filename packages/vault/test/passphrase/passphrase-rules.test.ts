import { expect, test } from "vitest";
import { generatePassphrase } from "../../src/passphrase/generate-passphrase.ts";
import { passphraseWeaknesses } from "../../src/passphrase/passphrase-rules.ts";

const encoder = new TextEncoder();
const random = (bytes: Uint8Array<ArrayBuffer>): void => void crypto.getRandomValues(bytes);

function weaknesses(text: string): string[] {
  return passphraseWeaknesses(encoder.encode(text));
}

test.each([
  ["Wandering-Lan4", []],
  ["Wandering-L4", []],
  ["Wandering-4", ["too_short"]],
  ["WANDERING-LAN4", ["no_lower_case"]],
  ["wandering-lan4", ["no_upper_case"]],
  ["Wandering-Lant", ["no_digit"]],
  ["", ["too_short", "no_upper_case", "no_lower_case", "no_digit", "too_common"]],
  ["Élan-vital-étoilé٣", []],
  ["Привет-Мир-по-лесу-5", []],
])("%j breaks the rules %j", (text, expected) => {
  expect(weaknesses(text)).toEqual(expected);
});

test("characters are counted after normalising, so one with its accent is one", () => {
  expect(weaknesses("A\u0301e\u0301i\u0301o\u0301u\u0301y\u0301n\u0303b4xq")).toContain(
    "too_short",
  );
});

test("more than 1,024 bytes, and what is no text, can't be used", () => {
  expect(weaknesses("Aa4".repeat(400))).toEqual(["unusable"]);
  expect(passphraseWeaknesses(Uint8Array.of(0x41, 0xff))).toEqual(["unusable"]);
});

test.each([
  "Password1234",
  "P@ssw0rd2026!",
  "Passw0rd!!!!",
  "Qwertyuiop123",
  "Qwerty123456",
  "Welcome12345",
  "Iloveyou1234",
  "LetMeIn12345!",
  "Abcdefghijk1",
  "Aaaaaaaaaaa1",
  "HiStranger2026",
  "Correct-Horse-Battery-Staple-1",
  "1Summer2Winter3",
  "Admin_Root_Test_99",
])("%s is too common", (text) => {
  expect(weaknesses(text)).toEqual(["too_common"]);
});

test.each([
  "Wandering-Lantern-42",
  "Quiet-Harbour-Stone-7",
  "Passport-Renewal-88",
  "TheOtterSleeps4x",
  "kR7!mZ2#qP9$w",
])("%s isn't common", (text) => {
  expect(weaknesses(text)).toEqual([]);
});

test.each([
  ["syllables", /^([A-Z][a-z]{5}-){4}\d\d$/],
  ["characters", /^([2-9A-HJ-NP-Za-km-z]{6}-){3}[2-9A-HJ-NP-Za-km-z]{6}$/],
] as const)("a generated passphrase of %s has its form and meets the rules", (style, form) => {
  const made = new Set<string>();
  for (let count = 0; count < 200; count++) {
    const passphrase = generatePassphrase(random, style);
    expect(passphraseWeaknesses(passphrase)).toEqual([]);
    const text = new TextDecoder().decode(passphrase);
    expect(text).toMatch(form);
    made.add(text);
  }
  expect(made.size).toBe(200);
});

test("every letter comes as often as another in generated passphrases", () => {
  const counts = new Map<string, number>();
  for (let made = 0; made < 2_000; made++) {
    const text = new TextDecoder().decode(generatePassphrase(random));
    for (const vowel of text.toLowerCase().match(/[aeiou]/g) ?? []) {
      counts.set(vowel, (counts.get(vowel) ?? 0) + 1);
    }
  }
  // 24,000 draws of five: nine standard deviations are 560, which chance exceeds once in 10^17 runs.
  for (const vowel of "aeiou") {
    expect(Math.abs((counts.get(vowel) ?? 0) - 4_800)).toBeLessThan(560);
  }
});
