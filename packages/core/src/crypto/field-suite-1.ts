/**
 * `hs1`: a key for each field, used once.
 *
 *     salt 32 ‖ commitment 32 ‖ ciphertext ‖ tag 16
 *
 * HKDF-SHA-512(DEK, salt, LP("hs/field/v1")) gives key 32 ‖ commitment 32 ‖ IV 12. The salt is random,
 * and nothing has to be counted.
 */
import { concatBytes } from "../codec/bytes.ts";
import { gcmIvByteLength, gcmKeyByteLength, openGcm, sealGcm } from "./aes-gcm.ts";
import { commitmentByteLength } from "./data-key.ts";
import { equalBytes } from "./equal.ts";
import type { FieldBox, FieldSuite } from "./field-suite.ts";
import { deriveBytes } from "./hkdf.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";

const saltByteLength = 32;
const ivStart = gcmKeyByteLength + commitmentByteLength;
const info = lengthPrefixed(keyLabels.field);

export const hs1: FieldSuite = {
  headByteLength: saltByteLength + commitmentByteLength,

  async seal(box, plaintext, fillRandom) {
    const salt = new Uint8Array(saltByteLength);
    fillRandom(salt);
    const { key, commitment, iv } = await derive(box, salt);
    const { subtle, additionalData } = box;
    const sealed = await sealGcm(subtle, { key, iv, additionalData }, plaintext);
    key.fill(0);
    return concatBytes(salt, commitment, sealed);
  },

  async open(box, body) {
    const claimed = body.subarray(saltByteLength, this.headByteLength);
    const { key, commitment, iv } = await derive(box, body.slice(0, saltByteLength));
    const { subtle, additionalData } = box;
    const plaintext = equalBytes(claimed, commitment)
      ? await openGcm(subtle, { key, iv, additionalData }, body.subarray(this.headByteLength))
      : null;
    key.fill(0);
    return plaintext;
  },
};

async function derive({ subtle, dataKey }: FieldBox, salt: Uint8Array<ArrayBuffer>) {
  const byteLength = ivStart + gcmIvByteLength;
  const derivation = { hash: "SHA-512", salt, info, byteLength } as const;
  const bytes = await deriveBytes(subtle, dataKey.base, derivation);
  return {
    key: bytes.subarray(0, gcmKeyByteLength),
    commitment: bytes.subarray(gcmKeyByteLength, ivStart),
    iv: bytes.subarray(ivStart),
  };
}
