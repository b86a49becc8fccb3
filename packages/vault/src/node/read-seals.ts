/** The seals of a database's pages, read a mebibyte at a time. */
import { type FileHandle, open } from "node:fs/promises";
import { pageByteLength, sealByteLength, sealsOf } from "../page-seals.ts";

const chunkByteLength = 256 * pageByteLength;

/** The seals of the file at `path`, or null when it is longer than `maxByteLength`. */
export async function readFileSeals(
  path: string,
  maxByteLength: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size > maxByteLength) return null;
    return await collectSeals(file, Math.floor(size / pageByteLength));
  } finally {
    await file.close();
  }
}

async function collectSeals(file: FileHandle, pageCount: number): Promise<Uint8Array<ArrayBuffer>> {
  const seals = new Uint8Array(pageCount * sealByteLength);
  const chunk = new Uint8Array(Math.min(chunkByteLength, pageCount * pageByteLength));
  for (let page = 0; page < pageCount; page += chunkByteLength / pageByteLength) {
    const at = page * pageByteLength;
    const pages = chunk.subarray(0, Math.min(chunk.length, pageCount * pageByteLength - at));
    await fill(file, pages, at);
    seals.set(sealsOf(pages), page * sealByteLength);
  }
  return seals;
}

async function fill(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) throw new Error("the file became shorter while it was read");
    filled += bytesRead;
  }
}
