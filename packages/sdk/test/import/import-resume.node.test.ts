import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { idsOf, rowOf } from "../../../core/test/profile-rows.ts";
import { createClient } from "../../src/client.ts";
import { generatePersonaLines } from "../../src/demo/personas.ts";
import { importInShards } from "../../src/import/import-file.ts";
import type { ImportOptions, ImportSummary, RefusedLine } from "../../src/import/types.ts";
import { fileJournal } from "../support/file-journal.ts";
import {
  type MemoryJournal,
  eagerPace,
  memoryJournal,
  readFileAsModel,
  sourceOf,
  storedLines,
  toFile,
  virtualPace,
} from "../support/import-file.ts";
import { type LocalStore, startLocalStore } from "../support/local-store.ts";

let local: LocalStore;
let folder: string;
beforeAll(async () => {
  local = await startLocalStore();
  folder = await mkdtemp(join(tmpdir(), "hi-stranger-resume-"));
});
afterAll(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => local.empty());

const maxShardBytes = 20_000;

/** Personas with a wrong line here and there, and ids that come again in later shards. */
function mixedFile(count = 400): Uint8Array {
  const lines = [...generatePersonaLines({ count, seed: 9 })];
  const again = lines.slice(0, 40).map((line) => line.replace(/"age":\d+/, '"age":99'));
  return toFile([...lines, ...again].map((line, index) => (index % 37 === 5 ? `${line}}` : line)));
}

/** A client whose requests pass through `handle`, which may hold, break or answer them. */
function clientThrough(
  handle: (forward: () => Promise<Response>, no: number) => Promise<Response>,
) {
  let count = 0;
  return createClient({
    baseUrl: local.url,
    token: local.token,
    fetch: (url, init) => {
      count += 1;
      return handle(() => fetch(url, init), count);
    },
  });
}

function bodyOf(init: RequestInit | undefined): Uint8Array<ArrayBuffer> {
  if (!(init?.body instanceof Uint8Array)) throw new TypeError("expected a body of bytes");
  return init.body as Uint8Array<ArrayBuffer>;
}

async function runImport(file: Uint8Array, options: Partial<ImportOptions> = {}) {
  const refused: RefusedLine[] = [];
  const summary = await importInShards({
    runId: "a-run",
    client: local.client,
    source: sourceOf(file),
    maxShardBytes,
    pace: eagerPace,
    onRefused: (line) => void refused.push(line),
    ...options,
  });
  return { summary, refused };
}

/** Holds a finished import to what the file says. */
async function expectTrue(
  file: Uint8Array,
  { summary, refused }: { summary: ImportSummary; refused: RefusedLine[] },
) {
  const model = await readFileAsModel(file);
  expect(refused).toEqual(model.refused);
  expect(summary).toMatchObject({
    linesTotal: model.validCount + model.refused.length,
    linesValid: model.validCount,
    linesInvalid: model.refused.length,
    inserted: model.lines.length,
    updated: model.validCount - model.lines.length,
    unchanged: 0,
    linesUnexplained: 0,
  });
  expect(await storedLines(local.client)).toEqual(model.lines);
}

