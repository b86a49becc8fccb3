/**
 * What never changes about a vault, once more behind the two copies, 92 bytes: when both copies are
 * damaged, it says which device key opens `auth.db`, where a third copy of the slots is.
 *
 *     offset  bytes
 *          0      8  magic "HSVAULTI"
 *          8      4  format version, 1
 *         12     16  vault id
 *         28     16  salt of auth.db
 *         44     16  salt of vault.db
 *         60     32  SHA-256 of bytes 0 to 59
 */
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import type { VaultIdentity } from "./header-payload.ts";

export const identityByteLength = 92;
const magic = new TextEncoder().encode("HSVAULTI");
const formatVersion = 1;
const checksumOffset = 60;

export async function encodeIdentity(
  subtle: SubtleCrypto,
  { vaultId, authSalt, vaultSalt }: VaultIdentity,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(identityByteLength);
  bytes.set(magic, 0);
  new DataView(bytes.buffer).setUint32(8, formatVersion);
  bytes.set(vaultId, 12);
  bytes.set(authSalt, 28);
  bytes.set(vaultSalt, 44);
  const checksum = await subtle.digest("SHA-256", bytes.subarray(0, checksumOffset));
  bytes.set(new Uint8Array(checksum), checksumOffset);
  return bytes;
}

/** The identity in `bytes`, or null when they are damaged. */
export async function decodeIdentity(
  subtle: SubtleCrypto,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<VaultIdentity | null> {
  if (bytes.length !== identityByteLength) return null;
  const checksum = await subtle.digest("SHA-256", bytes.subarray(0, checksumOffset));
  const isWhole =
    equalBytes(bytes.subarray(0, magic.length), magic) &&
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(8) === formatVersion &&
    equalBytes(new Uint8Array(checksum), bytes.subarray(checksumOffset));
  if (!isWhole) return null;
  return {
    vaultId: bytes.slice(12, 28),
    authSalt: bytes.slice(28, 44),
    vaultSalt: bytes.slice(44, 60),
  };
}
