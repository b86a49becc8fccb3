/**
 * What stands in the clear at the start of a bundle:
 *
 *     offset  bytes
 *          0      8  magic "HSBUNDL1"
 *          8      4  format version, 1
 *         12      4  length of the JSON, 4,080 at the most
 *         16         JSON: {"vault_id", "created_at", "salt", "slots": {"p", "r", "q": null}}
 *
 * Slots P and R are those of the vault it came from, so its passphrase and its recovery code at the
 * time open the bundle. The key of the stream that follows is HKDF of the vault's backup key with the
 * salt and, in the info, all of this: nothing of it can be another.
 */
import { toInstant } from "@hi-stranger/core/clock";
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { hkdfSha256 } from "@hi-stranger/core/crypto/hkdf";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import { jsonToSlots, slotsToJson } from "../header/slots-json.ts";
import { ShapeError, bytesOf, objectWith, textOf } from "../header/strict-json.ts";
import { wipe } from "../secret-bytes.ts";
import type { Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { deriveVaultKey, keyByteLength, vaultIdByteLength } from "../vault-keys.ts";

export const prefixByteLength = 16;
const maxJsonByteLength = 4080;
export const bundleSaltByteLength = 32;
const magic = new TextEncoder().encode("HSBUNDL1");
const formatVersion = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export interface BundleHeader {
  readonly vaultId: Uint8Array<ArrayBuffer>;
  readonly createdAt: string;
  /** 32 bytes. */
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly slots: Slots;
}

/** The header as it stands in the file. Slot Q stays behind, as it opens on its device alone. */
export function encodeBundleHeader(
  header: Omit<BundleHeader, "createdAt"> & { readonly createdAtMs: number },
): Uint8Array<ArrayBuffer> {
  const json = encoder.encode(
    JSON.stringify({
      vault_id: toBase64Url(header.vaultId),
      created_at: toInstant(header.createdAtMs),
      salt: toBase64Url(header.salt),
      slots: slotsToJson({ ...header.slots, questions: null }),
    }),
  );
  const bytes = new Uint8Array(prefixByteLength + json.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic, 0);
  view.setUint32(8, formatVersion);
  view.setUint32(12, json.length);
  bytes.set(json, prefixByteLength);
  return bytes;
}

/**
 * How many bytes the whole header has, from its first 16.
 *
 * @throws {VaultError} `invalid_bundle`, `newer_version`.
 */
export function bundleHeaderLength(prefix: Uint8Array<ArrayBuffer>): number {
  const isBundle =
    prefix.length === prefixByteLength && equalBytes(prefix.subarray(0, magic.length), magic);
  if (!isBundle) throw new VaultError("invalid_bundle");
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  if (view.getUint32(8) > formatVersion) throw new VaultError("newer_version");
  const jsonLength = view.getUint32(12);
  if (view.getUint32(8) !== formatVersion || jsonLength > maxJsonByteLength) {
    throw new VaultError("invalid_bundle");
  }
  return prefixByteLength + jsonLength;
}

/** @throws {VaultError} `invalid_bundle`, `newer_version`, `hostile_parameters`. */
export function decodeBundleHeader(bytes: Uint8Array): BundleHeader {
  try {
    const text = decoder.decode(bytes.subarray(prefixByteLength));
    const json = objectWith(JSON.parse(text), ["vault_id", "created_at", "salt", "slots"]);
    return {
      vaultId: bytesOf(json.vault_id, vaultIdByteLength),
      createdAt: textOf(json.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      salt: bytesOf(json.salt, bundleSaltByteLength),
      slots: jsonToSlots(json.slots),
    };
  } catch (cause) {
    const isMisshapen =
      cause instanceof ShapeError || cause instanceof SyntaxError || cause instanceof TypeError;
    throw isMisshapen ? new VaultError("invalid_bundle", { cause }) : cause;
  }
}

/** The key of the stream after the header `bytes`; the caller wipes it. */
export async function deriveBundleKey(
  subtle: SubtleCrypto,
  vmk: Uint8Array<ArrayBuffer>,
  { vaultId, salt }: Pick<BundleHeader, "vaultId" | "salt">,
  bytes: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const backupKey = await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/backup/v1");
  const info = lengthPrefixed("hs/vault/bundle/v1", bytes);
  const key = await hkdfSha256(subtle, { key: backupKey, salt, info, byteLength: keyByteLength });
  wipe(backupKey);
  return key;
}
