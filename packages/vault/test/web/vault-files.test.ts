import { beforeEach, expect, test } from "vitest";
import { inWorker, startWorker } from "./support/in-worker.ts";
import { key } from "./support/sqlite.ts";

beforeEach(() => inWorker("clearFiles"));

test("one worker has the vault, and the next gets it when that one releases it or ends", async () => {
  using second = startWorker();
  {
    using first = startWorker();
    expect(await first.run("acquire")).toBe(true);
    expect(await second.run("acquire", 50)).toBe(false);
    await first.run("release");
    expect(await second.run("acquire")).toBe(true);
    await second.run("release");
    expect(await first.run("acquire")).toBe(true);
  }
  expect(await second.run("acquire")).toBe(true);
});

test("the header is there once it is written, part by part, and gone once it is removed", async () => {
  expect(await inWorker("readHeader")).toBeNull();
  await inWorker("writeHeader", 0, new Uint8Array([1, 2, 3, 4]));
  await inWorker("writeHeader", 2, new Uint8Array([7, 8, 9]));
  expect(await inWorker("readHeader")).toEqual(new Uint8Array([1, 2, 7, 8, 9]));
  await inWorker("removeHeader");
  expect(await inWorker("readHeader")).toBeNull();
  await inWorker("removeHeader");
});

test("the mark of a set-up stands from when it is written until it is removed", async () => {
  expect(await inWorker("hasSetUpMark")).toBe(false);
  await inWorker("writeSetUpMark");
  await inWorker("writeSetUpMark");
  expect(await inWorker("hasSetUpMark")).toBe(true);
  await inWorker("removeSetUpMark");
  await inWorker("removeSetUpMark");
  expect(await inWorker("hasSetUpMark")).toBe(false);
});

test("a database exists from its first write on until it is removed", async () => {
  expect(await inWorker("hasDatabase")).toBe(false);
  using worker = startWorker();
  await worker.run("openDatabase");
  expect(await worker.run("hasDatabase")).toBe(true);
  await worker.run("closeDatabase");
  expect(await inWorker("hasDatabase")).toBe(true);
  await inWorker("removeDatabase");
  expect(await inWorker("hasDatabase")).toBe(false);
  expect(Object.keys(await inWorker("rawFiles"))).toEqual([]);
});

test("a database shows its length and its salt, open and closed", async () => {
  expect(await inWorker("readOutside")).toBeNull();
  using worker = startWorker();
  await worker.run("openDatabase");
  const open = await inWorker("readOutside");
  expect(open).toEqual({ byteLength: 2 * 8192, start: key.salt });
  await worker.run("closeDatabase");
  expect(await inWorker("readOutside")).toEqual(open);
});

test("a closed database has a seal for each page, others once it was written to, and none where it is too long", async () => {
  expect(await inWorker("readSeals", 1_000_000)).toBeNull();
  // SQLite's pages have 8,192 bytes here.
  const pageSeals = 2 * 32;
  using worker = startWorker();
  await worker.run("openDatabase");
  await worker.run("closeDatabase");
  const before = await worker.run("readSeals", 1_000_000);
  expect(before).toHaveLength(2 * pageSeals);
  expect(await worker.run("readSeals", 1_000)).toBeNull();
  await worker.run("openDatabase");
  await worker.run("closeDatabase");
  expect(await worker.run("readSeals", 1_000_000)).toEqual(before);
  await worker.run("openDatabase");
  await worker.run("writeText", "something");
  await worker.run("closeDatabase");
  const after = await worker.run("readSeals", 1_000_000);
  expect(after).toHaveLength(3 * pageSeals);
  expect(after?.subarray(0, pageSeals)).not.toEqual(before?.subarray(0, pageSeals));
});

test("the files of the browser hold no plain text, while the database is open and after", async () => {
  using worker = startWorker();
  await worker.run("openDatabase");
  await worker.run("writeText", "canary of the plain text");
  const open = await worker.run("rawFiles");
  expect(Object.keys(open).sort()).toEqual(["vault.db", "vault.db-journal"]);
  expect(open["vault.db-journal"]).not.toBe("");
  await worker.run("closeDatabase");
  const closed = await worker.run("rawFiles");
  expect(closed["vault.db-journal"]).toBe("");
  expect([...Object.values(open), ...Object.values(closed)].join("")).not.toContain("canary");
});

test("a database that another worker has open is refused as in use", async () => {
  using first = startWorker();
  await first.run("openDatabase");
  expect(await inWorker("isRefusedAsInUse")).toBe(true);
  await first.run("closeDatabase");
  expect(await inWorker("isRefusedAsInUse")).toBe(false);
});

test("a worker that is ended in the middle of writing loses no acknowledged row", async () => {
  for (let round = 0; round < 2; round += 1) {
    await inWorker("clearFiles");
    const lastAcknowledged = await writeUntilEnded(20 + round * 37);
    const rows = await inWorker("rowsWritten");
    expect(rows.length).toBeGreaterThanOrEqual(lastAcknowledged);
    expect(rows).toEqual(Array.from({ length: rows.length }, (_, index) => index + 1));
  }
});

/** Ends the writing worker when `count` rows were acknowledged; answers the last that was. */
async function writeUntilEnded(count: number): Promise<number> {
  const channel = new BroadcastChannel("test-acknowledged");
  let last = 0;
  {
    using writer = startWorker();
    await new Promise<void>((resolve, reject) => {
      channel.addEventListener("message", ({ data }: MessageEvent<number>) => {
        last = data;
        if (last >= count) resolve();
      });
      // It never comes back, but it may fail.
      writer.run("writeForever").catch(reject);
    });
  }
  channel.close();
  return last;
}
