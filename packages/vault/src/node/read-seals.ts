/** The seals of a database's pages, read a mebibyte at a time. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { pageByteLength, sealByteLength, sealsOf } from "../page-seals.ts";

const chunkByteLength = 256 * pageByteLength;

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
