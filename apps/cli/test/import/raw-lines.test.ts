import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chunkSource } from "@hi-stranger/core/codec/byte-source";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRawLines } from "../../src/import/raw-lines.ts";
import { type Folder, createFolder } from "../support/server.ts";

let folder: Folder;

beforeAll(async () => {
  folder = await createFolder();
});

afterAll(() => folder.remove());

async function readRaw(content: Uint8Array, lineNos: readonly number[]): Promise<Buffer[]> {
  const path = join(folder.path, "in");
  await writeFile(path, content);
  const lines = createRawLines(path, new AbortController().signal);
  const found: Buffer[] = [];
  for (const lineNo of lineNos) {
    const parts: Uint8Array[] = [];
    for await (const part of lines.read(lineNo)) parts.push(part);
    found.push(Buffer.concat(parts));
  }
  await lines.close();
  return found;
}

test("lines are numbered and ended as the NDJSON reader does, whatever bytes they hold", async () => {
  const bytes = fc
    .array(fc.constantFrom("a", "é", "\n", "\r", "\r\n", "\0"), { maxLength: 60 })
    .map((parts) => Buffer.from(`x${parts.join("")}`));
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (content, isGzip) => {
      const expected: Buffer[] = [];
      const source = chunkSource(
        (async function* () {
          yield content;
        })(),
      );
      for await (const { lines } of readLines(source, { maxTotalBytes: content.length })) {
        for (const line of lines) expected.push(Buffer.from(line as string));
      }
      const lineNos = expected.map((_, index) => index + 1);
      expect(await readRaw(isGzip ? gzipSync(content) : content, lineNos)).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

test("lines in between may be left out, and one after the last is empty", async () => {
  const content = Buffer.from("one\ntwo\r\nthree\nfour");
  expect((await readRaw(content, [2, 4, 9])).map(String)).toEqual(["two", "four", ""]);
});
