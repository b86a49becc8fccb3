/** The handling of byte strings that must not outlive their use. */
import type { FillRandom } from "@hi-stranger/core/codec/ids";

/** Overwrites secrets with zeros. */
export function wipe(...secrets: readonly (Uint8Array | null | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}

/** `byteLength` fresh random bytes. */
export function randomBytes(fillRandom: FillRandom, byteLength: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength);
  fillRandom(bytes);
  return bytes;
}

/** The parts one after the other. Whoever asked wipes the result, if it needs to be. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
