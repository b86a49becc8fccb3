/**
 * The keys below the vault master key (VMK, 256 random bits): each is HKDF-SHA-256 of the VMK with
 * the vault's id as salt and a label of its own as info, so that none tells anything of another.
 */
import { hkdfSha256 } from "@hi-stranger/core/crypto/hkdf";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import type { DeviceKey } from "./ports.ts";

export const keyByteLength = 32;
export const vaultIdByteLength = 16;

export type VaultKeyLabel = "hs/vault/page/v1" | "hs/vault/header-mac/v1" | "hs/vault/backup/v1";

/** A key of 32 bytes from the VMK; the caller wipes it. */
export async function deriveVaultKey(
  subtle: SubtleCrypto,
  vmk: Uint8Array<ArrayBuffer>,
  vaultId: Uint8Array<ArrayBuffer>,
  label: VaultKeyLabel,
): Promise<Uint8Array<ArrayBuffer>> {
  return hkdfSha256(subtle, {
    key: vmk,
    salt: vaultId,
    info: lengthPrefixed(label),
    byteLength: keyByteLength,
  });
}

/** A key of 32 bytes from the device key: for `auth.db`, or for the slot of the questions. */
export async function deriveFromDevice(
  deviceKey: DeviceKey,
  label: "hs/vault/auth/v1" | "hs/vault/slot-q-device/v1",
  vaultId: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return deviceKey.derive(lengthPrefixed(label, vaultId), keyByteLength);
}
