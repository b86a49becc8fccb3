/** Texts that are planted so that they can be looked for wherever they shouldn't be. */
import { toHex } from "@hi-stranger/core/codec/bytes";

const encoder = new TextEncoder();
/** Shorter ones would be found where nobody put them. */
const minFormLength = 8;

/**
 * Finds which of `texts` lie in something, as they are or in hex, base64 (also of JSON around
 * them), percent-encoding or UTF-16, whatever the case.
 */
export function createFinder(texts: readonly string[]): (haystack: string) => string[] {
  const forms = texts.flatMap((text) =>
    [...new Set([text, text.toLowerCase(), text.toUpperCase()])].flatMap((spelling) =>
      formsOf(spelling).map((form) => ({ text, form: form.toLowerCase() })),
    ),
  );
  const short = forms.find(({ form }) => form.length < minFormLength);
  if (short) throw new RangeError(`${short.text} is too short to be looked for`);
  return (haystack) => {
    const folded = haystack.toLowerCase();
    return [...new Set(forms.filter(({ form }) => folded.includes(form)).map(({ text }) => text))];
  };
}

/** `bytes` as a text of one character a byte, in which a finder finds. */
export function bytesToHaystack(bytes: Uint8Array): string {
  let haystack = "";
  for (let at = 0; at < bytes.length; at += 65_536) {
    haystack += String.fromCharCode(...bytes.subarray(at, at + 65_536));
  }
  return haystack;
}

/** A text as it could lie about, each as a text of one character a byte. */
export function formsOf(text: string): string[] {
  const utf8 = encoder.encode(text);
  const bigEndian = new Uint8Array(text.length * 2);
  const view = new DataView(bigEndian.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at));
  const littleEndian = bigEndian.map((_, at) => bigEndian[at ^ 1] ?? 0);
  const encodings = [utf8, bigEndian, littleEndian];
  return [
    ...encodings.flatMap((bytes) => [
      bytesToHaystack(bytes),
      toHex(bytes),
      ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
    ]),
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll("%20", "+"),
  ];
}

/** What is surely in any base64 of something with `bytes` in it, `offset` bytes after a multiple of three. */
function base64At(bytes: Uint8Array, offset: number): string[] {
  const padded = btoa(" ".repeat(offset) + bytesToHaystack(bytes));
  // The characters at both ends also stand for what is around.
  const sure = padded.slice(offset === 0 ? 0 : 4, -4);
  return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
}
