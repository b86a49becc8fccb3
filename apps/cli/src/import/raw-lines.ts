/**
 * Lines of a file as bytes, for those that are no text: read a second time, forward only.
 *
 * It counts lines as the NDJSON reader does: each ends with LF, and a CR before it belongs to the
 * ending.
 */
import { openInputFile } from "../files/input-file.ts";

export interface RawLines {
  /** The bytes of a line without its ending. Lines are asked for in ascending order. */
  read(lineNo: number): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

const lf = 0x0a;
const cr = 0x0d;

/** Opens `path` when the first line is asked for. */
export function createRawLines(path: string, signal: AbortSignal): RawLines {
  let chunks: AsyncIterator<Uint8Array> | null = null;
  let chunk: Uint8Array = new Uint8Array(0);
  let atLineNo = 1;

  /** Whether there are bytes to look at. */
  const refill = async () => {
    while (chunk.length === 0) {
      chunks ??= (await openInputFile(path, signal)).chunks;
      const next = await chunks.next();
      if (next.done === true) return false;
      chunk = next.value;
    }
    return true;
  };

  return {
    async *read(lineNo) {
      while (atLineNo < lineNo && (await refill())) {
        const end = chunk.indexOf(lf);
        if (end !== -1) atLineNo += 1;
        chunk = end === -1 ? chunk.subarray(chunk.length) : chunk.subarray(end + 1);
      }
      let hasReturn = false;
      while (await refill()) {
        const end = chunk.indexOf(lf);
        const part = end === -1 ? chunk : chunk.subarray(0, end);
        chunk = chunk.subarray(end === -1 ? chunk.length : end + 1);
        if (hasReturn && part.length > 0) yield Uint8Array.of(cr);
        if (part.length > 0) {
          hasReturn = part.at(-1) === cr;
          yield hasReturn ? part.subarray(0, -1) : part;
        }
        if (end !== -1) {
          atLineNo += 1;
          return;
        }
      }
    },
    async close() {
      await chunks?.return?.();
    },
  };
}
