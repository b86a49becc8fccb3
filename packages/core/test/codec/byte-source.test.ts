import { describe, expect, test } from "vitest";
import { type ByteSource, chunkSource, streamSource } from "../../src/codec/byte-source.ts";
import { iterate, sourcesByName, toBytes } from "../support/byte-streams.ts";

/** Reads everything into one buffer of `size` bytes, `maxBytes` at a time. */
async function readAll(source: ByteSource, size: number, maxBytes: number) {
  let buffer = new Uint8Array(size).fill(0xee);
  let length = 0;
  const counts: number[] = [];
  for (;;) {
    const read = await source.readInto(buffer, length, maxBytes);
    buffer = read.buffer;
    if (read.done) return { buffer, length, counts };
    counts.push(read.byteCount);
    length += read.byteCount;
  }
}

describe.each(Object.entries(sourcesByName))("a source made of %s", (_, toSource) => {
  test("puts the bytes at their place and leaves the rest of the buffer alone", async () => {
    const source = toSource([toBytes("abc"), toBytes("de")]);
    const { buffer, length } = await readAll(source, 8, 8);
    expect(length).toBe(5);
    expect(buffer).toEqual(toBytes("abcde", [0xee, 0xee, 0xee]));
  });

  test("keeps what was in the buffer before the place to read to", async () => {
    const buffer = toBytes("ab....");
    const read = await toSource([toBytes("cd")]).readInto(buffer, 2, 4);
    expect(read).toMatchObject({ byteCount: 2, done: false });
    expect(read.buffer).toEqual(toBytes("abcd.."));
  });

  test("reads no more than was asked for, and loses nothing", async () => {
    const { buffer, length, counts } = await readAll(toSource([toBytes("abcdefg")]), 8, 2);
    expect(counts.every((count) => count >= 1 && count <= 2)).toBe(true);
    expect(length).toBe(7);
    expect(buffer.subarray(0, length)).toEqual(toBytes("abcdefg"));
  });

  test("reads no further than the end of the buffer", async () => {
    const source = toSource([toBytes("abcdefg")]);
    const first = await source.readInto(new Uint8Array(5), 2, 100);
    expect(first.byteCount).toBe(3);
    expect(first.buffer).toEqual(toBytes([0, 0], "abc"));
    const second = await source.readInto(new Uint8Array(10), 0, 100);
    expect(second.buffer.subarray(0, second.byteCount)).toEqual(toBytes("defg"));
  });

  test("passes over empty chunks: a read that isn't the last brings a byte", async () => {
    const nothing = new Uint8Array(0);
    const source = toSource([nothing, nothing, toBytes("a"), nothing, toBytes("b"), nothing]);
    const { counts } = await readAll(source, 4, 4);
    expect(counts).toEqual([1, 1]);
  });

  test("says that it is done, with no bytes and the buffer as it was, as often as asked", async () => {
    const source = toSource([]);
    for (const text of ["first", "again"]) {
      const read = await source.readInto(toBytes(text), 1, 2);
      expect(read).toMatchObject({ byteCount: 0, done: true });
      expect(read.buffer).toEqual(toBytes(text));
    }
  });

  test("ends when it is cancelled", async () => {
    const source = toSource([toBytes("abcd"), toBytes("b"), toBytes("c")]);
    await source.readInto(new Uint8Array(4), 0, 2);
    await source.cancel();
    expect((await source.readInto(new Uint8Array(4), 0, 4)).done).toBe(true);
  });
});

describe.each(["bytes", undefined] as const)("a stream of type %s", (type) => {
  /** A stream that never ends and notes why it was cancelled. */
  function endlessStream() {
    const reasons: unknown[] = [];
    const underlying = {
      pull: (controller: { enqueue(chunk: Uint8Array<ArrayBuffer>): void }) =>
        controller.enqueue(toBytes("abcd")),
      cancel: (reason: unknown) => void reasons.push(reason),
    };
    const stream: ReadableStream<Uint8Array<ArrayBuffer>> =
      type === "bytes"
        ? new ReadableStream({ ...underlying, type })
        : new ReadableStream(underlying);
    return { stream, reasons };
  }

  test("is locked from the start, and refused when somebody reads it already", () => {
    const { stream } = endlessStream();
    streamSource(stream);
    expect(stream.locked).toBe(true);
    expect(() => streamSource(stream)).toThrow(TypeError);
  });

  test("is cancelled with the reason, before any read", async () => {
    const { stream, reasons } = endlessStream();
    await streamSource(stream).cancel("enough");
    expect(reasons).toEqual(["enough"]);
  });

  test("is cancelled with the reason, amid its chunks", async () => {
    const { stream, reasons } = endlessStream();
    const source = streamSource(stream);
    await source.readInto(new Uint8Array(3), 0, 3);
    await source.cancel("enough");
    expect(reasons).toEqual(["enough"]);
  });

  test("rejects a read with its own error", async () => {
    const failure = new RangeError("the line went dead");
    const underlying = {
      pull: (controller: { error(reason: unknown): void }) => controller.error(failure),
    };
    const stream: ReadableStream<Uint8Array<ArrayBuffer>> =
      type === "bytes"
        ? new ReadableStream({ ...underlying, type })
        : new ReadableStream(underlying);
    const reading = streamSource(stream).readInto(new Uint8Array(3), 0, 3);
    await expect(reading).rejects.toBe(failure);
  });
});

test("an iterable is asked to return when its source is cancelled", async () => {
  let isClosed = false;
  async function* chunks() {
    try {
      for (;;) yield await Promise.resolve(toBytes("a"));
    } finally {
      isClosed = true;
    }
  }
  const source = chunkSource(chunks());
  await source.readInto(new Uint8Array(1), 0, 1);
  await source.cancel();
  expect(isClosed).toBe(true);
});

test("an iterable that can't return is cancelled without a word", async () => {
  const chunks = { [Symbol.asyncIterator]: () => ({ next: () => iterate([toBytes("a")]).next() }) };
  await expect(chunkSource(chunks).cancel()).resolves.toBeUndefined();
});
