/**
 * What a passphrase has to be: 12 characters or more, with an upper-case and a lower-case letter and
 * a digit, and not one of those that are tried first. At most 1,024 bytes.
 *
 * Decided on bytes and code points alone, so that no string holds it. How good one is beyond that,
 * `estimate-strength.ts` says.
 */
import { normalizePassphrase } from "../text/passphrase-text.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { wipe } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import { isCommonPassphrase } from "./common-passphrases.ts";

export const minPassphraseCharacters = 12;

export type PassphraseWeakness =
  /** Longer than 1,024 bytes, or no UTF-8. */
  "unusable" | "too_short" | "no_upper_case" | "no_lower_case" | "no_digit" | "too_common";

/** Every rule that `passphrase`, UTF-8 as typed, breaks. */
export function passphraseWeaknesses(passphrase: Uint8Array): PassphraseWeakness[] {
  const normalized = normalizePassphrase(passphrase);
  const codePoints = normalized && decodeUtf8(normalized);
  if (!normalized || !codePoints) return ["unusable"];
  const weaknesses: PassphraseWeakness[] = [];
  if (codePoints.length < minPassphraseCharacters) weaknesses.push("too_short");
  if (!hasCharacter(codePoints, /\p{Lu}/u)) weaknesses.push("no_upper_case");
  if (!hasCharacter(codePoints, /\p{Ll}/u)) weaknesses.push("no_lower_case");
  if (!hasCharacter(codePoints, /\p{Nd}/u)) weaknesses.push("no_digit");
  if (isCommonPassphrase(normalized)) weaknesses.push("too_common");
  wipe(normalized, codePoints);
  return weaknesses;
}

/** @throws {VaultError} `weak_passphrase` with every {@link PassphraseWeakness} as a reason. */
export function checkPassphrase(passphrase: Uint8Array): void {
  const reasons = passphraseWeaknesses(passphrase);
  if (reasons.length > 0) throw new VaultError("weak_passphrase", { reasons });
}

function hasCharacter(codePoints: Uint32Array, pattern: RegExp): boolean {
  return codePoints.some((codePoint) => pattern.test(String.fromCodePoint(codePoint)));
}
