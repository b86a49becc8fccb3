/**
 * Unicode normalisation form KC (UAX #15) over code points, so that no string ever holds a whole
 * secret.
 *
 * The platform normalises strings alone. So the text is cut into the smallest pieces that nothing
 * outside can change, most often one character with its accents, and each is normalised by itself.
 * A cut stands before every code point whose compatibility decomposition begins with one that
 * neither reorders nor composes with what is before it.
 */
import { secretCodePoints, wipe } from "../secret-bytes.ts";

/** The longest compatibility decomposition in Unicode, in code points (U+FDFA). */
const maxExpansion = 18;

/** The normalised text of `codePoints`; the caller wipes both. */
export function normalizeNfkc(codePoints: Uint32Array): Uint32Array<ArrayBuffer> {
  return mapPieces(codePoints, (piece) => piece.normalize("NFKC"));
}

/**
 * `codePoints` with each piece put through `convert`. Pieces that are one ASCII character alone are
 * not put through when `isAsciiKept`, as normalisation leaves them as they are.
 */
export function mapPieces(
  codePoints: Uint32Array,
  convert: (piece: string) => string,
  isAsciiKept = true,
): Uint32Array<ArrayBuffer> {
  const output = secretCodePoints(codePoints.length * maxExpansion);
  let length = 0;
  let start = 0;
  while (start < codePoints.length) {
    let end = start + 1;
    while (end < codePoints.length && !isBoundaryBefore(codePoints[end] ?? 0)) end++;
    const first = codePoints[start] ?? 0;
    if (isAsciiKept && end === start + 1 && first < 0x80) {
      output[length++] = first;
    } else {
      const piece = String.fromCodePoint(...codePoints.subarray(start, end));
      for (const character of convert(piece)) output[length++] = character.codePointAt(0) ?? 0;
    }
    start = end;
  }
  const exact = secretCodePoints(length);
  exact.set(output.subarray(0, length));
  wipe(output);
  return exact;
}

/** Whether normalising what stands before `codePoint` and what begins with it apart is the same as together. */
function isBoundaryBefore(codePoint: number): boolean {
  if (codePoint < 0x300) return true;
  const first = String.fromCodePoint(codePoint).normalize("NFKD").codePointAt(0) ?? 0;
  return !canJoinBackward(first);
}

/** Marks reorder and compose; of the rest, Hangul vowels and finals and Kirat Rai vowels compose. */
function canJoinBackward(codePoint: number): boolean {
  if (codePoint >= 0x1160 && codePoint <= 0x11ff) return true;
  if (codePoint >= 0x1_6d63 && codePoint <= 0x1_6d6a) return true;
  return /^\p{M}$/u.test(String.fromCodePoint(codePoint));
}
