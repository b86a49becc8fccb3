/**
 * How good a passphrase is, with reasons, by zxcvbn: for user interfaces alone, while somebody types
 * one. It takes a string and brings some megabytes of word lists, so nothing else in the vault
 * depends on it.
 */
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as commonWords } from "@zxcvbn-ts/language-common";
import { dictionary as englishWords, translations } from "@zxcvbn-ts/language-en";

export interface StrengthReason {
  /** Stable, for translation. */
  readonly code: string;
  /** In English. */
  readonly text: string;
}

export interface PassphraseStrength {
  /** 0 guessed at once, 1 very weak, 2 weak, 3 good, 4 strong. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** The number of guesses it takes, as a power of ten. */
  readonly guessesLog10: number;
  /** What makes it weak, if anything does. */
  readonly warning: StrengthReason | null;
  readonly suggestions: readonly StrengthReason[];
}

/** Longer texts are strong enough, and would take long to estimate. */
const maxEstimatedCharacters = 100;

const warningTexts: Readonly<Record<string, string>> = translations.warnings;
const suggestionTexts: Readonly<Record<string, string>> = translations.suggestions;

let estimator: ZxcvbnFactory | null = null;

/** Estimates `passphrase`; `known` are words that an attacker would try, such as a persona's name. */
export function estimateStrength(
  passphrase: string,
  known: readonly string[] = [],
): PassphraseStrength {
  // Without translations, the estimate tells the codes of its reasons.
  estimator ??= new ZxcvbnFactory({
    dictionary: { ...commonWords, ...englishWords },
    graphs: adjacencyGraphs,
    maxLength: maxEstimatedCharacters,
  });
  const { score, guessesLog10, feedback } = estimator.check(passphrase, [...known]);
  const { warning, suggestions } = feedback;
  return {
    score,
    guessesLog10,
    warning: warning ? { code: warning, text: warningTexts[warning] ?? warning } : null,
    suggestions: suggestions.map((code) => ({ code, text: suggestionTexts[code] ?? code })),
  };
}
