/**
 * The recovery code: 26 characters of Crockford base32, 130 random bits, and a check of two
 * characters, written in seven groups of four: `7Q2K-…-…`.
 *
 * The check is the sum of each character times 2^(its place + 1), modulo 1021, in two characters. It
 * is sure to show one wrong character, or two that changed places, before anything is derived. It
 * is computed from the code alone and kept nowhere, so it tells nothing about the vault.
 *
 * Read without regard to case, spaces and hyphens, with O as 0 and I or L as 1. Everything is ASCII
 * bytes, which can be wiped.
 */
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import { copySecret, randomBytes, secretBytes, wipe } from "../secret-bytes.ts";

const alphabet = new TextEncoder().encode("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
const dataLength = 26;
const checkLength = 2;
const groupLength = 4;
/** A prime below 1,024 of which 2 is no root of a short order, so all weights differ. */
const modulus = 1021;
const hyphen = 0x2d;
const space = 0x20;

/** A fresh code as it is shown; the caller wipes it. */
export function generateRecoveryCode(fillRandom: FillRandom): Uint8Array<ArrayBuffer> {
  const values = randomBytes(fillRandom, dataLength);
  for (let index = 0; index < dataLength; index++) values[index] = (values[index] ?? 0) & 31;
  const code = formatCode(values);
  wipe(values);
  return code;
}

/**
 * The 26 values, 0 to 31 each, of a code as typed; the caller wipes them. Null when it isn't a code
 * or its check doesn't fit.
 */
export function parseRecoveryCode(typed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const values = secretBytes(dataLength + checkLength);
  let length = 0;
  for (const byte of typed) {
    if (byte === hyphen || byte === space) continue;
    const value = valueOf(byte);
    if (value === -1 || length === values.length) {
      wipe(values);
      return null;
    }
    values[length++] = value;
  }
  const data = copySecret(values, dataLength);
  const check = (values[dataLength] ?? 0) * 32 + (values[dataLength + 1] ?? 0);
  const isWhole = length === values.length && check === checkOf(data);
  wipe(values);
  if (isWhole) return data;
  wipe(data);
  return null;
}

function formatCode(values: Uint8Array): Uint8Array<ArrayBuffer> {
  const check = checkOf(values);
  const groupCount = (dataLength + checkLength) / groupLength;
  const code = secretBytes(dataLength + checkLength + groupCount - 1).fill(hyphen);
  for (let index = 0; index < dataLength + checkLength; index++) {
    const value =
      index < dataLength ? (values[index] ?? 0) : index === dataLength ? check >> 5 : check & 31;
    code[index + Math.floor(index / groupLength)] = alphabet[value] ?? 0;
  }
  return code;
}

function checkOf(values: Uint8Array): number {
  let sum = 0;
  let weight = 1;
  for (const value of values) {
    weight = (weight * 2) % modulus;
    sum = (sum + value * weight) % modulus;
  }
  return sum;
}

function valueOf(byte: number): number {
  const isLower = byte >= 0x61 && byte <= 0x7a;
  const upper = isLower ? byte - 0x20 : byte;
  if (upper === 0x4f) return 0;
  if (upper === 0x49 || upper === 0x4c) return 1;
  return alphabet.indexOf(upper);
}
