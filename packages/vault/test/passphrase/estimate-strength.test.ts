import { expect, test } from "vitest";
import { estimateStrength } from "../../src/passphrase/estimate-strength.ts";

test("a passphrase that is guessed early scores low and says why", () => {
  const { score, warning, suggestions } = estimateStrength("Password1234");
  expect(score).toBeLessThan(2);
  expect(warning?.code).toBeTruthy();
  expect(warning?.text).toMatch(/ /);
  expect(suggestions.length).toBeGreaterThan(0);
});

test("a made-up one scores highest and has nothing to say", () => {
  expect(estimateStrength("Bokuma-Tirale-Fuponi-Sadoke-47")).toMatchObject({
    score: 4,
    warning: null,
    suggestions: [],
  });
});

test("a word that an attacker would try counts against it", () => {
  const text = "Zarquilla-Vomdren";
  const { guessesLog10 } = estimateStrength(text);
  expect(estimateStrength(text, ["zarquilla", "vomdren"]).guessesLog10).toBeLessThan(guessesLog10);
});

test("a very long text is estimated by its start", () => {
  expect(estimateStrength("Tirale-47 ".repeat(100)).score).toBeGreaterThanOrEqual(0);
});
