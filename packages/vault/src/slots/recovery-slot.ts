/**
 * Slot R: the VMK under the recovery code, by HKDF alone, as 130 random bits need no slow
 * derivation. It opens without the device key.
 */
import { hkdfSha256 } from "@hi-stranger/core/crypto/hkdf";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import { randomBytes, wipe } from "../secret-bytes.ts";
import { base64Text } from "../text/base64.ts";
import { keyByteLength } from "../vault-keys.ts";
import { VaultError } from "../vault-error.ts";
import { saltByteLength } from "./argon2-parameters.ts";
import { generateRecoveryCode, parseRecoveryCode } from "./recovery-code.ts";
import { type RecoverySlot, type SlotContext, unwrapVmk, wrapVmk } from "./slot.ts";

/** A slot for a fresh code, and the code as it is shown, once; the caller wipes it. */
export async function sealRecoverySlot(
  context: SlotContext,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<{ slot: RecoverySlot; code: Uint8Array<ArrayBuffer> }> {
  const code = generateRecoveryCode(context.fillRandom);
  const salt = randomBytes(context.fillRandom, saltByteLength);
  const key = await deriveKey(context, code, salt);
  const box = await wrapVmk(context, binding(salt), key, vmk);
  wipe(key);
  return { slot: { salt, ...box }, code };
}

/**
 * The VMK, which the caller wipes, or null when `code` isn't the one.
 *
 * @throws {VaultError} `mistyped_code` when the code's own check doesn't fit.
 */
export async function openRecoverySlot(
  context: SlotContext,
  slot: RecoverySlot,
  code: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const key = await deriveKey(context, code, slot.salt);
  const vmk = await unwrapVmk(context, binding(slot.salt), key, slot);
  wipe(key);
  return vmk;
}

async function deriveKey(
  { subtle }: SlotContext,
  code: Uint8Array,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const values = parseRecoveryCode(code);
  if (!values) throw new VaultError("mistyped_code");
  const info = lengthPrefixed("hs/vault/slot-r/v1");
  const key = await hkdfSha256(subtle, { key: values, salt, info, byteLength: keyByteLength });
  wipe(values);
  return key;
}

function binding(salt: Uint8Array): { letter: "R"; canonicalKdf: string } {
  return { letter: "R", canonicalKdf: `$hkdf-sha256$${base64Text(salt)}` };
}
