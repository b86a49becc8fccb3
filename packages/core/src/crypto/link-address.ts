/**
 * The address that a sign-in link was sent to, as it waits in the database for the link to be used:
 *
 *     ml1.<base64url(ciphertext 256 ‖ tag 16)>
 *
 * HKDF-SHA-256(token, no salt, LP("hs/link-address/v1", environment)) gives key 32 ‖ IV 12. The
 * database has a hash of the token alone, so it can't be read there, and a token is used once, so
 * neither is its key. AES-256-GCM over the address's length, one byte, the address and zeros: every
 * address is as long as any other.
 */
import { fromBase64Url, toBase64Url } from "../codec/bytes.ts";
import { gcmIvByteLength, gcmKeyByteLength, openGcm, sealGcm } from "./aes-gcm.ts";
import { hkdfSha256 } from "./hkdf.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";

export const linkTokenByteLength = 32;
const prefix = "ml1.";
const paddedByteLength = 256;
const encoder = new TextEncoder();

export interface LinkAddressKey {
  /** Such as `production`: a link of one is none of another. */
  readonly environment: string;
  /** The link's 32 random bytes, never used for another address; the caller wipes them. */
  readonly token: Uint8Array<ArrayBuffer>;
}

/** Encrypts a normalised address. @throws {RangeError} when it is longer than 255 bytes. */
export async function sealLinkAddress(
  subtle: SubtleCrypto,
  linkKey: LinkAddressKey,
  address: string,
): Promise<string> {
  const bytes = encoder.encode(address);
  if (bytes.length >= paddedByteLength)
    throw new RangeError(`an address has ${paddedByteLength - 1} bytes at most`);
  const padded = new Uint8Array(paddedByteLength);
  padded[0] = bytes.length;
  padded.set(bytes, 1);
  const input = await deriveInput(subtle, linkKey);
  const sealed = await sealGcm(subtle, input, padded);
  input.key.fill(0);
  padded.fill(0);
  return prefix + toBase64Url(sealed);
}

/** The address, or null when it was sealed for another token or environment, or changed. */
export async function openLinkAddress(
  subtle: SubtleCrypto,
  linkKey: LinkAddressKey,
  sealed: string,
): Promise<string | null> {
  const bytes = sealed.startsWith(prefix) ? fromBase64Url(sealed.slice(prefix.length)) : null;
  if (!bytes) return null;
  const input = await deriveInput(subtle, linkKey);
  const padded = await openGcm(subtle, input, bytes);
  input.key.fill(0);
  if (!padded) return null;
  return new TextDecoder().decode(padded.subarray(1, 1 + (padded[0] ?? 0)));
}

async function deriveInput(subtle: SubtleCrypto, { environment, token }: LinkAddressKey) {
  const info = lengthPrefixed(keyLabels.linkAddress, environment);
  const byteLength = gcmKeyByteLength + gcmIvByteLength;
  const bytes = await hkdfSha256(subtle, { key: token, salt: new Uint8Array(), info, byteLength });
  return {
    key: bytes.subarray(0, gcmKeyByteLength),
    iv: bytes.subarray(gcmKeyByteLength),
    additionalData: info,
  };
}