describe("an import that is run again after it was cut off", () => {
  test(
    "by SIGKILL ends with the right data and a report of the whole",
    { timeout: 180_000 },
    async () => {
      const file = mixedFile();
      const path = join(folder, "personas.ndjson");
      await writeFile(path, file);
      const journalPath = join(folder, "journal");
      const script = fileURLToPath(new URL("../support/import-process.ts", import.meta.url));
      for (const shardCount of [1, 3]) {
        const child = spawn(process.execPath, [script, local.url, path, journalPath], {
          env: { ...process.env, HI_TOKEN: local.token },
          stdio: ["ignore", "pipe", "inherit"],
        });
        let seen = 0;
        for await (const line of createInterface(child.stdout)) {
          seen += Number(line === "shard");
          if (seen === shardCount) child.kill("SIGKILL");
        }
        expect(child.signalCode ?? "SIGKILL").toBe("SIGKILL");
      }
      const known = await fileJournal(journalPath).load();
      expect(known.length).toBeGreaterThanOrEqual(4);
      const result = await runImport(file, {
        journal: fileJournal(journalPath),
      });
      expect(result.summary.shards.filter((shard) => shard.isResumed)).toHaveLength(known.length);
      await expectTrue(file, result);
    },
  );

  test("between a shard's answer and its record counts the shard once", async () => {
    const file = mixedFile(100);
    for (const failAt of [1, 2, 4]) {
      await local.empty();
      const journal = memoryJournal();
      const disk = new Error("no room on this disk");
      const failing: MemoryJournal = {
        ...journal,
        async record(shard) {
          if (journal.records.length + 1 === failAt) throw disk;
          await journal.record(shard);
        },
      };
      await expect(runImport(file, { journal: failing })).rejects.toBe(disk);
      await expectTrue(file, await runImport(file, { journal }));
    }
  });

  test("at any request, many times, ends like one that was not", { timeout: 180_000 }, async () => {
    const file = mixedFile(120);
    const cut = new Error("cut off");
    const stops = fc.array(
      fc.record({ at: fc.integer({ min: 1, max: 9 }), isAfter: fc.boolean() }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(stops, fc.integer({ min: 1, max: 4 }), async (attempts, concurrency) => {
        await local.empty();
        const journal = memoryJournal();
        for (const { at, isAfter } of attempts) {
          const controller = new AbortController();
          const client = clientThrough(async (forward, no) => {
            if (no === at && !isAfter) controller.abort(cut);
            const response = await forward();
            if (no === at) controller.abort(cut);
            return response;
          });
          const { signal } = controller;
          await runImport(file, { client, journal, signal, concurrency }).catch(
            (error: unknown) => {
              if (error !== cut) throw error;
            },
          );
        }
        await expectTrue(file, await runImport(file, { journal, concurrency }));
      }),
      { numRuns: 8 },
    );
  });

  test("sends no shard again that the journal knows, and looks at no other file's", async () => {
    const file = mixedFile(60);
    const journal = memoryJournal();
    const first = await runImport(file, { journal });
    const none = clientThrough(() => expect.unreachable("nothing is to be sent"));
    const again = await runImport(file, { journal, client: none });
    const shards = first.summary.shards.map((shard) => ({ ...shard, isResumed: true }));
    expect(again).toEqual({ summary: { ...first.summary, shards }, refused: first.refused });
    const other = await runImport(toFile([rowOf("usr_another").line]), { journal });
    expect(other.summary.shards.map(({ isResumed }) => isResumed)).toEqual([false]);
  });

  test("keeps no line's text in its journal", async () => {
    const journal = memoryJournal();
    await runImport(toFile([rowOf("usr_aaaaaa").line, '{"secret":"of a refused line"}']), {
      journal,
    });
    expect(journal.records[0]?.refused).toHaveLength(1);
    expect(JSON.stringify(journal.records)).not.toContain("of a refused line");
  });
});

describe("an import over a bad line", () => {
  test("counts what was stored once, though every first answer is lost", async () => {
    const file = mixedFile(100);
    const seen = new Set<unknown>();
    const client = createClient({
      baseUrl: local.url,
      token: local.token,
      async fetch(url, init) {
        const response = await fetch(url, init);
        const key = new Headers(init?.headers).get("X-Shard-Id");
        if (seen.has(key)) return response;
        seen.add(key);
        await response.arrayBuffer();
        throw new TypeError("fetch failed");
      },
    });
    await expectTrue(file, await runImport(file, { client }));
    expect(seen.size).toBeGreaterThan(4);
  });

  test("sends a shard again that arrived damaged", async () => {
    const lines = [...generatePersonaLines({ count: 10, seed: 3 })];
    let isDamaged = false;
    const client = createClient({
      baseUrl: local.url,
      token: local.token,
      fetch(url, init) {
        if (isDamaged) return fetch(url, init);
        isDamaged = true;
        const body = bodyOf(init).slice();
        body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 0xff;
        return fetch(url, { ...init, body });
      },
    });
    for (const isGzip of [true, false]) {
      await local.empty();
      isDamaged = false;
      const { summary } = await runImport(toFile(lines), { client, isGzip });
      expect(isDamaged).toBe(true);
      expect(summary).toMatchObject({ inserted: 10, linesInvalid: 0 });
    }
  });

  test(
    "goes on when the server was ended and started again in the middle",
    { timeout: 120_000 },
    async () => {
      const file = mixedFile(150);
      let restarted: Promise<void> | null = null;
      const client = clientThrough((forward, no) => {
        if (no === 3) restarted ??= local.restart();
        return forward();
      });
      const result = await runImport(file, { client });
      expect(restarted).not.toBeNull();
      await expectTrue(file, result);
    },
  );
});

test(
  "two imports of one file at once both tell the truth about it",
  { timeout: 120_000 },
  async () => {
    const file = mixedFile(150);
    const results = await Promise.all([runImport(file), runImport(file)]);
    for (const result of results) await expectTrue(file, result);
    expect(results[0]?.summary).toEqual(results[1]?.summary);
  },
);

describe("waiting and giving up", () => {
  const file = toFile([rowOf("usr_aaaaaa").line, rowOf("usr_bbbbbb").line]);
  const answer = (status: number, headers: Record<string, string> = {}) =>
    new Response("not now", { status, headers });

  test("waits twice as long each time, up to a limit, and gives up after two minutes", async () => {
    const { pace, waitsMs } = virtualPace();
    const client = clientThrough(() => Promise.reject(new TypeError("fetch failed")));
    const attempts: number[] = [];
    const failure = runImport(file, {
      client,
      pace,
      onRetry: ({ attempt }) => void attempts.push(attempt),
    });
    await expect(failure).rejects.toMatchObject({
      code: "store_unavailable",
      detail: expect.stringMatching(/^Lines 1 to 2 were not imported\. /),
    });
    expect(waitsMs.slice(0, 7)).toEqual([375, 750, 1500, 3000, 6000, 11_250, 11_250]);
    const total = waitsMs.reduce((sum, waitMs) => sum + waitMs, 0);
    expect(total).toBeGreaterThan(105_000);
    expect(total).toBeLessThanOrEqual(120_000);
    expect(attempts).toEqual(waitsMs.map((_, index) => index + 1));
  });

  test.for([429, 500, 502, 503, 504, 408])("comes back after an answer of %i", async (status) => {
    const client = clientThrough(async (forward, no) => (no <= 2 ? answer(status) : forward()));
    expect((await runImport(file, { client })).summary.inserted).toBe(2);
  });

  test("comes back when the server says so", async () => {
    const { pace, waitsMs } = virtualPace();
    const client = clientThrough(async (forward, no) =>
      no === 1 ? answer(503, { "Retry-After": "7" }) : forward(),
    );
    await runImport(file, { client, pace });
    expect(waitsMs).toEqual([7250]);
  });

  test("does not wait for a server that asks for more than two minutes", async () => {
    const { pace, waitsMs } = virtualPace();
    const client = clientThrough(async () => answer(503, { "Retry-After": "3600" }));
    await expect(runImport(file, { client, pace })).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(waitsMs).toEqual([]);
  });

  test("gives up at once where waiting is no use", async () => {
    const { pace, waitsMs } = virtualPace();
    const wrong = createClient({ baseUrl: local.url, token: `hst_${"0".repeat(43)}` });
    await expect(runImport(file, { client: wrong, pace })).rejects.toMatchObject({
      code: "token_invalid",
    });
    const page = clientThrough(async () => new Response("<!doctype html>"));
    await expect(runImport(file, { client: page, pace })).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(waitsMs).toEqual([]);
  });

  test("ends with a shard that fails for good, though another still waits", async () => {
    const client = createClient({
      baseUrl: local.url,
      token: local.token,
      fetch: async (url, init) => {
        const isFirst = new Headers(init?.headers).get("X-Shard-Id") === "shard-1";
        if (isFirst) throw new TypeError("fetch failed");
        return fetch(url, { ...init, headers: { "Content-Type": "application/gzip" } });
      },
    });
    const sleep = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const run = runImport(mixedFile(60), { client, pace: { ...eagerPace, sleep } });
    await expect(run).rejects.toMatchObject({ code: "token_missing" });
  });

  test("does not believe a report that leaves lines out", async () => {
    const client = clientThrough(async (forward) => {
      const response = await forward();
      const report = (await response.json()) as { lines_total: number; lines_valid: number };
      return Response.json({ ...report, lines_total: 1, lines_valid: 1 });
    });
    await expect(runImport(file, { client })).rejects.toMatchObject({ code: "internal_error" });
  });
});

describe("how much is under way", () => {
  test("is as many requests as asked, no more, and a few shards of the file in memory", async () => {
    const lines = [...generatePersonaLines({ count: 3000, seed: 6 })];
    const file = toFile(lines);
    let bytesRead = 0;
    let [underway, most, done] = [0, 0, 0];
    const shardBytes = 100_000;
    const blockBytes = 1_100_000;
    const client = clientThrough(async (forward) => {
      underway += 1;
      most = Math.max(most, underway);
      expect(bytesRead).toBeLessThanOrEqual((done + 3 + 2) * shardBytes + blockBytes);
      try {
        return await forward();
      } finally {
        underway -= 1;
        done += 1;
      }
    });
    const source = sourceOf(file, 10_000);
    const counted: typeof source = {
      ...source,
      async readInto(...where) {
        const read = await source.readInto(...where);
        bytesRead += read.byteCount;
        return read;
      },
    };
    await runImport(file, { client, source: counted, maxShardBytes: shardBytes, concurrency: 3 });
    expect(most).toBe(3);
    expect(done).toBeGreaterThan(30);
    expect(await local.client.countProfiles()).toBe(3000);
  });

  test("is nothing any more once an import was aborted, and its source is let go of", async () => {
    const controller = new AbortController();
    const reason = new Error("the page was closed");
    const cancelled: unknown[] = [];
    let underway = 0;
    const client = clientThrough(async (forward, no) => {
      if (no === 5) controller.abort(reason);
      underway += 1;
      try {
        return await forward();
      } finally {
        underway -= 1;
      }
    });
    const source = sourceOf(mixedFile(200));
    const watched: typeof source = { ...source, cancel: async (why) => void cancelled.push(why) };
    const run = runImport(mixedFile(200), { client, source: watched, signal: controller.signal });
    await expect(run).rejects.toBe(reason);
    expect(underway).toBe(0);
    expect(cancelled).toEqual([reason]);
  });

  test("ends by its signal also while the source has nothing to give", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const silent = {
      readInto: () => {
        setImmediate(() => controller.abort(reason));
        return new Promise<never>(() => undefined);
      },
      cancel: async () => undefined,
    };
    const run = runImport(new Uint8Array(), { source: silent, signal: controller.signal });
    await expect(run).rejects.toBe(reason);
  });

  test("ends with the error of a source that fails, or of a reader of refused lines", async () => {
    const broken = new Error("the disk is gone");
    const source = { readInto: () => Promise.reject(broken), cancel: async () => undefined };
    await expect(runImport(new Uint8Array(), { source })).rejects.toBe(broken);
    const onRefused = () => Promise.reject(broken);
    await expect(runImport(mixedFile(100), { onRefused })).rejects.toBe(broken);
  });
});

