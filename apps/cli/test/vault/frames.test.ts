import { Duplex, PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFrameReader, writeFrame } from "../../src/vault/frames.ts";

/** A stream that notes what is written to it; `onWrite` sees each chunk as it is. */
function recorder(onWrite: (chunk: Buffer) => void): Duplex {
  return new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      onWrite(chunk);
      done();
    },
  });
}

/** A frame's bytes as they stand on the wire. */
async function toBytes(members: Record<string, unknown>, parts: Uint8Array[]): Promise<Buffer> {
  const copies: Buffer[] = [];
  await writeFrame(
    recorder((chunk) => copies.push(Buffer.from(chunk))),
    members,
    parts,
  );
  return Buffer.concat(copies);
}

/** A reader of `bytes` that come in pieces of `size`. */
function readerOf(bytes: Uint8Array, size = bytes.length || 1) {
  const stream = new PassThrough();
  const reader = createFrameReader(stream);
  for (let at = 0; at < bytes.length; at += size) {
    stream.write(Uint8Array.from(bytes.subarray(at, at + size)));
  }
  stream.end();
  return reader;
}

describe("frames", () => {
  test("come out as they went in, however they are cut", async () => {
    const frame = fc.record({
      name: fc.string(),
      parts: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        async (frames, size) => {
          const bytes = await Promise.all(
            frames.map(({ name, parts }) => toBytes({ name }, parts)),
          );
          const reader = readerOf(Buffer.concat(bytes), size);
          for (const { name, parts } of frames) {
            expect(await reader.next()).toEqual({
              members: { name },
              parts: parts.map((part) => Uint8Array.from(part)),
            });
          }
          expect(await reader.next()).toBeNull();
        },
      ),
    );
  });

  test.each([
    ["no JSON", "hello\n"],
    ["no object", "[1]\n"],
    ["null", "null\n"],
    ["no UTF-8", Buffer.from([0xff, 0x0a])],
    ["a length that is none", '{"bytes":[1.5]}\nab'],
    ["a negative length", '{"bytes":[-1]}\n'],
    ["lengths that are no array", '{"bytes":3}\nabc'],
    ["too many byte strings", `{"bytes":[${Array(17).fill(0).join(",")}]}\n`],
    ["byte strings that are too large", '{"bytes":[4194305]}\n'],
    ["byte strings that are too large together", '{"bytes":[4194304,1]}\n'],
    ["a line without end", `{"a":"${"a".repeat(2 * 1024 * 1024)}`],
    ["a line that is cut off", '{"a":1'],
    ["byte strings that are cut off", '{"bytes":[4]}\nabc'],
  ])("a frame with %s is refused", async (_, text) => {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    await expect(readerOf(bytes, 65_536).next()).rejects.toThrow(/./);
    await expect(readerOf(bytes, 65_536).next()).rejects.toMatchObject({ name: "FrameError" });
  });

  test("what arrives is wiped once it is taken, and what is sent once it is written", async () => {
    const stream = new PassThrough();
    const chunk = Buffer.from('{"bytes":[6]}\nsecret');
    const reader = createFrameReader(stream);
    stream.write(chunk);
    const frame = await reader.next();
    expect(Buffer.from(frame?.parts[0] ?? []).toString()).toBe("secret");
    expect(chunk.every((byte) => byte === 0)).toBe(true);

    const seen: Buffer[] = [];
    await writeFrame(
      recorder((written) => seen.push(written)),
      {},
      [Buffer.from("secret")],
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(Buffer.concat(seen).every((byte) => byte === 0)).toBe(true);
  });
});
