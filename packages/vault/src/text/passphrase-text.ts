/** The bytes of a passphrase that go into its key derivation. */
import { copySecret, wipe } from "../secret-bytes.ts";
import { normalizeNfkc } from "./nfkc.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

/** Longest passphrase that is taken, in bytes as typed. */
export const maxPassphraseBytes = 1024;

/**
 * NFKC of the UTF-8 text `typed`, otherwise unchanged, as UTF-8; the caller wipes it. Null when it
 * is longer than {@link maxPassphraseBytes} or no UTF-8.
 */
export function normalizePassphrase(typed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (typed.length > maxPassphraseBytes) return null;
  if (typed.every((byte) => byte < 0x80)) return copySecret(typed);
  const codePoints = decodeUtf8(typed);
  if (!codePoints) return null;
  const normalized = normalizeNfkc(codePoints);
  const bytes = encodeUtf8(normalized);
  wipe(codePoints, normalized);
  return bytes;
}
