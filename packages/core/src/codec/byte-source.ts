/**
 * One way to read bytes from any stream: into a buffer that the caller owns.
 *
 * A byte stream fills the buffer itself (a BYOB reader, no copy); any other stream hands out its
 * own chunks and pays one `set` for each.
 */

/** What {@link ByteSource.readInto} gives back. */
export interface ByteRead {
  /** The caller's bytes again. A BYOB read detaches the buffer passed in, so go on with this one. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** How many bytes arrived after `offset`; at least one unless `done`. */
  readonly byteCount: number;
  readonly done: boolean;
}

/** A pull source of bytes. Reads don't overlap: wait for one before asking for the next. */
export interface ByteSource {
  /** Reads up to `maxBytes` (1 or more) to `buffer[offset]` and on. Rejects when the stream fails. */
  readInto(buffer: Uint8Array<ArrayBuffer>, offset: number, maxBytes: number): Promise<ByteRead>;
  /** Tells the stream that nobody will read on. */
  cancel(reason?: unknown): Promise<void>;
}

/** Reads a web stream, by BYOB where the stream can. Locks it, and throws when it is locked already. */
export function streamSource(stream: ReadableStream<Uint8Array>): ByteSource {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return defaultReaderSource(stream.getReader());
  }
  return {
    async readInto(buffer, offset, maxBytes) {
      const byteLength = Math.min(maxBytes, buffer.length - offset);
      const { done, value } = await reader.read(
        new Uint8Array(buffer.buffer, buffer.byteOffset + offset, byteLength),
      );
      // At its end a stream gives the buffer back with no bytes in it, or (workerd) leaves it alone.
      if (value === undefined) return { buffer, byteCount: 0, done: true };
      return { buffer: new Uint8Array(value.buffer), byteCount: done ? 0 : value.length, done };
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

/** Reads an iterable of chunks of any size, such as a Node stream. */
export function chunkSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  return copyingSource({
    async next() {
      const next = await iterator.next();
      return next.done === true ? null : next.value;
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function defaultReaderSource(reader: ReadableStreamDefaultReader<Uint8Array>): ByteSource {
  return copyingSource({
    async next() {
      const { done, value } = await reader.read();
      return done || value === undefined ? null : value;
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Chunks as their maker cuts them; null after the last. */
interface Chunks {
  next(): Promise<Uint8Array | null>;
  cancel(reason: unknown): Promise<void>;
}

function copyingSource(chunks: Chunks): ByteSource {
  const none = new Uint8Array(0);
  let rest: Uint8Array = none;
  return {
    async readInto(buffer, offset, maxBytes) {
      while (rest.length === 0) {
        const next = await chunks.next();
        if (next === null) return { buffer, byteCount: 0, done: true };
        rest = next;
      }
      const byteCount = Math.min(rest.length, maxBytes, buffer.length - offset);
      buffer.set(rest.subarray(0, byteCount), offset);
      rest = rest.subarray(byteCount);
      return { buffer, byteCount, done: false };
    },
    cancel(reason) {
      rest = none;
      return chunks.cancel(reason);
    },
  };
}
