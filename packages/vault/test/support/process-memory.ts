/** Looking into another process's memory, on Linux. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const pieceBytes = 4 * 1024 * 1024;

/** How often each of `needles`, by name, stands in the readable memory of process `pid`. */
export function countInMemory(
  pid: number,
  needles: ReadonlyMap<string, Uint8Array>,
): Map<string, number> {
  const longest = Math.max(...Array.from(needles.values(), ({ length }) => length));
  const counts = new Map(Array.from(needles.keys(), (name) => [name, 0]));
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const piece = Buffer.alloc(pieceBytes + longest);
  for (const { start, end } of readableRanges(pid)) {
    // Pieces overlap, so that nothing is missed between two of them.
    for (let at = start; at < end; at += pieceBytes) {
      const wanted = Math.min(piece.length, end - at);
      const length = readPiece(memory, piece.subarray(0, wanted), at);
      for (const [name, needle] of needles) {
        const found = occurrences(piece.subarray(0, length), needle, pieceBytes);
        counts.set(name, (counts.get(name) ?? 0) + found);
      }
    }
  }
  closeSync(memory);
  return counts;
}

function readableRanges(pid: number): { start: number; end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
      if (!match || /^\[v(var|syscall)/.test(match[3] ?? "")) return [];
      return [
        { start: Number.parseInt(match[1] ?? "", 16), end: Number.parseInt(match[2] ?? "", 16) },
      ];
    });
}

/** How many bytes could be read; 0 for a range that was given back meanwhile. */
function readPiece(memory: number, piece: Buffer, position: number): number {
  try {
    return readSync(memory, piece, 0, piece.length, position);
  } catch {
    // Device memory and ranges that are gone can't be read, by whoever looks for secrets either.
    return 0;
  }
}

function occurrences(bytes: Buffer, needle: Uint8Array, limit: number): number {
  let count = 0;
  for (
    let at = bytes.indexOf(needle);
    at !== -1 && at < limit;
    at = bytes.indexOf(needle, at + 1)
  ) {
    count++;
  }
  return count;
}
