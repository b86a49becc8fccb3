/**
 * An unambiguous encoding of a list of byte strings, for everything that is hashed, derived from or
 * authenticated: each part with its length before it, as four bytes, most significant first. Two
 * different lists never give the same bytes.
 */
import { utf8ByteLength } from "../codec/bytes.ts";

const prefixByteLength = 4;
const encoder = new TextEncoder();

/** The parts in order, each after its length. Text counts as its UTF-8. */
export function lengthPrefixed(
  ...parts: readonly (Uint8Array | string)[]
): Uint8Array<ArrayBuffer> {
  let byteLength = 0;
  for (const part of parts) byteLength += prefixByteLength + byteLengthOf(part);
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of parts) {
    const partLength = byteLengthOf(part);
    view.setUint32(offset, partLength);
    offset += prefixByteLength;
    if (typeof part === "string") writeText(bytes, offset, part, partLength);
    else bytes.set(part, offset);
    offset += partLength;
  }
  return bytes;
}

function byteLengthOf(part: Uint8Array | string): number {
  return typeof part === "string" ? utf8ByteLength(part) : part.length;
}

function writeText(bytes: Uint8Array, offset: number, text: string, byteLength: number): void {
  if (byteLength > text.length) {
    bytes.set(encoder.encode(text), offset);
    return;
  }
  // ASCII, as names and ids are: calling the encoder for each would take ten times as long.
  for (let index = 0; index < byteLength; index++) bytes[offset + index] = text.charCodeAt(index);
}
