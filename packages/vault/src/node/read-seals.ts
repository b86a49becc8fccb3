/** What a database shows without its key: its length, its salt, and its pages' seals, read a mebibyte at a time. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { pageByteLength, sealByteLength, sealsOf } from "../page-seals.ts";
import type { DatabaseOutside } from "../ports.ts";

const chunkByteLength = 256 * pageByteLength;

const saltByteLength = 16;

/** The length of the file at `path`, and its first 16 bytes. */
export function readFileOutside(path: string): DatabaseOutside {
  const file = openSync(path, "r");
  try {
    const start = new Uint8Array(saltByteLength);
    const count = readSync(file, start, 0, start.length, 0);
    return { byteLength: fstatSync(file).size, start: start.subarray(0, count) };
  } finally {
    closeSync(file);
  }
}

/** The seals of the file at `path`, or null when it is longer than `maxByteLength`. */
export function readFileSeals(path: string, maxByteLength: number): Uint8Array<ArrayBuffer> | null {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size > maxByteLength) return null;
    return collectSeals(file, Math.floor(size / pageByteLength));
  } finally {
    closeSync(file);
  }
}

function collectSeals(file: number, pageCount: number): Uint8Array<ArrayBuffer> {
  const seals = new Uint8Array(pageCount * sealByteLength);
  const chunk = new Uint8Array(Math.min(chunkByteLength, pageCount * pageByteLength));
  for (let page = 0; page < pageCount; page += chunkByteLength / pageByteLength) {
    const at = page * pageByteLength;
    const pages = chunk.subarray(0, Math.min(chunk.length, pageCount * pageByteLength - at));
    fill(file, pages, at);
    seals.set(sealsOf(pages), page * sealByteLength);
  }
  return seals;
}

function fill(file: number, bytes: Uint8Array, offset: number): void {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) throw new Error("the file became shorter while it was read");
    filled += count;
  }
}
