/**
 * Passphrases that are tried first, by how they are made rather than one by one: the rules on
 * characters turn `password` into `Password1234` and `P@ssw0rd2026!`, which no list is long enough
 * for.
 *
 * A passphrase is common when, in lower case, with the usual digits and signs read as the letters
 * they stand for, and without what is around and between them, it is nothing but well-known words,
 * rows of a keyboard, runs of the alphabet, or a few characters repeated.
 */
import { copySecret, secretBytes, wipe } from "../secret-bytes.ts";

const encoder = new TextEncoder();

/** Words from the lists of leaked passwords, the ones that such passphrases are built of. */
const words = (
  "password passwort passphrase passwd pass word welcome willkommen hello hallo letmein let me in " +
  "login admin administrator root user guest master access secret secure security private login " +
  "qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm " +
  "yxcv yxcvbnm qazwsx qazwsxedc wsx edc qwe asd zxc abc abcd abcdef abcdefgh xyz " +
  "iloveyou i love you loveyou lovely love baby angel princess prince sunshine summer winter spring " +
  "autumn monday friday sunday january december october november september august football soccer " +
  "baseball basketball hockey dragon monkey shadow superman batman spiderman pokemon starwars star " +
  "wars trustno trust no one whatever freedom computer internet samsung google facebook microsoft " +
  "windows apple iphone changeme change me default test testing temp example demo sample correct " +
  "horse battery staple histranger hi stranger stranger my the this is new old your first last " +
  "michael jessica jennifer charlie jordan michelle daniel ashley thomas robert family mother money"
)
  .split(" ")
  .map((word) => encoder.encode(word));

const lettersByLookalike = new Map(
  ["0o", "1i", "3e", "4a", "5s", "7t", "@a", "$s", "!i", "+t"].map(([look = "", letter = ""]) => [
    look.charCodeAt(0),
    letter.charCodeAt(0),
  ]),
);

const minDistinct = 5;

/** Whether `passphrase`, normalised, is one of those. Other than ASCII is taken as uncommon. */
export function isCommonPassphrase(passphrase: Uint8Array): boolean {
  const lower = mapped(passphrase, toLower);
  const plain = lettersOf(lower);
  // `Passw0rd1234` reads as a word once its digits within are letters, and those after it aren't.
  const looked = mapped(lower, (byte) => lettersByLookalike.get(byte) ?? byte);
  const trimmed = trimNonLetters(lower);
  const disguised = lettersOf(looked.subarray(trimmed.start, trimmed.end));
  const isOther = lower.some((byte) => byte >= 0x80);
  const isCommon =
    new Set(lower).size < minDistinct ||
    (!isOther && (isMadeOfWords(plain) || isMadeOfWords(disguised)));
  wipe(lower, plain, looked, disguised);
  return isCommon;
}

/** Whether well-known words and runs, one after the other, make up all of `letters`. */
function isMadeOfWords(letters: Uint8Array): boolean {
  const isReached = new Uint8Array(letters.length + 1);
  isReached[0] = 1;
  for (let start = 0; start < letters.length; start++) {
    if (isReached[start] !== 1) continue;
    for (const word of words) {
      if (startsWith(letters, start, word)) isReached[start + word.length] = 1;
    }
    const runEnd = start + runLength(letters, start);
    if (runEnd - start >= 3) isReached[runEnd] = 1;
  }
  return isReached[letters.length] === 1;
}

/** How long the run from `start` is of which each letter is the one before, or the next after it. */
function runLength(letters: Uint8Array, start: number): number {
  const step = (letters[start + 1] ?? 0) - (letters[start] ?? 0);
  if (step !== 0 && step !== 1) return 1;
  let length = 2;
  while (
    start + length < letters.length &&
    (letters[start + length] ?? 0) - (letters[start + length - 1] ?? 0) === step
  ) {
    length++;
  }
  return length;
}

function startsWith(letters: Uint8Array, start: number, word: Uint8Array): boolean {
  if (start + word.length > letters.length) return false;
  return word.every((letter, index) => letters[start + index] === letter);
}

function trimNonLetters(bytes: Uint8Array): { start: number; end: number } {
  let start = 0;
  let end = bytes.length;
  while (start < end && !isLetter(bytes[start] ?? 0)) start++;
  while (end > start && !isLetter(bytes[end - 1] ?? 0)) end--;
  return { start, end };
}

function mapped(bytes: Uint8Array, toByte: (byte: number) => number): Uint8Array<ArrayBuffer> {
  const copy = copySecret(bytes);
  for (const [index, byte] of copy.entries()) copy[index] = toByte(byte);
  return copy;
}

function lettersOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const letters = secretBytes(bytes.length);
  let length = 0;
  for (const byte of bytes) if (isLetter(byte)) letters[length++] = byte;
  return letters.subarray(0, length);
}

function toLower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
