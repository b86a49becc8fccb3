/**
 * Ids: a prefix for the kind, then 26 lower-case Crockford base32 characters.
 *
 * The 128 bits behind them are laid out like a UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix
 * milliseconds, then random bits, so ids sort by the time they were made and bulk inserts append
 * to an index. Within one millisecond a generator counts up, so its ids never go backwards.
 */
import { type Clock } from "../clock.ts";

/** The kinds of record that carry an id, by prefix. */
export type IdPrefix =
  "usr" | "psn" | "cht" | "msg" | "imp" | "att" | "dek" | "evt" | "tok" | "con" | "sgn" | "rot";

export type Id<Prefix extends IdPrefix> = `${Prefix}_${string}`;

/** Fills an array with random bytes; `crypto.getRandomValues` in production. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const idByteLength = 16;
const counterByteOffset = 6;

/** Fills from the platform's cryptographic generator. */
export const platformRandom: FillRandom = (bytes) => {
  crypto.getRandomValues(bytes);
};

/** Makes a source of ids. Its ids are unique, and each sorts after the one before. */
export function createIdSource(
  clock: Clock,
  fillRandom: FillRandom = platformRandom,
): <Prefix extends IdPrefix>(prefix: Prefix) => Id<Prefix> {
  const bytes = new Uint8Array(idByteLength);
  let lastMs = -1;
  return (prefix) => {
    const nowMs = clock.now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      fillRandom(bytes);
      writeUint48(bytes, nowMs);
      // The top bit of the counter starts at zero, so that it has room to count within the millisecond.
      bytes[counterByteOffset] = (bytes[counterByteOffset] ?? 0) & 0x7f;
    } else {
      increment(bytes);
    }
    return `${prefix}_${encodeBase32(bytes)}`;
  };
}

/** Whether `text` has the form of an id that {@link createIdSource} makes for `prefix`. */
export function isId<Prefix extends IdPrefix>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`) && /^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text);
}

function writeUint48(bytes: Uint8Array, value: number): void {
  let rest = value;
  for (let index = 5; index >= 0; index--) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Adds one to the big-endian number behind the timestamp; a carry runs on into the timestamp. */
function increment(bytes: Uint8Array): void {
  for (let index = bytes.length - 1; index >= 0; index--) {
    const next = ((bytes[index] ?? 0) + 1) & 0xff;
    bytes[index] = next;
    if (next !== 0) return;
  }
}

/** 128 bits as 26 characters, five bits each, most significant first, with two leading zero bits. */
function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 2;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      text += alphabet[(bits >>> bitCount) & 31];
    }
  }
  return text;
}
