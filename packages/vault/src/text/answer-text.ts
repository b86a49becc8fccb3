/**
 * The bytes of an answer that go into its key derivation, so that an answer remembered is an answer
 * found again: by rule 1, NFKC; each character in lower case, with a final sigma as any other; NFKC
 * again, as lower case may fall apart; white space trimmed and, within, one space for each run.
 *
 * The rule has a number, which is kept with each answer: a better rule gets the next one.
 */
import { secretCodePoints, wipe } from "../secret-bytes.ts";
import { mapPieces, normalizeNfkc } from "./nfkc.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

export const answerRule = 1;

/** Longest answer that is taken, in bytes as typed. */
export const maxAnswerBytes = 1024;

export interface NormalizedAnswer {
  /** UTF-8; the caller wipes it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly characterCount: number;
}

const space = 0x20;

/** The answer by rule 1, or null when it is longer than {@link maxAnswerBytes} or no UTF-8. */
export function normalizeAnswer(typed: Uint8Array): NormalizedAnswer | null {
  if (typed.length > maxAnswerBytes) return null;
  const codePoints = decodeUtf8(typed);
  if (!codePoints) return null;
  const normalized = normalizeNfkc(codePoints);
  const lowered = mapPieces(normalized, lowerCase, false);
  const folded = normalizeNfkc(lowered);
  const { buffer: collapsed, length } = collapseSpaces(folded);
  const exact = collapsed.subarray(0, length);
  const bytes = encodeUtf8(exact);
  wipe(codePoints, normalized, lowered, folded, collapsed);
  return { bytes, characterCount: length };
}

/** Lower case without regard to place: a capital sigma at a word's end doesn't become a final one. */
function lowerCase(piece: string): string {
  let text = "";
  for (const character of piece) text += character.toLowerCase().replace("ς", "σ");
  return text;
}

function collapseSpaces(codePoints: Uint32Array): {
  buffer: Uint32Array<ArrayBuffer>;
  length: number;
} {
  const buffer = secretCodePoints(codePoints.length);
  let length = 0;
  let isSpacePending = false;
  for (const codePoint of codePoints) {
    if (isWhiteSpace(codePoint)) {
      isSpacePending = length > 0;
      continue;
    }
    if (isSpacePending) buffer[length++] = space;
    isSpacePending = false;
    buffer[length++] = codePoint;
  }
  return { buffer, length };
}

/** Unicode's White_Space, of which NFKC leaves these. */
function isWhiteSpace(codePoint: number): boolean {
  if (codePoint === space || (codePoint >= 0x09 && codePoint <= 0x0d)) return true;
  return [0x85, 0xa0, 0x1680, 0x2028, 0x2029].includes(codePoint);
}