test("shards that share an id are never under way together, others are", async () => {
  const ids = idsOf(40);
  // Each shard holds two lines; every fourth shard begins with the same id.
  const lines = ids.flatMap((id, index) => [
    rowOf(index % 4 === 0 ? "usr_common" : id, { userName: `a${index}` }).line,
    rowOf(`${id}second`).line,
  ]);
  const bytes = Math.max(...lines.map((line) => line.length));
  let [common, mostCommon, all, mostAll] = [0, 0, 0, 0];
  const client = createClient({
    baseUrl: local.url,
    token: local.token,
    async fetch(url, init) {
      const isCommon = Buffer.from(bodyOf(init)).includes("usr_common");
      common += Number(isCommon);
      all += 1;
      [mostCommon, mostAll] = [Math.max(mostCommon, common), Math.max(mostAll, all)];
      try {
        return await fetch(url, init);
      } finally {
        common -= Number(isCommon);
        all -= 1;
      }
    },
  });
  const options = { client, isGzip: false, concurrency: 8, maxShardBytes: 2 * bytes + 2 };
  const { summary } = await runImport(toFile(lines), options);
  expect(summary.shards).toHaveLength(40);
  expect(mostCommon).toBe(1);
  expect(mostAll).toBeGreaterThan(1);
  const last = await local.client.getProfile("usr_common", { isFresh: true });
  expect(last?.profile.profile.identity.user_name).toBe("a36");
});
