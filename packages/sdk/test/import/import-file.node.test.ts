import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { idsOf, rowOf } from "../../../core/test/profile-rows.ts";
import { generatePersonaLines, generatePersonas } from "../../src/demo/personas.ts";
import { importInShards } from "../../src/import/import-file.ts";
import type { ImportOptions, ImportProgress, RefusedLine } from "../../src/import/types.ts";
import { readFileAsModel, sourceOf, storedLines, toFile } from "../support/import-file.ts";
import { type LocalStore, startLocalStore } from "../support/local-store.ts";

let local: LocalStore;
beforeAll(async () => {
  local = await startLocalStore();
});
afterAll(() => local.close());
beforeEach(() => local.empty());

/** Runs an import and gathers what it tells. */
async function runImport(bytes: Uint8Array, options: Partial<ImportOptions> = {}) {
  const refused: RefusedLine[] = [];
  const progress: ImportProgress[] = [];
  const summary = await importInShards({
    runId: "a-run",
    client: local.client,
    source: sourceOf(bytes),
    onRefused: (line) => void refused.push(line),
    onProgress: (state) => void progress.push(state),
    ...options,
  });
  return { summary, refused, progress };
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("importInShards", () => {
  test("stores every line of a file in several shards, and sums up their reports", async () => {
    const lines = [...generatePersonaLines({ count: 500, seed: 1 })];
    const file = toFile(lines);
    const { summary, refused, progress } = await runImport(file, { maxShardBytes: 100_000 });
    expect(summary).toMatchObject({
      linesTotal: 500,
      linesValid: 500,
      linesInvalid: 0,
      inserted: 500,
      updated: 0,
      unchanged: 0,
      bytesRead: file.length,
      inputSha256: sha256(file),
      linesUnexplained: 0,
    });
    expect(summary.shards.length).toBeGreaterThan(5);
    expect(refused).toEqual([]);
    expect(await storedLines(local.client)).toEqual(lines);
    for (const shard of summary.shards) {
      const report = await local.client.getImportReport(shard.importId);
      expect(report?.shard_id).toBe(`shard-${shard.shardNo}`);
      expect(report?.lines_total).toBe(shard.lastLineNo - shard.firstLineNo + 1);
    }
    expect(progress.at(-1)).toEqual({
      bytesRead: file.length,
      linesRead: 500,
      linesDone: 500,
      linesRefused: 0,
      shardsDone: summary.shards.length,
      shardsResumed: 0,
      isReadToEnd: true,
    });
  });

  test("what is exported and imported into an empty store is exported again byte for byte", async () => {
    const lines = [...generatePersonaLines({ count: 300, seed: 2 })];
    await runImport(toFile(lines.toReversed(), "\r\n"), { maxShardBytes: 50_000 });
    const first = new Uint8Array(
      await new Response(await local.client.exportProfiles()).arrayBuffer(),
    );
    await local.empty();
    await runImport(first);
    const second = await new Response(await local.client.exportProfiles()).arrayBuffer();
    expect(new Uint8Array(second)).toEqual(first);
    expect(first).toEqual(toFile(lines));
  });

  test("another run of the same file stores again what was deleted since the first", async () => {
    const personas = [...generatePersonas({ count: 3, seed: 21 })];
    const file = toFile(personas.map((persona) => JSON.stringify(persona)));
    await runImport(file);
    await local.client.deleteProfile(personas[1]?.profile_id ?? "");
    const { summary } = await runImport(file, { runId: "another-run" });
    expect(summary).toMatchObject({ inserted: 1, unchanged: 2 });
    expect(await local.client.countProfiles()).toBe(3);
  });

  test("sends shards uncompressed when asked, with the same result", async () => {
    const lines = [...generatePersonaLines({ count: 50, seed: 3 })];
    const { summary } = await runImport(toFile(lines), { isGzip: false, maxShardBytes: 20_000 });
    expect(summary.inserted).toBe(50);
    expect(await storedLines(local.client)).toEqual(lines);
    // The same lines in another packing are no other import, and no error.
    const again = await runImport(toFile(lines), { maxShardBytes: 20_000 });
    expect(again.summary).toMatchObject({ inserted: 0, unchanged: 50 });
  });

  test.for([
    ["an empty file", ""],
    ["blank lines alone", "\n \r\n\t\n"],
    ["a byte order mark alone", "\ufeff"],
  ] as const)("sends nothing for %s", async ([, text]) => {
    const file = new TextEncoder().encode(text);
    const { summary, refused } = await runImport(file);
    expect(summary).toMatchObject({ linesTotal: 0, shards: [], inputSha256: sha256(file) });
    expect(refused).toEqual([]);
  });

  test("tells of the one wrong line in many, with its number, text and errors", async () => {
    const lines = [...generatePersonaLines({ count: 400, seed: 4 })];
    const wrong = (lines[250] ?? "").replace('"profile_id":"usr_', '"profile_id":"USR_');
    const { summary, refused } = await runImport(toFile(lines.with(250, wrong)), {
      maxShardBytes: 60_000,
    });
    expect(summary).toMatchObject({ linesValid: 399, linesInvalid: 1, inserted: 399 });
    expect(refused).toEqual([
      {
        lineNo: 251,
        text: wrong,
        errors: [
          { path: "/profile_id", errorCode: "pattern", message: expect.stringContaining("usr_") },
        ],
      },
    ]);
    expect(await storedLines(local.client)).toEqual(lines.toSpliced(250, 1));
  });

  test("goes on past a shard without a valid line", async () => {
    const good = rowOf("usr_goodone").line;
    const file = toFile(["{}", "[]", good, "null"]);
    const { summary, refused } = await runImport(file, { maxShardBytes: 10 });
    expect(summary).toMatchObject({ linesTotal: 4, linesValid: 1, linesInvalid: 3, inserted: 1 });
    expect(refused.map(({ lineNo }) => lineNo)).toEqual([1, 2, 4]);
  });

  test("tells of every refused line where the report holds two hundred errors alone", async () => {
    const lines = [...generatePersonaLines({ count: 600, seed: 5 })].map((line, index) => {
      if (index % 4 === 0)
        return line
          .replace('"assertiveness_level":', '"assertive":')
          .replace(/"age":\d+/, '"age":7');
      return index % 4 === 2 ? line.slice(0, -1) : line;
    });
    const file = toFile(["", ...lines]);
    const { summary, refused } = await runImport(file);
    const [shard] = summary.shards;
    const report = await local.client.getImportReport(shard?.importId ?? "");
    expect(report?.errors_truncated).toBe(true);
    expect(new Set(report?.errors_sample.map((error) => error.line_no)).size).toBeLessThan(300);
    expect(summary).toMatchObject({ linesInvalid: 300, linesUnexplained: 0 });
    expect(refused).toEqual((await readFileAsModel(file)).refused);
  });

  test("refuses lines that are no text here, and never sends them", async () => {
    const good = rowOf("usr_goodone").line;
    const notText = new Uint8Array([0x7b, 0xff, 0x7d]);
    const file = toFile([notText, good, "x".repeat(131_073), notText]);
    const { summary, refused } = await runImport(file);
    expect(summary).toMatchObject({ linesTotal: 4, linesValid: 1, linesInvalid: 3 });
    expect(refused.map(({ lineNo, text, errors }) => [lineNo, text, errors[0]?.errorCode])).toEqual(
      [
        [1, null, "invalid_utf8"],
        [3, null, "line_too_large"],
        [4, null, "invalid_utf8"],
      ],
    );
    const report = await local.client.getImportReport(summary.shards[0]?.importId ?? "");
    expect(report?.lines_total).toBe(1);
  });

  test("lets the last of several lines with one id win, also when they are in different shards", async () => {
    const ids = idsOf(12);
    const lines = Array.from(
      { length: 72 },
      (_, index) => rowOf(ids[index % 12] ?? "", { userName: `version ${index}` }).line,
    );
    const { summary } = await runImport(toFile(lines), { maxShardBytes: 3000, concurrency: 8 });
    expect(summary.shards.length).toBeGreaterThan(20);
    expect(summary).toMatchObject({ linesValid: 72, inserted: 12 });
    expect(await storedLines(local.client)).toEqual(lines.slice(-12));
  });

  test("tells refused lines in the order of the file and waits for their reader", async () => {
    const lines = idsOf(60).flatMap((id, index) => [rowOf(id).line, `wrong ${index}`]);
    const told: number[] = [];
    let isBusy = false;
    await runImport(toFile(lines), {
      maxShardBytes: 2000,
      concurrency: 6,
      async onRefused({ lineNo }) {
        expect(isBusy).toBe(false);
        isBusy = true;
        await new Promise((resolve) => setImmediate(resolve));
        isBusy = false;
        told.push(lineNo);
      },
    });
    expect(told).toEqual(Array.from({ length: 60 }, (_, index) => 2 * index + 2));
  });

  test(
    "does to a store what reading the file line by line would, whatever the file",
    { timeout: 120_000 },
    async () => {
      const ids = idsOf(6);
      const line = fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .tuple(fc.nat(5), fc.nat(3))
            .map(
              ([id, empathy]) =>
                rowOf(ids[id] ?? "", { empathy: empathy + 1, biography: "é🙂\\\n" }).line,
            ),
        },
        {
          weight: 1,
          arbitrary: fc
            .nat(5)
            .map((id) => ` ${rowOf(ids[id] ?? "").line.replaceAll(":", " : ")}\t`),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            "",
            "  ",
            "{}",
            "[1,",
            "\ufeff{}",
            '{"profile_id":"usr_row0000"}',
            "\u0000",
          ),
        },
        { weight: 1, arbitrary: fc.constant(new Uint8Array([0x22, 0xc3, 0x28])) },
        {
          weight: 1,
          arbitrary: fc
            .nat(5)
            .map((id) => rowOf(ids[id] ?? "").line.replace('"gender"', '"gender":"m","gender"')),
        },
      );
      const files = fc.record({
        lines: fc.array(line, { maxLength: 40 }),
        ending: fc.constantFrom("\n", "\r\n"),
        maxShardBytes: fc.integer({ min: 1, max: 6000 }),
        concurrency: fc.integer({ min: 1, max: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(files, async ({ lines, ending, ...options }) => {
          await local.empty();
          const file = toFile(lines, ending);
          const model = await readFileAsModel(file);
          const { summary, refused } = await runImport(file, options);
          expect(await storedLines(local.client)).toEqual(model.lines);
          expect(refused).toEqual(model.refused);
          expect(summary).toMatchObject({
            linesTotal: model.validCount + model.refused.length,
            linesValid: model.validCount,
            linesInvalid: model.refused.length,
            inserted: model.lines.length,
            linesUnexplained: 0,
            inputSha256: sha256(file),
          });
          expect(summary.inserted + summary.updated + summary.unchanged).toBe(model.validCount);
        }),
        { numRuns: 15 },
      );
    },
  );
});
