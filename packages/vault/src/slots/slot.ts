/**
 * A slot holds the vault master key, sealed with AES-256-GCM under a key that one secret gives.
 *
 * Three kinds, by the letter they are bound to: P the passphrase, R the recovery code, Q the answers
 * to the questions. What a slot is bound to besides: the vault's id, the slot's version, and the
 * parameters of its key derivation in their one spelling. So no slot opens elsewhere, or with other
 * parameters.
 */
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import type { Argon2id } from "../ports.ts";
import {
  gcmIvByteLength,
  openGcm,
  sealGcm,
  gcmTagByteLength,
} from "@hi-stranger/core/crypto/aes-gcm";
import { randomBytes } from "../secret-bytes.ts";
import { keyByteLength } from "../vault-keys.ts";
import type { Argon2Parameters } from "./argon2-parameters.ts";

export type SlotLetter = "P" | "R" | "Q";

export const slotVersion = 1;
export const wrappedByteLength = keyByteLength + gcmTagByteLength;

/** The sealed VMK. */
export interface WrappedKey {
  /** 12 bytes. */
  readonly iv: Uint8Array<ArrayBuffer>;
  /** 48 bytes: the ciphertext and the tag. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

export interface PassphraseSlot extends WrappedKey {
  readonly kdf: Argon2Parameters;
}

export interface RecoverySlot extends WrappedKey {
  /** 16 bytes. */
  readonly salt: Uint8Array<ArrayBuffer>;
}

export interface QuestionsSlot extends WrappedKey {
  /** 16 bytes. */
  readonly salt: Uint8Array<ArrayBuffer>;
  /** Names the rows of `security_questions` that belong to this slot: 32 hexadecimal digits. */
  readonly setId: string;
  /** How many answers there are, 2 to 8. */
  readonly count: number;
  /** How many of them must be right, 2 to `count`. */
  readonly threshold: number;
}

export interface Slots {
  readonly passphrase: PassphraseSlot;
  /** Null when the person wanted no recovery code. */
  readonly recovery: RecoverySlot | null;
  /** Null when there are no questions. */
  readonly questions: QuestionsSlot | null;
}

/** What sealing and opening slots takes. */
export interface SlotContext {
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
  readonly argon2id: Argon2id;
  /** 16 bytes. */
  readonly vaultId: Uint8Array<ArrayBuffer>;
}

interface SlotBinding {
  readonly letter: SlotLetter;
  /** The key derivation's parameters in their one spelling. */
  readonly canonicalKdf: string;
}

/** Seals the VMK under `key`, with a fresh IV. */
export async function wrapVmk(
  { subtle, fillRandom, vaultId }: SlotContext,
  binding: SlotBinding,
  key: Uint8Array<ArrayBuffer>,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<WrappedKey> {
  const iv = randomBytes(fillRandom, gcmIvByteLength);
  const additionalData = boundData(vaultId, binding);
  return { iv, wrapped: await sealGcm(subtle, { key, iv, additionalData }, vmk) };
}

/** The VMK, or null when `key` isn't the one or the slot isn't as it was written. */
export async function unwrapVmk(
  { subtle, vaultId }: SlotContext,
  binding: SlotBinding,
  key: Uint8Array<ArrayBuffer>,
  { iv, wrapped }: WrappedKey,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return openGcm(subtle, { key, iv, additionalData: boundData(vaultId, binding) }, wrapped);
}

function boundData(
  vaultId: Uint8Array,
  { letter, canonicalKdf }: SlotBinding,
): Uint8Array<ArrayBuffer> {
  return lengthPrefixed("hs/vault/slot/v1", vaultId, letter, String(slotVersion), canonicalKdf);
}
