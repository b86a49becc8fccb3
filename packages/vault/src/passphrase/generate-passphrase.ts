/**
 * A passphrase made up for a person who wants none of their own. It always meets the rules of
 * `passphrase-rules.ts`.
 *
 * `syllables`, to be remembered: four words of three open syllables and two digits, such as
 * `Bokuma-Tirale-Fuponi-Sadoke-47`; 82 bits. `characters`, to be kept in a password manager: 24
 * letters and digits that don't look alike, in four groups; 135 bits at the least.
 */
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import { passphraseWeaknesses } from "./passphrase-rules.ts";
import { secretBytes, wipe } from "../secret-bytes.ts";

export type PassphraseStyle = "syllables" | "characters";

const encoder = new TextEncoder();
const consonants = encoder.encode("bdfghjklmnprstvz");
const vowels = encoder.encode("aeiou");
const digits = encoder.encode("0123456789");
/** Without 0 and O, 1, l and I. */
const characters = encoder.encode("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
const groupCount = 4;
const syllablesPerWord = 3;
const charactersPerGroup = 6;
const hyphen = 0x2d;
const toUpper = 0x20;

/** ASCII bytes, which the caller wipes. */
export function generatePassphrase(
  fillRandom: FillRandom,
  style: PassphraseStyle = "syllables",
): Uint8Array<ArrayBuffer> {
  const make = style === "syllables" ? makeWords : makeGroups;
  for (;;) {
    const passphrase = make(fillRandom);
    // Characters may come without a digit, or with luck spell a common word: then others are taken.
    if (passphraseWeaknesses(passphrase).length === 0) return passphrase;
    wipe(passphrase);
  }
}

function makeWords(fillRandom: FillRandom): Uint8Array<ArrayBuffer> {
  const wordLength = 2 * syllablesPerWord;
  const passphrase = secretBytes(groupCount * (wordLength + 1) + 2);
  let offset = 0;
  for (let word = 0; word < groupCount; word++) {
    for (let syllable = 0; syllable < syllablesPerWord; syllable++) {
      passphrase[offset + 2 * syllable] = pick(fillRandom, consonants);
      passphrase[offset + 2 * syllable + 1] = pick(fillRandom, vowels);
    }
    passphrase[offset] = (passphrase[offset] ?? 0) - toUpper;
    passphrase[offset + wordLength] = hyphen;
    offset += wordLength + 1;
  }
  passphrase[offset] = pick(fillRandom, digits);
  passphrase[offset + 1] = pick(fillRandom, digits);
  return passphrase;
}

function makeGroups(fillRandom: FillRandom): Uint8Array<ArrayBuffer> {
  const passphrase = secretBytes(groupCount * (charactersPerGroup + 1) - 1);
  for (let index = 0; index < passphrase.length; index++) {
    const isBetween = index % (charactersPerGroup + 1) === charactersPerGroup;
    passphrase[index] = isBetween ? hyphen : pick(fillRandom, characters);
  }
  return passphrase;
}

/** One of `choices`, 256 at the most, each as likely as the other. */
function pick(fillRandom: FillRandom, choices: Uint8Array): number {
  const fairLimit = 256 - (256 % choices.length);
  const byte = secretBytes(1);
  do fillRandom(byte);
  while ((byte[0] ?? 0) >= fairLimit);
  const choice = choices[(byte[0] ?? 0) % choices.length] ?? 0;
  wipe(byte);
  return choice;
}
