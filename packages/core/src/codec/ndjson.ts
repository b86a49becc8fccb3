/**
 * NDJSON framing: bytes in, batches of lines out.
 *
 * UTF-8, one JSON text a line, LF or CRLF, a byte order mark at the very start tolerated, a last
 * line without newline accepted. A line that is too long or isn't UTF-8 is reported in its place
 * and the reader goes on with the next. Memory stays at one block, whatever the input.
 *
 * Lines are found by the runtime's own search and decoded one by one. Decoding a block at once is no
 * faster, and one character outside Latin-1 would make every string cut from that block two bytes a
 * character, which doubles the cost of whatever is done with it.
 */
import type { ByteSource } from "./byte-source.ts";

/** Longest line of a bulk file, in bytes, without its line ending. */
export const maxLineBytes = 128 * 1024;

/** Why a line has no text. */
export type LineFault = "invalid_utf8" | "line_too_large";

/** Lines that stand next to each other in the input. */
export interface LineBatch {
  /** Number of the first line, counted from 1; blank lines count. */
  readonly firstLineNo: number;
  /** Each line without its ending; blank lines are empty strings. */
  readonly lines: readonly (string | { readonly fault: LineFault })[];
  /** Bytes of each line, without its ending; of a line that is too large, those read so far. */
  readonly byteLengths: readonly number[];
}

/** The input went on past the limit the caller set. */
export class InputTooLargeError extends Error {
  override readonly name = "InputTooLargeError";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the input is larger than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

const blockBytes = 512 * 1024;
const minReadBytes = 64 * 1024;
const byteOrderMarkLength = 3;
const newline = 10;
const carriageReturn = 13;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads all lines of `source`.
 *
 * @throws {InputTooLargeError} once more than `maxTotalBytes` have arrived.
 */
export async function* readLines(
  source: ByteSource,
  { maxTotalBytes }: { maxTotalBytes: number },
): AsyncGenerator<LineBatch, void> {
  let buffer = new Uint8Array(blockBytes);
  let length = 0;
  let totalBytes = 0;
  let lineNo = 1;
  let isSkipping = false;
  let isStart = true;

  for (;;) {
    const read = await source.readInto(
      buffer,
      length,
      Math.min(buffer.length - length, blockBytes - minReadBytes),
    );
    buffer = read.buffer;
    totalBytes += read.byteCount;
    if (totalBytes > maxTotalBytes) throw new InputTooLargeError(maxTotalBytes);
    const end = length + read.byteCount;
    // What stayed from the read before holds no newline (but for a start that was too short to
    // judge), and looking through it each time would let one long line in tiny chunks cost its square.
    const searchStart = isStart ? 0 : length;
    const lastNewline = buffer.subarray(searchStart, end).lastIndexOf(newline);
    const cut = read.done ? end : lastNewline === -1 ? 0 : searchStart + lastNewline + 1;

    let start = 0;
    if (isStart) {
      if (end < byteOrderMarkLength && !read.done) {
        length = end;
        continue;
      }
      if (hasByteOrderMark(buffer)) start = byteOrderMarkLength;
      isStart = false;
    }
    if (isSkipping) {
      // The tail of a line that was already reported as too large.
      const next = buffer.subarray(0, end).indexOf(newline);
      start = next === -1 ? end : next + 1;
      isSkipping = next === -1;
      if (isSkipping && !read.done) {
        length = 0;
        continue;
      }
    }

    if (cut > start) {
      const batch = decodeLines(buffer.subarray(start, cut), lineNo);
      lineNo += batch.lines.length;
      yield batch;
    }
    if (read.done) return;

    const tailStart = Math.max(cut, start);
    length = end - tailStart;
    if (length > maxLineBytes + 1) {
      yield { firstLineNo: lineNo, lines: [{ fault: "line_too_large" }], byteLengths: [length] };
      lineNo += 1;
      isSkipping = true;
      length = 0;
    } else if (tailStart > 0) {
      buffer.copyWithin(0, tailStart, end);
    }
  }
}

/** Splits `bytes`, which end at a line's end, into lines. */
function decodeLines(bytes: Uint8Array, firstLineNo: number): LineBatch {
  const lines: (string | { fault: LineFault })[] = [];
  const byteLengths: number[] = [];
  let start = 0;
  while (start < bytes.length) {
    const next = bytes.indexOf(newline, start);
    const stop = next === -1 ? bytes.length : next;
    const hasReturn = stop > start && bytes[stop - 1] === carriageReturn;
    const line = bytes.subarray(start, hasReturn ? stop - 1 : stop);
    lines.push(decodeLine(line));
    byteLengths.push(line.length);
    start = stop + 1;
  }
  return { firstLineNo, lines, byteLengths };
}

function decodeLine(bytes: Uint8Array): string | { fault: LineFault } {
  if (bytes.length > maxLineBytes) return { fault: "line_too_large" };
  try {
    return decoder.decode(bytes);
  } catch {
    return { fault: "invalid_utf8" };
  }
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
