/** The reader on the streams that the platform itself makes, which differ from ours in their manners. */
import { describe, expect, test } from "vitest";
import { streamSource } from "../../src/codec/byte-source.ts";
import { readLines } from "../../src/codec/ndjson.ts";
import { cutAt, defaultStream, toBytes } from "../support/byte-streams.ts";
import { type Line, naiveLines } from "../support/naive-lines.ts";

const noLimit = { maxTotalBytes: Number.MAX_SAFE_INTEGER };

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(streamSource(stream), noLimit)) lines.push(...batch.lines);
  return lines;
}

function requestBody(body: BodyInit): ReadableStream<Uint8Array<ArrayBuffer>> {
  // Browsers and Node want it said that the answer doesn't come before the end of a streamed body.
  const init = { method: "POST", body, duplex: "half" };
  return new Request("https://store.test/", init).body as ReadableStream<Uint8Array<ArrayBuffer>>;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function unpack(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return stream.pipeThrough(new DecompressionStream("gzip"));
}

const small = toBytes([0xef, 0xbb, 0xbf], "a\r\n\n", [0xff], "\n€\nlast without a newline");
const large = toBytes(
  Array.from({ length: 3000 }, (_, index) => "é€x".repeat(index % 250)).join("\n"),
  "\n",
  [0xe2, 0x82],
);

describe.each([
  ["a few lines", small],
  ["many blocks", large],
])("%s", (_, input) => {
  const expected = naiveLines(input);

  test("arrive whole from a blob", async () => {
    expect(await collect(new Blob([input]).stream())).toEqual(expected);
  });

  test("arrive whole from the body of an answer", async () => {
    const body = new Response(input).body as ReadableStream<Uint8Array<ArrayBuffer>>;
    expect(await collect(body)).toEqual(expected);
  });

  test("arrive whole from the body of a request", async () => {
    expect(await collect(requestBody(input))).toEqual(expected);
  });

  test("arrive whole from one branch of a stream read twice", async () => {
    const [first, second] = new Blob([input]).stream().tee();
    const [lines, bytes] = await Promise.all([collect(first), new Response(second).arrayBuffer()]);
    expect(lines).toEqual(expected);
    expect(bytes.byteLength).toBe(input.length);
  });

  test("arrive whole from gzip, also when its bytes come in pieces", async () => {
    const packed = await gzip(input);
    expect(await collect(unpack(new Blob([packed]).stream()))).toEqual(expected);
    const pieces = cutAt(packed, [1, 2, 11, 18, Math.floor(packed.length / 2), packed.length - 3]);
    expect(await collect(unpack(defaultStream(pieces)))).toEqual(expected);
  });
});

test("gzip cut short fails the reading instead of ending it", async () => {
  const packed = await gzip(large);
  await expect(collect(unpack(new Blob([packed.slice(0, -9)]).stream()))).rejects.toThrow();
});

test("gzip with a damaged byte fails the reading", async () => {
  const packed = await gzip(small);
  packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 0xff;
  await expect(collect(unpack(new Blob([packed]).stream()))).rejects.toThrow();
});
