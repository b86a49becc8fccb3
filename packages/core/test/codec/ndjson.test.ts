import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type ByteSource, chunkSource } from "../../src/codec/byte-source.ts";
import { utf8ByteLength } from "../../src/codec/bytes.ts";
import {
  InputTooLargeError,
  type LineBatch,
  maxLineBytes,
  readLines,
} from "../../src/codec/ndjson.ts";
import { type Part, cutAt, iterate, sourcesByName, toBytes } from "../support/byte-streams.ts";
import { type Line, naiveLines } from "../support/naive-lines.ts";

const noLimit = { maxTotalBytes: Number.MAX_SAFE_INTEGER };
const tooLarge = { fault: "line_too_large" };
const invalid = { fault: "invalid_utf8" };
const mark = [0xef, 0xbb, 0xbf];

async function collect(source: ByteSource, options = noLimit): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(source, options)) {
    expect(batch.firstLineNo).toBe(lines.length + 1);
    expect(batch.lines.length).toBeGreaterThan(0);
    expect(batch.byteLengths.length).toBe(batch.lines.length);
    const isMiscounted = batch.lines.some(
      (line, index) =>
        typeof line === "string" && utf8ByteLength(line) !== batch.byteLengths[index],
    );
    expect(isMiscounted).toBe(false);
    lines.push(...batch.lines);
  }
  return lines;
}

const collectChunks = (...chunks: Uint8Array<ArrayBuffer>[]) =>
  collect(chunkSource(iterate(chunks)));
const collectBytes = (...parts: Part[]) => collectChunks(toBytes(...parts));

describe("framing", () => {
  test.each<[string, string, string[]]>([
    ["an empty input has no lines", "", []],
    ["a line without a newline is a line", "a", ["a"]],
    ["a newline ends a line and starts none", "a\n", ["a"]],
    ["one newline is one blank line", "\n", [""]],
    ["newlines alone are as many blank lines", "\n\n\n", ["", "", ""]],
    ["CRLF ends a line as LF does, even side by side", "a\r\nb\nc\r\n", ["a", "b", "c"]],
    ["a blank line may end in CRLF", "\r\na\r\n\r\n", ["", "a", ""]],
    ["blank lines keep their numbers", "a\n\n\nb", ["a", "", "", "b"]],
    [
      "one carriage return before the newline belongs to it, others to the line",
      "a\r\r\n",
      ["a\r"],
    ],
    ["a carriage return inside a line stays", "a\rb\n", ["a\rb"]],
    ["a last line may end in CR alone", "a\nb\r", ["a", "b"]],
    ["U+2028 and U+0085 end no line", "a\u2028b\u0085c\n", ["a\u2028b\u0085c"]],
    ["NUL is a character like any other", "a\0b\n\0\n", ["a\0b", "\0"]],
  ])("%s", async (_, text, lines) => {
    expect(await collectBytes(text)).toEqual(lines);
    expect(naiveLines(toBytes(text))).toEqual(lines);
  });

  test("a byte order mark at the start is dropped, and nowhere else", async () => {
    expect(await collectBytes(mark, "a\n")).toEqual(["a"]);
    expect(await collectBytes(mark)).toEqual([]);
    expect(await collectBytes(mark, "\n")).toEqual([""]);
    expect(await collectBytes(mark, mark, "a")).toEqual(["\ufeffa"]);
    expect(await collectBytes("a\n", mark, "b\n")).toEqual(["a", "\ufeffb"]);
    expect(await collectBytes("\n", mark, "b")).toEqual(["", "\ufeffb"]);
  });

  test("the first bytes of a byte order mark alone are not UTF-8", async () => {
    expect(await collectBytes([0xef, 0xbb])).toEqual([invalid]);
    expect(await collectBytes([0xef])).toEqual([invalid]);
    expect(await collectBytes([0xef, 0xbb], "\na")).toEqual([invalid, "a"]);
  });

  test.each([
    [0x61, 0xbb, 0xbf],
    [0xef, 0x61, 0xbf],
    [0xef, 0xbb, 0x61],
  ])("three bytes that only resemble a byte order mark stay: %i %i %i", async (...bytes) => {
    expect(await collectBytes(bytes, "\na")).toEqual([invalid, "a"]);
  });

  test("the bytes of each line are told, without its ending", async () => {
    const batches = await Array.fromAsync(
      readLines(chunkSource(iterate([toBytes("a\r\n\nüü\n€")])), noLimit),
    );
    expect(batches.flatMap((batch) => batch.byteLengths)).toEqual([1, 0, 4, 3]);
  });
});

