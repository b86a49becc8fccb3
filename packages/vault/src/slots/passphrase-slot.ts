/**
 * Slot P: the VMK under the passphrase.
 *
 * One run of Argon2id gives 32 bytes, of which HKDF makes two branches: the key of the slot, and a
 * verifier, which stands as the hash in `users.encrypted_passphrase`. The verifier tells nothing of
 * the key.
 */
import { hkdfSha256 } from "@hi-stranger/core/crypto/hkdf";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import { randomBytes, wipe } from "../secret-bytes.ts";
import { normalizePassphrase } from "../text/passphrase-text.ts";
import { keyByteLength } from "../vault-keys.ts";
import {
  type Argon2Parameters,
  canonicalArgon2,
  deriveArgon2,
  saltByteLength,
  toPhc,
} from "./argon2-parameters.ts";
import { type PassphraseSlot, type SlotContext, unwrapVmk, wrapVmk } from "./slot.ts";

/** Cost without a salt. */
export type Argon2Cost = Omit<Argon2Parameters, "salt">;

/** What a passphrase is derived with at the least. */
export const passphraseCost: Argon2Cost = { memoryKib: 64 * 1024, passes: 1, parallelism: 1 };

export interface SealedPassphrase {
  readonly slot: PassphraseSlot;
  /** A PHC string, for `users.encrypted_passphrase`. */
  readonly phc: string;
}

/** Seals `vmk` under `passphrase`, which has been checked and is wiped by the caller. */
export async function sealPassphraseSlot(
  context: SlotContext,
  { passphrase, vmk, cost }: PassphraseInput,
): Promise<SealedPassphrase> {
  const kdf = { ...cost, salt: randomBytes(context.fillRandom, saltByteLength) };
  const normalized = normalizePassphrase(passphrase);
  if (!normalized) throw new TypeError("the passphrase was not checked");
  const branches = await deriveBranches(context, normalized, kdf).finally(() => wipe(normalized));
  const box = await wrapVmk(context, binding(kdf), branches.key, vmk);
  wipe(branches.key);
  return { slot: { kdf, ...box }, phc: toPhc(kdf, branches.verifier) };
}

export interface PassphraseInput {
  readonly passphrase: Uint8Array;
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly cost: Argon2Cost;
}

/**
 * The VMK, which the caller wipes, and the PHC string that belongs to the passphrase. Null when it
 * isn't the one.
 *
 * @throws {VaultError} `hostile_parameters`, before anything is derived.
 */
export async function openPassphraseSlot(
  context: SlotContext,
  slot: PassphraseSlot,
  passphrase: Uint8Array,
): Promise<{ vmk: Uint8Array<ArrayBuffer>; phc: string } | null> {
  // What can't be a passphrase takes as long as what can.
  const normalized = normalizePassphrase(passphrase) ?? new Uint8Array(0);
  const branches = await deriveBranches(context, normalized, slot.kdf).finally(() =>
    wipe(normalized),
  );
  const vmk = await unwrapVmk(context, binding(slot.kdf), branches.key, slot);
  wipe(branches.key);
  return vmk && { vmk, phc: toPhc(slot.kdf, branches.verifier) };
}

async function deriveBranches(
  { subtle, argon2id }: SlotContext,
  normalized: Uint8Array,
  kdf: Argon2Parameters,
): Promise<{ key: Uint8Array<ArrayBuffer>; verifier: Uint8Array<ArrayBuffer> }> {
  const root = await deriveArgon2(argon2id, normalized, kdf);
  const branch = async (label: string): Promise<Uint8Array<ArrayBuffer>> =>
    hkdfSha256(subtle, {
      key: root,
      salt: kdf.salt,
      info: lengthPrefixed(label),
      byteLength: keyByteLength,
    });
  const key = await branch("hs/vault/slot-p/v1");
  const verifier = await branch("hs/vault/verifier/v1");
  wipe(root);
  return { key, verifier };
}

function binding(kdf: Argon2Parameters): { letter: "P"; canonicalKdf: string } {
  return { letter: "P", canonicalKdf: canonicalArgon2(kdf) };
}
