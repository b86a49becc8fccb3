/**
 * A subject's data key (DEK), and its wrap: what the database keeps of it.
 *
 * The wrapping key comes from a KEK of the keyring and the subject's share, 32 random bytes kept
 * apart from every database and backup: HKDF-SHA-256(KEK, salt = share, info = LP(label,
 * environment, KEK version, subject, class)). So deleting the share voids every copy of the wrap at
 * once. The wrap is AES-256-GCM, bound to LP(DEK id, DEK version, subject, class, KEK version), and
 * written as `hw1.` and base64url(iv 12 ‖ ciphertext 32 ‖ tag 16).
 */
import { fromBase64Url, toBase64Url } from "../codec/bytes.ts";
import type { FillRandom } from "../codec/ids.ts";
import {
  gcmIvByteLength,
  gcmKeyByteLength,
  gcmTagByteLength,
  importGcmKey,
  openGcm,
  sealGcm,
} from "./aes-gcm.ts";
import { deriveBytes, importHkdfKey } from "./hkdf.ts";
import { type Keyring, rootKey } from "./keyring.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";

/** What a data key is for: personal data of a person; words or media of an author in a chat. */
export type DataKeyClass = "pii" | "message" | "media";

export const shareByteLength = 32;
export const dataKeyByteLength = 32;
export const commitmentByteLength = 32;
const prefix = "hw1.";
const fieldKeyDerivation = {
  hash: "SHA-512",
  salt: new Uint8Array(0),
  info: lengthPrefixed(keyLabels.dataKeyFields),
  byteLength: gcmKeyByteLength + commitmentByteLength,
} as const;
const wrapByteLength = gcmIvByteLength + dataKeyByteLength + gcmTagByteLength;

/** Everything that a wrap is bound to. */
export interface WrapContext {
  /** Such as `production`: a wrap doesn't open anywhere else. */
  readonly environment: string;
  readonly dekId: string;
  readonly dekVersion: number;
  /** A person, or a chat and an author. */
  readonly subjectId: string;
  readonly class: DataKeyClass;
  readonly kekVersion: number;
}

/** A data key in use. What it holds can be used and not read. */
export interface DataKey {
  readonly dekId: string;
  readonly version: number;
  /** For HKDF: each field of suite `hs1` derives its key from it. */
  readonly base: CryptoKey;
  /** For AES-GCM: all fields of suite `hs2`. */
  readonly fieldKey: CryptoKey;
  /** What tells that {@link fieldKey} and no other opens a field: 32 bytes, not secret. */
  readonly commitment: Uint8Array<ArrayBuffer>;
}

interface Wrapping {
  readonly subtle: SubtleCrypto;
  readonly keyring: Keyring;
  /** 32 bytes. */
  readonly share: Uint8Array<ArrayBuffer>;
  readonly context: WrapContext;
}

/** Wraps the 32 bytes of `dek`, which the caller wipes. @throws {KeyringError} without that KEK. */
export async function wrapDataKey(
  wrapping: Wrapping,
  dek: Uint8Array<ArrayBuffer>,
  fillRandom: FillRandom,
): Promise<string> {
  const { subtle, context } = wrapping;
  const iv = new Uint8Array(gcmIvByteLength);
  fillRandom(iv);
  const key = await wrappingKey(wrapping);
  const sealed = await sealGcm(subtle, { key, iv, additionalData: boundTo(context) }, dek);
  key.fill(0);
  const bytes = new Uint8Array(wrapByteLength);
  bytes.set(iv);
  bytes.set(sealed, iv.length);
  return prefix + toBase64Url(bytes);
}

/**
 * The 32 bytes of the key in `wrapped`, to be wiped by the caller; null when it isn't a wrap, was
 * made for another context or share, or was changed. @throws {KeyringError} without that KEK.
 */
export async function unwrapDataKey(
  wrapping: Wrapping,
  wrapped: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = wrapped.startsWith(prefix) ? fromBase64Url(wrapped.slice(prefix.length)) : null;
  if (bytes?.length !== wrapByteLength) return null;
  const key = await wrappingKey(wrapping);
  const iv = bytes.slice(0, gcmIvByteLength);
  const input = { key, iv, additionalData: boundTo(wrapping.context) };
  const dek = await openGcm(wrapping.subtle, input, bytes.slice(gcmIvByteLength));
  key.fill(0);
  return dek;
}

/** Takes the bytes of a data key into use, and wipes them. */
export async function importDataKey(
  subtle: SubtleCrypto,
  { dekId, dekVersion }: Pick<WrapContext, "dekId" | "dekVersion">,
  dek: Uint8Array<ArrayBuffer>,
): Promise<DataKey> {
  const base = await importHkdfKey(subtle, dek);
  dek.fill(0);
  const bytes = await deriveBytes(subtle, base, fieldKeyDerivation);
  const commitment = bytes.slice(gcmKeyByteLength);
  const fieldKey = await importGcmKey(subtle, bytes.subarray(0, gcmKeyByteLength));
  bytes.fill(0);
  return { dekId, version: dekVersion, base, fieldKey, commitment };
}

async function wrappingKey({ subtle, keyring, share, context }: Wrapping) {
  const { environment, kekVersion, subjectId } = context;
  return deriveBytes(subtle, await rootKey(subtle, keyring, "kek", kekVersion), {
    hash: "SHA-256",
    salt: share,
    info: lengthPrefixed(keyLabels.wrap, environment, `${kekVersion}`, subjectId, context.class),
    byteLength: 32,
  });
}

function boundTo({ dekId, dekVersion, subjectId, class: dataClass, kekVersion }: WrapContext) {
  return lengthPrefixed(dekId, `${dekVersion}`, subjectId, dataClass, `${kekVersion}`);
}
