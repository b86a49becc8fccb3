/**
 * Cuts a file into shards: runs of whole lines, each small enough for one request.
 *
 * Where a file is cut depends on its bytes and the limits alone, so a second run makes the same
 * shards. Blank lines are left out; lines that are no text are refused here and not sent.
 */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import { type LineFault, maxLineBytes, readLines } from "@hi-stranger/core/codec/ndjson";
import type { RefusedLine } from "./types.ts";

export interface Shard {
  /** Counted from 1. */
  readonly shardNo: number;
  /** Of the lines in the file, those that are not sent included. */
  readonly firstLineNo: number;
  readonly lastLineNo: number;
  /** The lines to send, each with LF, in UTF-8; empty when there is none. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each line of `bytes` its number in the file. */
  readonly lineNos: readonly number[];
  /** The profile ids on its lines. */
  readonly ids: ReadonlySet<string>;
  /** Lines that are refused before they are sent. */
  readonly faulty: readonly RefusedLine[];
}

export interface ShardLimits {
  readonly maxShardBytes: number;
  readonly maxShardLines: number;
}

/** Called when lines have been read, with how many there are in the file so far. */
type OnLines = (linesRead: number) => void;

/** Cuts `source`. A piece is given out when the line after it is known not to fit. */
export async function* cutShards(
  source: ByteSource,
  limits: ShardLimits,
  onLines: OnLines,
): AsyncGenerator<Shard, void> {
  let shardNo = 1;
  let draft = createDraft(limits);
  for await (const { firstLineNo, lines } of readLines(source, { maxTotalBytes: Infinity })) {
    for (let index = 0; index < lines.length; index++) {
      const line = lines[index] ?? "";
      if (isBlank(line) || draft.add(firstLineNo + index, line)) continue;
      yield draft.finish(shardNo);
      shardNo += 1;
      draft = createDraft(limits);
      draft.add(firstLineNo + index, line);
    }
    onLines(firstLineNo + lines.length - 1);
  }
  if (!draft.isEmpty()) yield draft.finish(shardNo);
}

/** The text of each line of `shard` that is sent, in order. */
export function shardLines({ bytes }: Shard): string[] {
  return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true })
    .decode(bytes)
    .slice(0, -1)
    .split("\n");
}

const encoder = new TextEncoder();
const newline = 10;
const byteOrderMark = "\ufeff";

/** A line, or what the reader gives in place of one. */
type Line = string | { readonly fault: LineFault };

function createDraft({ maxShardBytes, maxShardLines }: ShardLimits) {
  // A first line always fits, after a blank one and before its LF.
  const buffer = new Uint8Array(Math.max(maxShardBytes, maxLineBytes) + 2);
  let byteLength = 0;
  let hasLine = false;
  let firstLineNo = 0;
  let lastLineNo = 0;
  const lineNos: number[] = [];
  const ids = new Set<string>();
  const faulty: RefusedLine[] = [];

  const append = (lineNo: number, line: string): boolean => {
    const { read, written } = encoder.encodeInto(line, buffer.subarray(byteLength, -1));
    if (read < line.length) return false;
    if (hasLine && byteLength + written + 1 > maxShardBytes) return false;
    byteLength += written;
    buffer[byteLength] = newline;
    byteLength += 1;
    lineNos.push(lineNo);
    return true;
  };

  return {
    isEmpty: () => firstLineNo === 0,

    /** Takes a line, or gives false when there is no room for it. */
    add(lineNo: number, line: Line): boolean {
      if (lineNos.length + faulty.length >= maxShardLines) return false;
      if (typeof line === "string") {
        // At the start of a body a byte order mark would be dropped; after a blank line it is the
        // error that it is in the middle of a file.
        if (byteLength === 0 && line.startsWith(byteOrderMark)) append(lineNo, "");
        if (!append(lineNo, line)) return false;
        hasLine = true;
        const id = profileIdOf(line);
        if (id !== null) ids.add(id);
      } else {
        const error = { path: "", errorCode: line.fault, message: faultMessages[line.fault] };
        faulty.push({ lineNo, text: null, errors: [error] });
      }
      firstLineNo ||= lineNo;
      lastLineNo = lineNo;
      return true;
    },

    finish(shardNo: number): Shard {
      const bytes = buffer.subarray(0, byteLength);
      return { shardNo, firstLineNo, lastLineNo, bytes, lineNos, ids, faulty };
    },
  };
}

const faultMessages = {
  invalid_utf8: "is not UTF-8",
  line_too_large: `is longer than ${maxLineBytes} bytes`,
} as const satisfies Record<LineFault, string>;

function isBlank(line: Line): boolean {
  return typeof line === "string" && line[0] !== "{" && line.trim() === "";
}

/** In the text of valid JSON this can't stand within a string, where quotes are escaped. */
const plainId = /"profile_id":"(usr_[a-z0-9]+)"/;

/** The id of the record on a line, or null when no store could find one. */
function profileIdOf(line: string): string | null {
  const id = plainId.exec(line)?.[1];
  if (id !== undefined) return id;
  try {
    const { profile_id: spelled } = JSON.parse(line) as { profile_id?: unknown };
    return typeof spelled === "string" ? spelled : null;
  } catch {
    return null;
  }
}
