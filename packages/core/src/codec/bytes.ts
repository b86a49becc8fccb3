/** Bytes to text and back, in the alphabets of RFC 4648. */

/** Lower-case hexadecimal, two characters a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const codesByValue = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const noValue = 0xff;
const valuesByCode = new Uint8Array(0x80).fill(noValue);
for (const [value, code] of codesByValue.entries()) valuesByCode[code] = value;
const asciiDecoder = new TextDecoder("latin1");

/**
 * Base64url without padding (RFC 4648 section 5). By tables: `btoa` and the replacing of characters
 * after it take ten times as long, which is most of what encrypting a field takes.
 */
export function toBase64Url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let [bits, bitCount, length] = [0, 0, 0];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= 6) {
      bitCount -= 6;
      codes[length++] = codesByValue[(bits >> bitCount) & 0x3f] ?? 0;
    }
  }
  if (bitCount > 0) codes[length] = codesByValue[(bits << (6 - bitCount)) & 0x3f] ?? 0;
  return asciiDecoder.decode(codes);
}

/** The bytes of `text`, or null when it isn't the one unpadded base64url spelling of some bytes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, bitCount, length] = [0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const value = valuesByCode[text.charCodeAt(index)] ?? noValue;
    if (value === noValue) return null;
    bits = (bits << 6) | value;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[length++] = bits >> bitCount;
  }
  // Bits that are left over are zero in the one spelling.
  const isTheSpelling = (bits & ((1 << bitCount) - 1)) === 0;
  return isTheSpelling ? bytes : null;
}

/** The parts one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** How many bytes UTF-8 takes for `text` (lone surrogates count three, as encoders replace them). */
export function utf8ByteLength(text: string): number {
  let byteLength = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) byteLength += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1))) {
      byteLength += 2;
      index += 1;
    } else byteLength += 2;
  }
  return byteLength;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
