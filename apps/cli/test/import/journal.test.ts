import { appendFile, readFile, readdir, rename, stat, truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { idempotencyTtlSeconds } from "@hi-stranger/core/contract/idempotency";
import type { ShardRecord } from "@hi-stranger/sdk/import/types";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Journal, maxAgeMs, openJournal } from "../../src/import/journal.ts";
import { type Folder, createFolder } from "../support/server.ts";

/** No process has this id: it is above every system's limit. */
const deadPid = 999_999_999;
const url = "http://localhost:8788";
const headSha256 = "ab".repeat(32);

let folder: Folder;

beforeEach(async () => {
  folder = await createFolder();
});

afterEach(() => folder.remove());

function openOwn(changes: Partial<Parameters<typeof openJournal>[0]> = {}): Promise<Journal> {
  return openJournal({ stateDir: folder.path, url, headSha256, mayResume: true, ...changes });
}

function record(shardNo: number): ShardRecord {
  return {
    key: `hi-import-1:${shardNo}:00`,
    importId: `imp_${shardNo}`,
    linesTotal: 2,
    linesValid: 1,
    linesInvalid: 1,
    inserted: 1,
    updated: 0,
    unchanged: 0,
    refused: [{ lineNo: shardNo, errors: [{ path: "", errorCode: "enum", message: "no" }] }],
  };
}

async function files(): Promise<string[]> {
  return (await readdir(join(folder.path, "imports"))).map((name) =>
    join(folder.path, "imports", name),
  );
}

/** Leaves a journal with two records, as a process that was killed would; gives its path. */
async function leaveBehind(): Promise<string> {
  const journal = await openOwn();
  await journal.record(record(1));
  await journal.record(record(2));
  await journal.close();
  const [path = ""] = await files();
  const left = path.replace(`.${process.pid}.`, `.${deadPid}.`);
  await rename(path, left);
  return left;
}

test("a journal is for its owner alone, and is gone once finished", async () => {
  const journal = await openOwn();
  const [path = ""] = await files();
  expect((await stat(path)).mode & 0o077).toBe(0);
  await journal.finish();
  await journal.close();
  expect(await files()).toEqual([]);
});

test("the next run goes on with what a dead process left, under the same name for the run", async () => {
  const left = await leaveBehind();
  const journal = await openOwn();
  expect(journal.isResumed).toBe(true);
  expect(left).toContain(journal.runId);
  expect(await journal.load()).toEqual([record(1), record(2)]);
  await journal.record(record(3));
  await journal.close();
  expect(await (await openAgain()).load()).toEqual([record(1), record(2), record(3)]);
});

/** Opens the only journal there is as if its process were dead. */
async function openAgain(): Promise<Journal> {
  const [path = ""] = await files();
  await rename(path, path.replace(/\.\d+\.ndjson$/, `.${deadPid}.ndjson`));
  const journal = await openOwn();
  await journal.close();
  return journal;
}

test.each([
  ["within a record", (bytes: Buffer) => bytes.length - 10],
  ["before a record's newline", (bytes: Buffer) => bytes.length - 1],
])("a record that was cut off %s is dropped, and the next one is whole", async (_name, cutAt) => {
  const left = await leaveBehind();
  await truncate(left, cutAt(await readFile(left)));
  const journal = await openOwn();
  expect(await journal.load()).toEqual([record(1)]);
  await journal.record(record(5));
  await journal.close();
  expect(await (await openAgain()).load()).toEqual([record(1), record(5)]);
});

test("a journal cut off within its header holds no record, and takes some", async () => {
  const left = await leaveBehind();
  await truncate(left, 5);
  const journal = await openOwn();
  expect(journal.isResumed).toBe(false);
  await journal.record(record(7));
  await journal.close();
  expect(await (await openAgain()).load()).toEqual([record(7)]);
});

test("of two that would go on with one journal a single one does", async () => {
  await leaveBehind();
  const journals = await Promise.all([openOwn(), openOwn()]);
  expect(journals.filter(({ isResumed }) => isResumed)).toHaveLength(1);
  expect(new Set(journals.map(({ runId }) => runId)).size).toBe(2);
  await Promise.all(journals.map((journal) => journal.close()));
});

test.each([
  ["of another store", { url: "http://localhost:9999" }],
  ["of another file", { headSha256: "cd".repeat(32) }],
  ["when asked not to", { mayResume: false }],
])("nothing is gone on with %s", async (_name, changes) => {
  await leaveBehind();
  const journal = await openOwn(changes);
  expect(journal.isResumed).toBe(false);
  expect(await journal.load()).toEqual([]);
  await journal.close();
});

test("a living process's journal is left to it", async () => {
  const left = await leaveBehind();
  await rename(left, left.replace(`${deadPid}`, `${process.ppid}`));
  const journal = await openOwn();
  expect(journal.isResumed).toBe(false);
  await journal.close();
  expect(await files()).toHaveLength(2);
});

test("what is older than the store replays answers is cleared away", async () => {
  const left = await leaveBehind();
  expect(maxAgeMs).toBe(idempotencyTtlSeconds * 1000);
  const longAgo = new Date(Date.now() - maxAgeMs - 60_000);
  await utimes(left, longAgo, longAgo);
  const journal = await openOwn();
  expect(journal.isResumed).toBe(false);
  await journal.close();
  expect(await files()).not.toContain(left);
});

test("a strange file in the folder is left alone", async () => {
  await leaveBehind();
  const strange = join(folder.path, "imports", "notes.txt");
  await appendFile(strange, "mine");
  await (await openOwn()).close();
  expect(await readFile(strange, "utf8")).toBe("mine");
});
