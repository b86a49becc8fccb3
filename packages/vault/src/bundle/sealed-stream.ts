/**
 * A stream of bytes under AES-256-GCM, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway
 * and Vizár, 2015): chunks of 64 KiB, each sealed by itself.
 *
 * A chunk's IV is its number, in 11 bytes with the most significant first, and then 1 for the last
 * chunk or 0 for any other. So no chunk can be left out, moved, repeated or cut off unnoticed. A key
 * seals one stream. The last chunk may be shorter; it is empty only when the whole stream is.
 */
import {
  gcmIvByteLength,
  openGcm,
  sealGcm,
  gcmTagByteLength,
} from "@hi-stranger/core/crypto/aes-gcm";
import { concatBytes } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";

export const chunkByteLength = 64 * 1024;
const noData = new Uint8Array(0);

/** The sealed chunks of what `plaintext` gives, each as soon as it is full. */
export async function* sealStream(
  subtle: SubtleCrypto,
  key: Uint8Array<ArrayBuffer>,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let number = 0;
  for await (const { chunk, isLast } of toChunks(plaintext, chunkByteLength)) {
    const box = { key, iv: ivOf(number++, isLast), additionalData: noData };
    yield await sealGcm(subtle, box, chunk);
  }
}

/**
 * What was sealed, chunk by chunk: nothing of one is given before all of it is proven.
 *
 * @throws {VaultError} `invalid_bundle` at the first chunk that isn't as it was written, or when the
 *   last one is missing.
 */
export async function* openStream(
  subtle: SubtleCrypto,
  key: Uint8Array<ArrayBuffer>,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let number = 0;
  for await (const { chunk, isLast } of toChunks(sealed, chunkByteLength + gcmTagByteLength)) {
    const box = { key, iv: ivOf(number, isLast), additionalData: noData };
    const plaintext = await openGcm(subtle, box, chunk);
    if (!plaintext || (plaintext.length === 0 && number > 0)) {
      throw new VaultError("invalid_bundle");
    }
    yield plaintext;
    number++;
  }
}

/** Cuts a stream into chunks of `byteLength`; the last one holds the rest, and nothing follows it. */
async function* toChunks(
  source: AsyncIterable<Uint8Array>,
  byteLength: number,
): AsyncGenerator<{ chunk: Uint8Array<ArrayBuffer>; isLast: boolean }, void> {
  let pending = new Uint8Array(0);
  for await (const bytes of source) {
    let rest = bytes;
    // A chunk is given once more is known to follow it.
    while (pending.length + rest.length > byteLength) {
      const taken = rest.subarray(0, byteLength - pending.length);
      yield { chunk: concatBytes(pending, taken), isLast: false };
      pending = new Uint8Array(0);
      rest = rest.subarray(taken.length);
    }
    pending = concatBytes(pending, rest);
  }
  yield { chunk: pending, isLast: true };
}

function ivOf(number: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const iv = new Uint8Array(gcmIvByteLength);
  new DataView(iv.buffer).setBigUint64(gcmIvByteLength - 9, BigInt(number));
  iv[gcmIvByteLength - 1] = isLast ? 1 : 0;
  return iv;
}
