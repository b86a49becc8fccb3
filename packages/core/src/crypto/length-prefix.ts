/**
 * An unambiguous encoding of a list of byte strings, for everything that is hashed, derived from or
 * authenticated: each part with its length before it, as four bytes, most significant first. Two
 * different lists never give the same bytes.
 */

const prefixByteLength = 4;
const encoder = new TextEncoder();

/** The parts in order, each after its length. Text counts as its UTF-8. */
export function lengthPrefixed(
  ...parts: readonly (Uint8Array | string)[]
): Uint8Array<ArrayBuffer> {
  const encoded = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const byteLength = encoded.reduce((sum, part) => sum + prefixByteLength + part.length, 0);
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of encoded) {
    view.setUint32(offset, part.length);
    bytes.set(part, offset + prefixByteLength);
    offset += prefixByteLength + part.length;
  }
  return bytes;
}
