/**
 * `hs2`: one key for all fields of a data key, and a random IV for each.
 *
 *     commitment 32 ‖ IV 12 ‖ ciphertext ‖ tag 16
 *
 * HKDF-SHA-512(DEK, no salt, LP("hs/field/v2")) gives key 32 ‖ commitment 32, once for a data key. Two
 * fields of a key must not meet in their IV, so whoever stores fields counts them by key, up to
 * `maxSealsPerKey`.
 */
import { concatBytes } from "../codec/bytes.ts";
import { gcmIvByteLength, openGcm, sealGcm } from "./aes-gcm.ts";
import { commitmentByteLength } from "./data-key.ts";
import { equalBytes } from "./equal.ts";
import type { FieldSuite } from "./field-suite.ts";

export const hs2: FieldSuite = {
  headByteLength: commitmentByteLength + gcmIvByteLength,

  async seal({ subtle, dataKey, additionalData }, plaintext, fillRandom) {
    const iv = new Uint8Array(gcmIvByteLength);
    fillRandom(iv);
    const input = { key: dataKey.fieldKey, iv, additionalData };
    return concatBytes(dataKey.commitment, iv, await sealGcm(subtle, input, plaintext));
  },

  async open({ subtle, dataKey, additionalData }, body) {
    if (!equalBytes(body.subarray(0, commitmentByteLength), dataKey.commitment)) return null;
    const iv = body.subarray(commitmentByteLength, this.headByteLength);
    const input = { key: dataKey.fieldKey, iv, additionalData };
    return openGcm(subtle, input, body.subarray(this.headByteLength));
  },
};