describe("UTF-8", () => {
  test.each<[string, readonly number[]]>([
    ["a byte that never occurs", [0xff]],
    ["a continuation without a start", [0x80]],
    ["a sequence cut short", [0xe2, 0x82]],
    ["a sequence of four cut short", [0xf0, 0x9f, 0x98]],
    ["an overlong spelling of /", [0xc0, 0xaf]],
    ["an overlong spelling of NUL", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a character beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
  ])("%s spoils its own line only, wherever it stands", async (_, bytes) => {
    expect(await collectBytes(bytes, "\na\nb")).toEqual([invalid, "a", "b"]);
    expect(await collectBytes("a\nx", bytes, "y\r\nb")).toEqual(["a", invalid, "b"]);
    expect(await collectBytes("a\nb\n", bytes)).toEqual(["a", "b", invalid]);
    expect(await collectBytes("é\n", bytes, "\n\n", bytes, "\r\nü\n")).toEqual([
      "é",
      invalid,
      "",
      invalid,
      "ü",
    ]);
  });

  test("a newline ends a sequence cut short, so the next line is whole", async () => {
    expect(await collectBytes([0xe2, 0x82], "\n", [0xac], "\n€\n")).toEqual([
      invalid,
      invalid,
      "€",
    ]);
  });
});

describe.each(Object.entries(sourcesByName))("from %s", (_, toSource) => {
  test("a cut at any byte changes nothing", async () => {
    const input = toBytes(mark, "a\r\n\n", [0xff], "\n€😀\r\né", [0xe2, 0x82], "\r\n\r\nend");
    const expected = ["a", "", invalid, "€😀", invalid, "", "end"];
    expect(naiveLines(input)).toEqual(expected);
    for (let cut = 0; cut <= input.length; cut++) {
      expect(await collect(toSource(cutAt(input, [cut])))).toEqual(expected);
    }
    const everywhere = Array.from(input.keys());
    expect(await collect(toSource(cutAt(input, everywhere)))).toEqual(expected);
  });

  test("any bytes, cut anyhow, give the lines of the naive reader", async () => {
    const piece = fc.constantFrom<number[]>(
      ...["\n", "\r", "\r\n", "a", '{"a":1}', "é", "€", "😀", "\0"].map((text) => [
        ...toBytes(text),
      ]),
      mark,
      [0xff],
      [0xe2],
      [0xf0, 0x9f],
      [0x80],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.array(fc.nat(120), { maxLength: 20 }),
        async (pieces, cuts) => {
          const input = toBytes(...pieces);
          const lines = await collect(toSource(cutAt(input, cuts)));
          expect(lines).toEqual(naiveLines(input));
        },
      ),
    );
  });

  test("inputs of many blocks give the lines of the naive reader, wherever a block ends", async () => {
    // Each line has a length of its own, so that blocks end at every place of a line; the offset
    // moves the border through all bytes of a character.
    const body = Array.from({ length: 1500 }, (_, index) => "€".repeat((index * 37) % 1000));
    for (const offset of [0, 1, 2]) {
      const input = toBytes("x".repeat(offset), body.join("\n"), "\n", [0xe2, 0x82], "\nlast");
      const expected = naiveLines(input);
      expect(expected).toHaveLength(1502);
      const chunks = cutAt(
        input,
        Array.from({ length: 30 }, (_, index) => index * 77_777),
      );
      // Compared as text: a difference in two arrays of a megabyte is of no use to anyone.
      const lines = await collect(toSource(chunks));
      expect(lines.length).toBe(expected.length);
      expect(lines.findIndex((line, index) => !isSame(line, expected[index]))).toBe(-1);
    }
  });
});

function isSame(line: Line, other: Line | undefined): boolean {
  return JSON.stringify(line) === JSON.stringify(other);
}

