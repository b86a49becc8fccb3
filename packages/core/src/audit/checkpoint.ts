/**
 * Checkpoints of the audit log: one a day (UTC), which says which entry is that day's last, signed
 * with a key that the database doesn't hold (`docs/audit.md`).
 *
 *     signature = Ed25519(key, LP("hs/audit-checkpoint/v1", environment, day, first seq, last seq, count, head hash, key version))
 *     key       = the seed HKDF-SHA-256(AUDIT root of the version, no salt, LP("hs/audit-checkpoint-key/v1", environment))
 *
 * Numbers are decimal digits, the head hash is 32 bytes. A day without an entry has a count of 0, a
 * `first_seq` one above its `last_seq`, and the last seq and hash of the day before.
 */
import { fromBase64Url, toBase64Url } from "../codec/bytes.ts";
import type { AuditCheckpoint } from "../contract/audit.ts";
import { type SigningKey, signEd25519, signingKeyOf, verifyEd25519 } from "../crypto/ed25519.ts";
import { deriveBytes } from "../crypto/hkdf.ts";
import { type Keyring, rootKey } from "../crypto/keyring.ts";
import { keyLabels } from "../crypto/labels.ts";
import { lengthPrefixed } from "../crypto/length-prefix.ts";
import { hashToBytes } from "./entry.ts";

export const dayMs = 24 * 60 * 60 * 1000;

/** What a checkpoint says. */
export type CheckpointContent = Omit<AuditCheckpoint, "signature">;

/** The day, in UTC, that a moment is in. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** When the day after `day` begins. */
export function endOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`) + dayMs;
}

/** The key that signs checkpoints, of one version of the audit root. @throws {KeyringError} */
export async function checkpointKey(
  subtle: SubtleCrypto,
  keyring: Keyring,
  environment: string,
  version = keyring.activeByPurpose.audit,
): Promise<SigningKey> {
  const seed = await deriveBytes(subtle, await rootKey(subtle, keyring, "audit", version), {
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: lengthPrefixed(keyLabels.auditCheckpointKey, environment),
    byteLength: 32,
  });
  const key = await signingKeyOf(subtle, seed);
  seed.fill(0);
  return key;
}

/** Signs what a checkpoint says. */
export async function signCheckpoint(
  subtle: SubtleCrypto,
  key: SigningKey,
  content: CheckpointContent,
): Promise<AuditCheckpoint> {
  const signature = await signEd25519(subtle, key, bytesOf(content));
  return { ...content, signature: toBase64Url(signature) };
}

/** Whether the holder of `publicKey` signed it, as it is. */
export async function isSignedBy(
  subtle: SubtleCrypto,
  publicKey: Uint8Array<ArrayBuffer>,
  checkpoint: AuditCheckpoint,
): Promise<boolean> {
  const signature = fromBase64Url(checkpoint.signature);
  return signature !== null && verifyEd25519(subtle, publicKey, signature, bytesOf(checkpoint));
}

function bytesOf(content: CheckpointContent): Uint8Array<ArrayBuffer> {
  return lengthPrefixed(
    keyLabels.auditCheckpoint,
    content.environment,
    content.day,
    `${content.first_seq}`,
    `${content.last_seq}`,
    `${content.count}`,
    hashToBytes(content.head_hash),
    `${content.key_version}`,
  );
}
