/**
 * What the command line and the agent say to each other: frames of one line of JSON, which may be
 * followed by byte strings. Secrets travel as such bytes, so they are in no string and can be wiped.
 *
 *     {"method":"unlock","params":{"minutes":30},"bytes":[20]}\n
 *     Wandering-Lantern-42
 *
 * `bytes` has the lengths of the strings that follow, at once and without separators. A peer that
 * says more than the limits allow, or no JSON object, is refused with a {@link FrameError}.
 */
import { finished } from "node:stream";
import type { Duplex } from "node:stream";
import { copySecret, wipe } from "@hi-stranger/vault/secret-bytes";

/** Longest line, in bytes, with its newline. */
const maxLineBytes = 1024 * 1024;
/** Most byte strings of one frame, and most bytes in all of them. */
const maxParts = 16;
const maxPartBytes = 4 * 1024 * 1024;

export interface Frame {
  /** The members of the line, but for `bytes`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Whoever takes the frame wipes them, if they are secret. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** What arrived is no frame, or too large. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export interface FrameReader {
  /**
   * The next frame; null once the peer has ended.
   *
   * @throws {FrameError} also when the peer ended within a frame; then nothing more can be read.
   */
  next(): Promise<Frame | null>;
  /** Drops all that is there and all that comes. Nothing more can be read. */
  discard(): void;
}

const newline = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads the frames of `stream`. Calls of `next` don't overlap. */
export function createFrameReader(stream: Duplex): FrameReader {
  const held = createByteStore();
  let hasEnded = false;
  let isDiscarding = false;
  let wake: (() => void) | null = null;

  stream.on("data", (chunk: Buffer) => {
    if (!isDiscarding) held.append(chunk);
    chunk.fill(0);
    if (held.length >= maxPartBytes + maxLineBytes) stream.pause();
    wake?.();
  });
  finished(stream, { writable: false }, () => {
    hasEnded = true;
    wake?.();
  });

  /** Waits until there are more than `length` bytes. False when they won't come. */
  const hasMoreThan = async (length: number): Promise<boolean> => {
    while (held.length <= length) {
      if (hasEnded) return false;
      stream.resume();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    }
    return true;
  };

  const takeLine = async (): Promise<Uint8Array<ArrayBuffer> | null> => {
    let searched = 0;
    for (;;) {
      const end = held.indexOf(newline, searched);
      if (end !== -1 && end < maxLineBytes) return held.take(end + 1);
      searched = held.length;
      if (searched >= maxLineBytes) throw new FrameError("the line is too long");
      if (await hasMoreThan(searched)) continue;
      if (searched === 0) return null;
      throw new FrameError("the frame was cut off");
    }
  };

  return {
    async next() {
      try {
        const line = await takeLine();
        if (!line) return null;
        const { bytes: lengths = [], ...members } = parseLine(line);
        const parts: Uint8Array<ArrayBuffer>[] = [];
        for (const length of checkedLengths(lengths)) {
          if (length > 0 && !(await hasMoreThan(length - 1))) {
            wipe(...parts);
            throw new FrameError("the frame was cut off");
          }
          parts.push(held.take(length));
        }
        return { members, parts };
      } catch (error) {
        held.wipe();
        throw error;
      }
    },
    discard() {
      isDiscarding = true;
      held.wipe();
      stream.resume();
    },
  };
}

/** Writes a frame; resolves when the system has taken it. The caller wipes `parts`. */
export async function writeFrame(
  stream: Duplex,
  members: Readonly<Record<string, unknown>>,
  parts: readonly Uint8Array[] = [],
): Promise<void> {
  const bytes = parts.length > 0 ? { bytes: parts.map(({ length }) => length) } : {};
  const line = Buffer.from(`${JSON.stringify({ ...members, ...bytes })}\n`);
  if (line.length > maxLineBytes) throw new FrameError("the line is too long");
  const frame = Buffer.concat([line, ...parts]);
  try {
    await new Promise<void>((resolve, reject) => {
      stream.write(frame, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    wipe(frame);
  }
}

function parseLine(line: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(line));
  } catch (cause) {
    throw new FrameError("the line is no JSON", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FrameError("the line is no JSON object");
  }
  return { ...value };
}

function checkedLengths(value: unknown): number[] {
  const lengths: readonly unknown[] = Array.isArray(value) ? value : [null];
  if (lengths.length > maxParts) throw new FrameError("there are too many byte strings");
  let total = 0;
  return lengths.map((length) => {
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      throw new FrameError("a length is none");
    }
    total += length;
    if (total > maxPartBytes) throw new FrameError("the byte strings are too large");
    return length;
  });
}

/** Bytes in the order they came, wiped as they are taken. */
function createByteStore() {
  let buffer = new Uint8Array(4096);
  let length = 0;
  return {
    get length() {
      return length;
    },
    indexOf(byte: number, from: number): number {
      return buffer.subarray(0, length).indexOf(byte, from);
    },
    append(chunk: Uint8Array): void {
      if (length + chunk.length > buffer.length) {
        const larger = new Uint8Array(Math.max(2 * buffer.length, length + chunk.length));
        larger.set(buffer.subarray(0, length));
        wipe(buffer);
        buffer = larger;
      }
      buffer.set(chunk, length);
      length += chunk.length;
    },
    take(byteLength: number): Uint8Array<ArrayBuffer> {
      const taken = copySecret(buffer, byteLength);
      buffer.copyWithin(0, byteLength, length);
      buffer.fill(0, length - byteLength, length);
      length -= byteLength;
      return taken;
    },
    wipe(): void {
      wipe(buffer);
      length = 0;
    },
  };
}
