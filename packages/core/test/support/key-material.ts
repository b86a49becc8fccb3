/** Fixed keys and a counting source of "random" bytes, for known answers. */
import type { FillRandom } from "../../src/codec/ids.ts";
import { type Keyring, keyPurposes, readKeyring } from "../../src/crypto/keyring.ts";
import { Redacted } from "../../src/crypto/redacted.ts";
import { toBase64Url } from "../../src/codec/bytes.ts";

/** `length` bytes that count up from `start`. */
export function countingBytes(length: number, start = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => start + index);
}

export function countingRandom(start: number): FillRandom {
  return (bytes) => {
    bytes.set(countingBytes(bytes.length, start));
  };
}

const startsByPurpose = { kek: 0x80, index: 0xe0, audit: 0x10, session: 0x20, suppression: 0x30 };

/** The document of a keyring with one version of everything. */
export function keyringDocument(): Record<string, Record<string, unknown>> {
  const roots = keyPurposes.map((purpose) => [
    purpose,
    { 1: toBase64Url(countingBytes(32, startsByPurpose[purpose])) },
  ]);
  const active = Object.fromEntries(keyPurposes.map((purpose) => [purpose, 1]));
  return { ...Object.fromEntries(roots), active };
}

export function keyringOf(document: unknown): Keyring {
  return readKeyring(new Redacted(JSON.stringify(document)));
}
