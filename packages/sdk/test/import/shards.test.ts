import { type ByteSource, chunkSource } from "@hi-stranger/core/codec/byte-source";
import { maxLineBytes } from "@hi-stranger/core/codec/ndjson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toShardKey } from "../../src/import/pack.ts";
import { type Shard, cutShards, shardLines } from "../../src/import/shards.ts";

const encoder = new TextEncoder();

/** `bytes` in chunks of `chunkBytes`. */
function sourceOf(bytes: Uint8Array, chunkBytes = 4096): ByteSource {
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      yield bytes.subarray(start, start + chunkBytes);
    }
  }
  return chunkSource(chunks());
}

async function cut(
  input: Uint8Array | string,
  { maxShardBytes = 1000, maxShardLines = 1000, chunkBytes = 4096 } = {},
): Promise<Shard[]> {
  const bytes = typeof input === "string" ? encoder.encode(input) : input;
  const source = sourceOf(bytes, chunkBytes);
  return Array.fromAsync(cutShards(source, { maxShardBytes, maxShardLines }, () => undefined));
}

const idLine = (id: string) => `{"profile_id":"${id}"}`;

describe("cutShards", () => {
  test("gives every line that is not blank once, in order, with its number in the file", async () => {
    const lines = fc.array(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", " ", "\t\r")),
    );
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.nat(60),
        fc.nat(5),
        fc.boolean(),
        async (texts, bytes, count, isCrlf) => {
          const clean = texts.map((text) => text.replace(/[\n\r\ufeff]/g, ""));
          const shards = await cut(clean.join(isCrlf ? "\r\n" : "\n"), {
            maxShardBytes: bytes + 1,
            maxShardLines: count + 1,
          });
          const expected = clean
            .map((text, index) => [index + 1, text] as const)
            .filter(([, text]) => text.trim() !== "");
          const found = shards.flatMap((shard) =>
            shardLines(shard).map((text, index) => [shard.lineNos[index], text] as const),
          );
          expect(found).toEqual(expected);
          expect(shards.map(({ shardNo }) => shardNo)).toEqual(shards.map((_, index) => index + 1));
          for (const shard of shards) {
            expect(shard.lineNos.length).toBeLessThanOrEqual(count + 1);
            expect(shard.bytes.length <= bytes + 1 || shard.lineNos.length === 1).toBe(true);
            expect([shard.firstLineNo, shard.lastLineNo]).toEqual([
              shard.lineNos[0],
              shard.lineNos.at(-1),
            ]);
          }
        },
      ),
    );
  });

  test("cuts in the same places, to the same keys, however the bytes arrive", async () => {
    const text = Array.from({ length: 200 }, (_, index) =>
      idLine(`usr_${"ä".repeat(index % 7)}${index}`),
    ).join("\n");
    const keysOf = async (chunkBytes: number) =>
      Promise.all((await cut(text, { chunkBytes })).map(toShardKey));
    const keys = await keysOf(1);
    expect(keys.length).toBeGreaterThan(3);
    expect(new Set(keys).size).toBe(keys.length);
    for (const chunkBytes of [2, 7, 100, 4096, 1_000_000])
      expect(await keysOf(chunkBytes)).toEqual(keys);
  });

  test("gives equal lines at another place another key", async () => {
    const line = `${idLine("usr_aaaaaa")}\n`;
    const shards = await cut(line.repeat(4), { maxShardLines: 2 });
    expect(shards.map(({ bytes }) => bytes)).toEqual([
      encoder.encode(line.repeat(2)),
      encoder.encode(line.repeat(2)),
    ]);
    const [first, second] = await Promise.all(shards.map(toShardKey));
    expect(first).not.toBe(second);
  });

  test("fills a shard to its last byte and no further", async () => {
    const [shard, ...others] = await cut("äaaa\nbbbb\n", { maxShardBytes: 11 });
    expect([shard?.lineNos, others.length]).toEqual([[1, 2], 0]);
    const cutTwice = await cut("äaaa\nbbbb\n", { maxShardBytes: 10 });
    expect(cutTwice.map(({ lineNos }) => lineNos)).toEqual([[1], [2]]);
  });

  test("takes the longest line whatever the limit, and refuses a longer one without sending it", async () => {
    const longest = "x".repeat(maxLineBytes);
    const shards = await cut(`a\n${longest}\n${longest}x\nb`, { maxShardBytes: 10 });
    expect(shards.map(({ lineNos }) => lineNos)).toEqual([[1], [2], [4]]);
    expect(shards.flatMap(({ faulty }) => faulty)).toEqual([
      {
        lineNo: 3,
        text: null,
        errors: [{ path: "", errorCode: "line_too_large", message: "is longer than 131072 bytes" }],
      },
    ]);
  });

  test("refuses bytes that are no UTF-8 by their line, also where nothing else is left", async () => {
    const bad = [0x61, 0xff, 0x0a];
    const [only, ...others] = await cut(new Uint8Array([...bad, 0x0a, ...bad]));
    expect(others).toEqual([]);
    expect(only?.bytes.length).toBe(0);
    expect(only?.faulty.map(({ lineNo }) => lineNo)).toEqual([1, 3]);
    expect([only?.firstLineNo, only?.lastLineNo]).toEqual([1, 3]);
    const many = await cut(new Uint8Array([...bad, ...bad, ...bad]), { maxShardLines: 2 });
    expect(many.map(({ faulty }) => faulty.length)).toEqual([2, 1]);
  });

  test("drops a byte order mark at the start of the file and keeps one at the start of a shard", async () => {
    const shards = await cut("\ufeffa\n\ufeffb\n\ufeffc\n", { maxShardBytes: 8 });
    expect(shards.map((shard) => shardLines(shard))).toEqual([
      ["a", "\ufeffb"],
      ["", "\ufeffc"],
    ]);
    expect(shards.map(({ lineNos }) => lineNos)).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });

  test("makes no shard of an empty file, or of blank lines", async () => {
    for (const text of ["", "\n", "\r\n \r\n\t", "\ufeff"]) expect(await cut(text)).toEqual([]);
  });

  test("tells how many lines it has read", async () => {
    const counts: number[] = [];
    const limits = { maxShardBytes: 4, maxShardLines: 10 };
    const source = sourceOf(encoder.encode("a\n\nb\nc"), 2);
    await Array.fromAsync(cutShards(source, limits, (count) => counts.push(count)));
    expect(counts.at(-1)).toBe(4);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  test("knows the ids of its lines in every spelling that a store accepts, and in no string", async () => {
    const shards = await cut(
      [
        idLine("usr_plain1"),
        '{ "profile_id" : "usr_spaced" }',
        '{"profile\\u005fid":"usr_escape"}',
        '{"profile_id":"usr_\\u0065scaped"}',
        '{"bio":"\\"profile_id\\":\\"usr_quoted\\"","profile_id":"usr_after1"}',
        '{"profile_id":7}',
        "[]",
        "null",
        "no json",
      ].join("\n"),
    );
    expect([...(shards[0]?.ids ?? [])].sort()).toEqual(
      ["usr_after1", "usr_escape", "usr_escaped", "usr_plain1", "usr_spaced"].sort(),
    );
  });
});
