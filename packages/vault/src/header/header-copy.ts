/**
 * One copy of the header, 4,096 bytes:
 *
 *     offset  bytes
 *          0      8  magic "HSVAULT1"
 *          8      4  format version, 1
 *         12      8  generation: each change writes a greater one
 *         20      4  length of the payload
 *         24         payload (`header-payload.ts`), then zeros
 *       4032     32  SHA-256 of bytes 0 to 4031: against damage, checked before anything is opened
 *       4064     32  HMAC-SHA-256 of bytes 0 to 4063 under the header MAC key: against change, checked
 *                    once the vault master key is there
 *
 * Numbers have their most significant byte first. Every later version keeps magic, version and
 * SHA-256 in their places, so that an earlier program can tell a later version from damage.
 */
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { VaultError } from "../vault-error.ts";
import { type HeaderPayload, decodePayload, encodePayload } from "./header-payload.ts";
import { ShapeError } from "./strict-json.ts";

export const copyByteLength = 4096;
const magic = new TextEncoder().encode("HSVAULT1");
const formatVersion = 1;
const payloadOffset = 24;
const checksumOffset = 4032;
const macOffset = 4064;
const hashByteLength = 32;

/** What a copy turned out to be. */
export type HeaderCopy =
  | WholeCopy
  /** Whole, but of a later version, or with parameters out of bounds. */
  | { readonly kind: "refused"; readonly error: VaultError }
  | { readonly kind: "damaged" };

export interface WholeCopy {
  readonly kind: "whole";
  readonly generation: number;
  readonly payload: HeaderPayload;
  /** The copy's bytes, for {@link isAuthentic}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A copy with its checksum and MAC. `macKey` is 32 bytes, wiped by the caller. */
export async function encodeHeaderCopy(
  subtle: SubtleCrypto,
  macKey: Uint8Array<ArrayBuffer>,
  generation: number,
  payload: HeaderPayload,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoded = encodePayload(payload);
  if (payloadOffset + encoded.length > checksumOffset) throw new RangeError("payload too long");
  const bytes = new Uint8Array(copyByteLength);
  const view = new DataView(bytes.buffer);
  bytes.set(magic, 0);
  view.setUint32(8, formatVersion);
  view.setBigUint64(12, BigInt(generation));
  view.setUint32(20, encoded.length);
  bytes.set(encoded, payloadOffset);
  bytes.set(await sha256(subtle, bytes.subarray(0, checksumOffset)), checksumOffset);
  const key = await importMacKey(subtle, macKey, "sign");
  bytes.set(
    new Uint8Array(await subtle.sign("HMAC", key, bytes.subarray(0, macOffset))),
    macOffset,
  );
  return bytes;
}

/** Reads a copy, without the MAC. Never throws for what is in `bytes`. */
export async function decodeHeaderCopy(
  subtle: SubtleCrypto,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<HeaderCopy> {
  if (bytes.length !== copyByteLength || !equalBytes(bytes.subarray(0, magic.length), magic)) {
    return { kind: "damaged" };
  }
  const checksum = bytes.subarray(checksumOffset, checksumOffset + hashByteLength);
  const isWhole = equalBytes(await sha256(subtle, bytes.subarray(0, checksumOffset)), checksum);
  if (!isWhole) return { kind: "damaged" };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(8) > formatVersion) {
    return { kind: "refused", error: new VaultError("newer_version") };
  }
  try {
    return decodeWhole(bytes, view);
  } catch (error) {
    if (error instanceof ShapeError) return { kind: "damaged" };
    if (error instanceof VaultError) return { kind: "refused", error };
    throw error;
  }
}

/** Whether a copy was written by someone who had the vault master key. */
export async function isAuthentic(
  subtle: SubtleCrypto,
  macKey: Uint8Array<ArrayBuffer>,
  { bytes }: WholeCopy,
): Promise<boolean> {
  const key = await importMacKey(subtle, macKey, "verify");
  return subtle.verify("HMAC", key, bytes.subarray(macOffset), bytes.subarray(0, macOffset));
}

function decodeWhole(bytes: Uint8Array<ArrayBuffer>, view: DataView): WholeCopy {
  const generation = view.getBigUint64(12);
  const payloadEnd = payloadOffset + view.getUint32(20);
  const isWithin = payloadEnd <= checksumOffset && generation <= Number.MAX_SAFE_INTEGER;
  const hasVersion = view.getUint32(8) === formatVersion;
  if (!isWithin || !hasVersion) throw new ShapeError("out of bounds");
  if (bytes.subarray(payloadEnd, checksumOffset).some((byte) => byte !== 0)) {
    throw new ShapeError("something after the payload");
  }
  const payload = decodePayload(bytes.subarray(payloadOffset, payloadEnd));
  return { kind: "whole", generation: Number(generation), payload, bytes };
}

async function sha256(
  subtle: SubtleCrypto,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.digest("SHA-256", bytes));
}

async function importMacKey(
  subtle: SubtleCrypto,
  macKey: Uint8Array<ArrayBuffer>,
  usage: "sign" | "verify",
): Promise<CryptoKey> {
  return subtle.importKey("raw", macKey, { name: "HMAC", hash: "SHA-256" }, false, [usage]);
}
