/**
 * Ids of demo personas: like those of `core/codec/ids`, 48 bits of milliseconds and then 80 bits,
 * but from a repeatable sequence.
 */
import type { Random } from "./random.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const pairs = Array.from(
  { length: 1024 },
  (_, bits) => `${alphabet[bits >> 5]}${alphabet[bits & 31]}`,
);

/** The id of a persona made at `epochMs`. Ids of different milliseconds sort by them. */
export function toDemoId(epochMs: number, random: Random): string {
  return `usr_${timeDigits(epochMs)}${randomDigits(random)}`;
}

/** Ten characters for 48 bits, with two zero bits before them. */
function timeDigits(epochMs: number): string {
  const high = Math.floor(epochMs / 0x4000_0000);
  const low = epochMs % 0x4000_0000;
  return pair(high >>> 10) + pair(high) + pair(low >>> 20) + pair(low >>> 10) + pair(low);
}

/** Sixteen characters for 80 bits. */
function randomDigits(random: Random): string {
  let digits = "";
  for (let draw = 0; draw < 4; draw++) {
    const bits = random.next();
    digits += pair(bits >>> 10) + pair(bits >>> 20);
  }
  return digits;
}

function pair(bits: number): string {
  return pairs[bits & 1023] as string;
}
