/** Ways to hand bytes to the code under test, cut into chunks as a test wants them. */
import { type ByteSource, chunkSource, streamSource } from "../../src/codec/byte-source.ts";

/** Text, which becomes UTF-8, or bytes as they are. */
export type Part = string | readonly number[] | Uint8Array;

/** The bytes of all parts, one after the other. */
export function toBytes(...parts: readonly Part[]) {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) =>
    typeof part === "string" ? encoder.encode(part) : Uint8Array.from(part),
  );
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** Cuts `bytes` at each of `cuts`, which may come in any order and more than once. */
export function cutAt(bytes: Uint8Array<ArrayBuffer>, cuts: readonly number[]) {
  const ordered = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return ordered.slice(1).map((cut, index) => bytes.slice(ordered[index], cut));
}

/** An async iterable of `chunks`, as a Node stream is one. */
export async function* iterate<Chunk>(chunks: Iterable<Chunk>): AsyncGenerator<Chunk> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** A stream that hands out `chunks` as they are, without BYOB. */
export function defaultStream(chunks: Iterable<Uint8Array<ArrayBuffer>>) {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}

/** A byte stream, which a BYOB reader can read. Empty chunks are left out: such streams have none. */
function byteStream(chunks: Iterable<Uint8Array<ArrayBuffer>>) {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      for (;;) {
        const next = iterator.next();
        if (next.done === true) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        if (next.value.length === 0) continue;
        controller.enqueue(next.value);
        return;
      }
    },
  });
}

/** Every way from chunks to a source, by name. */
export const sourcesByName: Readonly<
  Record<string, (chunks: Iterable<Uint8Array<ArrayBuffer>>) => ByteSource>
> = {
  "an iterable of chunks": (chunks) => chunkSource(iterate(chunks)),
  "a stream without BYOB": (chunks) => streamSource(defaultStream(chunks)),
  "a byte stream": (chunks) => streamSource(byteStream(chunks)),
};