describe("the cap on a line", () => {
  const atCap = "x".repeat(maxLineBytes);
  const shape = (lines: Line[]) =>
    lines.map((line) => (typeof line === "string" ? line.length : line.fault));

  test.each(["\n", "\r\n"])("counts bytes without the ending %j", async (ending) => {
    const lines = await collectBytes(atCap, ending, atCap, "x", ending, "a", ending);
    expect(shape(lines)).toEqual([maxLineBytes, "line_too_large", 1]);
  });

  test.each(["", "\n", "\r", "\r\n"])(
    "holds for a last line that ends in %j too",
    async (ending) => {
      expect(shape(await collectBytes("a\n", atCap, ending))).toEqual([1, maxLineBytes]);
      expect(shape(await collectBytes("a\n", atCap, "x", ending))).toEqual([1, "line_too_large"]);
    },
  );

  test("counts the bytes of characters outside ASCII", async () => {
    const euros = "€".repeat(Math.floor(maxLineBytes / 3));
    const rest = "x".repeat(maxLineBytes - 3 * euros.length);
    expect(shape(await collectBytes(euros, rest, "\n", euros, rest, "x\n", "a"))).toEqual([
      euros.length + rest.length,
      "line_too_large",
      1,
    ]);
    const pairs = "😀".repeat(maxLineBytes / 4);
    expect(shape(await collectBytes(pairs, "\n", pairs, "x\n"))).toEqual([
      pairs.length,
      "line_too_large",
    ]);
  });

  test("comes before the check of its bytes", async () => {
    expect(await collectBytes(atCap, [0xff], "\na")).toEqual([tooLarge, "a"]);
    expect(await collectBytes(atCap.slice(1), [0xff], "\na")).toEqual([invalid, "a"]);
  });

  test("takes one number for one line, however long it is", async () => {
    const long = "x".repeat(1_500_000);
    expect(await collectBytes("a\n", long, "\nb\n\n", long, "\r\n", long, "\nc")).toEqual([
      "a",
      tooLarge,
      "b",
      "",
      tooLarge,
      tooLarge,
      "c",
    ]);
    expect(await collectBytes("a\n", long)).toEqual(["a", tooLarge]);
    expect(await collectBytes(mark, long, "\n", mark, "b")).toEqual([tooLarge, "\ufeffb"]);
  });

  test("is the same wherever a line around it is cut", async () => {
    const input = toBytes("a\n", atCap, "\r\n", atCap, "x\r\nb\n", atCap, "\nc");
    const expected = naiveLines(input);
    expect(shape(expected)).toEqual([1, maxLineBytes, "line_too_large", 1, maxLineBytes, 1]);
    for (const border of [2, maxLineBytes + 2, 2 * maxLineBytes + 4, 3 * maxLineBytes + 7]) {
      for (let cut = border - 3; cut <= border + 3; cut++) {
        const lines = await collectChunks(...cutAt(input, [cut]));
        expect(shape(lines)).toEqual(shape(expected));
      }
    }
  });

  test("any mix of lengths around it gives the lines of the naive reader", async () => {
    const length = fc.oneof(
      fc.integer({ min: maxLineBytes - 2, max: maxLineBytes + 3 }),
      fc.constantFrom(0, 1, 1000, 200_000, 600_000),
    );
    const line = fc.tuple(length, fc.constantFrom("\n", "\r\n"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.array(fc.nat(1_000_000), { maxLength: 5 }),
        async (lines, hasLastEnding, cuts) => {
          const text = lines.map(([length, ending]) => "x".repeat(length) + ending).join("");
          const input = toBytes(hasLastEnding ? text : text.trimEnd());
          const chunks = cutAt(
            input,
            cuts.map((cut) => Math.min(cut, input.length)),
          );
          expect(shape(await collectChunks(...chunks))).toEqual(shape(naiveLines(input)));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("memory", () => {
  /** Counts what a reader asks of its source and hands out. */
  async function measure(chunks: Iterable<Uint8Array<ArrayBuffer>>) {
    const inner = chunkSource(iterate(chunks));
    const buffers = new Set<ArrayBuffer>();
    let longestBatch = 0;
    let batchCount = 0;
    let lastBatch: LineBatch | undefined;
    const source: ByteSource = {
      readInto(buffer, offset, maxBytes) {
        buffers.add(buffer.buffer);
        return inner.readInto(buffer, offset, maxBytes);
      },
      cancel: (reason) => inner.cancel(reason),
    };
    for await (const batch of readLines(source, noLimit)) {
      batchCount += 1;
      lastBatch = batch;
      const lengths = batch.lines.map((line) => (typeof line === "string" ? line.length : 0));
      longestBatch = Math.max(
        longestBatch,
        lengths.reduce((sum, length) => sum + length, 0),
      );
    }
    const bufferBytes = [...buffers].map((buffer) => buffer.byteLength);
    return { bufferBytes, longestBatch, batchCount, lastBatch };
  }

  const chunk = new Uint8Array(100_000).fill(0x78);
  const blockBytes = 512 * 1024;

  test("a line of 50 MB is skipped in one block, reported once, and the next line is read", async () => {
    function* chunks() {
      yield toBytes("a\n");
      for (let count = 0; count < 500; count++) yield chunk;
      yield toBytes("\r\nb");
    }
    const { bufferBytes, batchCount, lastBatch, longestBatch } = await measure(chunks());
    expect(bufferBytes).toEqual([blockBytes]);
    expect(batchCount).toBe(3);
    expect(longestBatch).toBe(1);
    expect(lastBatch).toMatchObject({ firstLineNo: 3, lines: ["b"] });
  });

  test("many lines of nearly the cap need one block, and no batch is longer than it", async () => {
    const long = toBytes("x".repeat(maxLineBytes), "\n");
    function* chunks() {
      for (let count = 0; count < 100; count++) yield long;
    }
    const { bufferBytes, longestBatch, lastBatch } = await measure(chunks());
    expect(bufferBytes).toEqual([blockBytes]);
    expect(longestBatch).toBeLessThanOrEqual(blockBytes);
    expect((lastBatch?.firstLineNo ?? 0) + (lastBatch?.lines.length ?? 0)).toBe(101);
  });

  test("a chunk larger than a block is taken block by block", async () => {
    const big = toBytes("0123456\n".repeat(300_000));
    const { bufferBytes, longestBatch } = await measure([big]);
    expect(bufferBytes).toEqual([blockBytes]);
    expect(longestBatch).toBeLessThanOrEqual(blockBytes);
  });
});

test("a long line in tiny chunks is searched once, not once for each chunk", async () => {
  const input = toBytes("x".repeat(100_000), "\n");
  const chunks = cutAt(
    input,
    Array.from({ length: 10_000 }, (_, index) => index * 10),
  );
  let searchedBytes = 0;
  const spies = (["indexOf", "lastIndexOf"] as const).map((name) => {
    const search = Uint8Array.prototype[name];
    return vi.spyOn(Uint8Array.prototype, name).mockImplementation(function (
      this: Uint8Array,
      ...args: [number]
    ) {
      searchedBytes += this.length;
      return search.apply(this, args);
    });
  });
  try {
    expect(await collectChunks(...chunks)).toHaveLength(1);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  expect(searchedBytes).toBeGreaterThanOrEqual(input.length);
  expect(searchedBytes).toBeLessThan(3 * input.length);
});

describe("the cap on the input", () => {
  const input = toBytes("aaaa\nbbbb\n");

  test("lets an input of just that size through", async () => {
    const lines = await collect(chunkSource(iterate([input])), { maxTotalBytes: input.length });
    expect(lines).toEqual(["aaaa", "bbbb"]);
  });

  test("refuses one byte more, however it is cut", async () => {
    for (let cut = 0; cut <= input.length; cut++) {
      const reading = collect(chunkSource(iterate(cutAt(input, [cut]))), {
        maxTotalBytes: input.length - 1,
      });
      await expect(reading).rejects.toThrow(InputTooLargeError);
      await expect(reading).rejects.toMatchObject({ maxBytes: input.length - 1 });
    }
  });

  test("counts a line that is skipped", async () => {
    const long = toBytes("x".repeat(2_000_000));
    const options = { maxTotalBytes: 1_999_999 };
    await expect(collect(chunkSource(iterate([long])), options)).rejects.toThrow(
      InputTooLargeError,
    );
  });

  test("stops reading an endless input", async () => {
    let chunkCount = 0;
    async function* endless() {
      for (;;) {
        chunkCount += 1;
        yield await Promise.resolve(new Uint8Array(1000));
      }
    }
    const reading = collect(chunkSource(endless()), { maxTotalBytes: 10_000 });
    await expect(reading).rejects.toThrow(InputTooLargeError);
    expect(chunkCount).toBe(11);
  });
});

test("a failing source fails the reading, after the lines that were whole", async () => {
  async function* failing() {
    yield await Promise.resolve(toBytes("a\nb\nc"));
    throw new RangeError("the line went dead");
  }
  const lines: Line[] = [];
  const reading = (async () => {
    for await (const batch of readLines(chunkSource(failing()), noLimit))
      lines.push(...batch.lines);
  })();
  await expect(reading).rejects.toThrow(RangeError);
  expect(lines).toEqual(["a", "b"]);
});
