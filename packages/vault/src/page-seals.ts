/**
 * The seals of an encrypted database's pages: the last 32 bytes of each, its nonce and its tag (SQLite3
 * Multiple Ciphers, ChaCha20-Poly1305). Another content under the same seal can't be made without the
 * key, so they stand for all that is in the file, at a 128th of its length.
 *
 * Pages have 4,096 bytes on Node and 8,192 in a browser. The last 32 of every 4,096 are taken, whose
 * every second ones are within a page there and do no harm.
 */

export const pageByteLength = 4096;
export const sealByteLength = 32;

/** The seals of the whole pages of 4,096 bytes in `pages`, one after the other. */
export function sealsOf(pages: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = Math.floor(pages.length / pageByteLength);
  const seals = new Uint8Array(count * sealByteLength);
  for (let index = 0; index < count; index++) {
    const end = (index + 1) * pageByteLength;
    seals.set(pages.subarray(end - sealByteLength, end), index * sealByteLength);
  }
  return seals;
}
