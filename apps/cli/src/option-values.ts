/** Values of options and arguments, read and checked. */
import { InvalidArgumentError } from "commander";
import { formatCount } from "./format.ts";

/** Reads an integer from `min` to `max`; `1_000` and `1,000` count too. */
export function readInteger(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d[\d_,]*$/.test(text) ? Number(text.replace(/[_,]/g, "")) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It takes a whole number from ${formatCount(min)} to ${formatCount(max)}.`,
    );
  };
}

/** Takes one of `choices`. */
export function readChoice<const Choice extends string>(
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(`It takes ${choices.join(", ")}.`);
  };
}

const secondsByUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Reads a duration such as `90s`, `12h` or `30d` to seconds, within bounds. */
export function readSeconds(min: number, max: number): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
    const seconds = Number(amount) * (secondsByUnit[unit ?? ""] ?? Number.NaN);
    if (seconds >= min && seconds <= max) return seconds;
    throw new InvalidArgumentError(
      `It takes a number and s, m, h or d, such as 12h or 30d, from ${describe(min)} to ${describe(max)}.`,
    );
  };
}

function describe(seconds: number): string {
  const [unit, size] = Object.entries(secondsByUnit).findLast(
    ([, size]) => seconds % size === 0,
  ) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}

/** Takes a persona's id. */
export function readProfileId(text: string): string {
  if (/^usr_[a-z0-9]{6,124}$/.test(text)) return text;
  throw new InvalidArgumentError("An id is usr_ and six or more lower-case letters and digits.");
}

/** Takes a token's id, and warns off the token itself. */
export function readTokenId(text: string): string {
  if (/^tok_[0-9a-z]{26}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "A token's id is tok_ and 26 letters and digits, as `hi token list` shows it.",
  );
}
