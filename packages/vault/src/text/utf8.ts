/**
 * UTF-8 (RFC 3629) to code points and back without a string, so that a secret's text can be wiped.
 */
import { secretBytes, secretCodePoints, wipe } from "../secret-bytes.ts";

/** The code points of `bytes`, or null when they aren't well-formed UTF-8. The caller wipes them. */
export function decodeUtf8(bytes: Uint8Array): Uint32Array<ArrayBuffer> | null {
  const codePoints = secretCodePoints(bytes.length);
  let count = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const byteLength = sequenceLength(bytes[offset] ?? 0);
    const codePoint = decodeSequence(bytes, offset, byteLength);
    if (codePoint === -1) {
      wipe(codePoints);
      return null;
    }
    codePoints[count++] = codePoint;
    offset += byteLength;
  }
  const exact = secretCodePoints(count);
  exact.set(codePoints.subarray(0, count));
  wipe(codePoints);
  return exact;
}

/** The UTF-8 of `codePoints`, each a Unicode scalar value. The caller wipes it. */
export function encodeUtf8(codePoints: Uint32Array): Uint8Array<ArrayBuffer> {
  let byteLength = 0;
  for (const codePoint of codePoints) byteLength += encodedLength(codePoint);
  const bytes = secretBytes(byteLength);
  let offset = 0;
  for (const codePoint of codePoints) {
    const length = encodedLength(codePoint);
    for (let index = length - 1; index > 0; index--) {
      bytes[offset + index] = 0x80 | ((codePoint >> (6 * (length - 1 - index))) & 0x3f);
    }
    const lead = length === 1 ? 0 : (0xf00 >> length) & 0xff;
    bytes[offset] = lead | (codePoint >> (6 * (length - 1)));
    offset += length;
  }
  return bytes;
}

function encodedLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}

/** How many bytes the sequence that begins with `lead` has; 0 when none begins with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

function decodeSequence(bytes: Uint8Array, offset: number, byteLength: number): number {
  const lead = bytes[offset] ?? 0;
  if (byteLength === 1) return lead;
  if (byteLength === 0 || offset + byteLength > bytes.length) return -1;
  let codePoint = lead & (0xff >> (byteLength + 1));
  for (let index = offset + 1; index < offset + byteLength; index++) {
    const byte = bytes[index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return -1;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  const isShortest = encodedLength(codePoint) === byteLength;
  return isShortest && !isSurrogate && codePoint <= 0x10_ffff ? codePoint : -1;
}
