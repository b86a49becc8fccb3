import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { createGate, openFileSource } from "../../src/transfer/import-file-source.ts";
import { toPace } from "../../src/transfer/pace.ts";

const text = Array.from({ length: 5000 }, (_, index) => `line ${index}`).join("\n");

async function readAll(file: Blob, gate = createGate()) {
  const opened = await openFileSource(file, gate);
  const lines: unknown[] = [];
  for await (const batch of readLines(opened.source, { maxTotalBytes: 1e9 })) {
    lines.push(...batch.lines);
  }
  return { lines, bytesRead: opened.bytesRead() };
}

it("a plain and a packed file hold the same lines, and progress counts the file's own bytes", async () => {
  const packed = new Blob([gzipSync(text)]);
  const plain = new Blob([text]);
  expect(await readAll(plain)).toEqual({ lines: text.split("\n"), bytesRead: plain.size });
  expect(await readAll(packed)).toEqual({ lines: text.split("\n"), bytesRead: packed.size });
});

it("a packed file that is cut off fails", async () => {
  await expect(readAll(new Blob([gzipSync(text).subarray(0, -20)]))).rejects.toMatchObject({
    code: "invalid_gzip",
  });
});

it("nothing is read while the gate is held", async () => {
  const gate = createGate();
  gate.pause();
  let isOver = false;
  const reading = readAll(new Blob([text]), gate).then(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  gate.resume();
  await reading;
  expect(isOver).toBe(true);
});

it("the time left follows from the bytes done, once there is something to go by", () => {
  const progress = { lines: 100, bytesDone: 250, bytesTotal: 1000, activeMs: 2000 };
  expect(toPace(progress)).toEqual({ linesPerSecond: 50, secondsLeft: 6 });
  expect(toPace({ ...progress, activeMs: 100 }).secondsLeft).toBeNull();
  expect(toPace({ ...progress, bytesDone: 0 }).secondsLeft).toBeNull();
});
