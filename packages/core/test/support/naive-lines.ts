/**
 * What NDJSON framing means, written for clarity alone: it holds the whole input in memory and
 * looks at every byte. The reader under test has to agree with it.
 */
import { type LineFault, maxLineBytes } from "../../src/codec/ndjson.ts";

/** A line as the reader tells it. */
export type Line = string | { readonly fault: LineFault };

/** All lines of `input`, blank ones included. */
export function naiveLines(input: Uint8Array): Line[] {
  const hasMark = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;
  const bytes = hasMark ? input.slice(3) : input;
  const lines: Line[] = [];
  let start = 0;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== 0x0a) continue;
    lines.push(naiveLine(bytes.slice(start, index)));
    start = index + 1;
  }
  if (start < bytes.length) lines.push(naiveLine(bytes.slice(start)));
  return lines;
}

function naiveLine(bytes: Uint8Array): Line {
  const line = bytes.at(-1) === 0x0d ? bytes.slice(0, -1) : bytes;
  if (line.length > maxLineBytes) return { fault: "line_too_large" };
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return { fault: "invalid_utf8" };
  }
}
