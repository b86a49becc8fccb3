/**
 * Every refused line of an import, for the table and for two files. Text is put aside in blobs,
 * which the browser may keep on disk, so that a file full of mistakes doesn't fill the memory.
 */
import type { RefusedLine } from "@hi-stranger/sdk/import/types";

export interface RefusedLog {
  add(line: RefusedLine): void;
  readonly count: number;
  /** Refused lines that are not in {@link linesFile}, as they have no text. */
  readonly unkeptCount: number;
  /** The first ones, for the table. */
  readonly samples: readonly RefusedLine[];
  /** The refused lines as they are, one after the other: to be mended and imported again. */
  linesFile(): BlobPart[];
  /** Members of a JSON array, one for each broken rule. */
  errorsJson(): BlobPart[];
}

export const maxSamples = 200;
const blobLength = 1_000_000;

export function createRefusedLog(): RefusedLog {
  const lines = createTextPile();
  const errors = createTextPile();
  const samples: RefusedLine[] = [];
  let count = 0;
  let unkeptCount = 0;
  let separator = "";
  return {
    add(line) {
      count += 1;
      if (samples.length < maxSamples) samples.push(line);
      if (line.text === null) unkeptCount += 1;
      else lines.add(`${line.text}\n`);
      for (const { path, errorCode, message } of line.errors) {
        const entry = { line_no: line.lineNo, path, error_code: errorCode, message };
        errors.add(`${separator}\n    ${JSON.stringify(entry)}`);
        separator = ",";
      }
    },
    get count() {
      return count;
    },
    get unkeptCount() {
      return unkeptCount;
    },
    get samples() {
      return samples.slice();
    },
    linesFile: () => lines.parts(),
    errorsJson: () => errors.parts(),
  };
}

function createTextPile() {
  const blobs: Blob[] = [];
  let texts: string[] = [];
  let length = 0;
  const flush = () => {
    blobs.push(new Blob(texts));
    texts = [];
    length = 0;
  };
  return {
    add(text: string): void {
      texts.push(text);
      length += text.length;
      if (length >= blobLength) flush();
    },
    parts(): BlobPart[] {
      if (length > 0) flush();
      return blobs.slice();
    },
  };
}
