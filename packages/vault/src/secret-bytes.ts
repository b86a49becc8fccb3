/**
 * The handling of byte strings that must not outlive their use.
 *
 * A small typed array lives in the engine's own heap, where the garbage collector moves it and
 * leaves what it held behind, out of reach. One over a buffer of its own stays where it is, so that
 * wiping it wipes it: secrets are made here, and not by `slice`, `map` or `Uint8Array.from`.
 */
import type { FillRandom } from "@hi-stranger/core/codec/ids";

/** Zeros, in memory that nothing moves. */
export function secretBytes(byteLength: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(byteLength));
}

/** As {@link secretBytes}, for code points. */
export function secretCodePoints(length: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(new ArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** A copy of `bytes`, or of the first `length` of them; both have to be wiped. */
export function copySecret(
  bytes: ArrayLike<number>,
  length = bytes.length,
): Uint8Array<ArrayBuffer> {
  const copy = secretBytes(length);
  for (let index = 0; index < length; index++) copy[index] = bytes[index] ?? 0;
  return copy;
}

/** Overwrites secrets with zeros. */
export function wipe(...secrets: readonly (Uint8Array | Uint32Array | null | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}

/** `byteLength` fresh random bytes. */
export function randomBytes(fillRandom: FillRandom, byteLength: number): Uint8Array<ArrayBuffer> {
  const bytes = secretBytes(byteLength);
  fillRandom(bytes);
  return bytes;
}

/** The parts one after the other. Whoever asked wipes the result, if it needs to be. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = secretBytes(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
