import { expect, test } from "vitest";
import { inWorker } from "./support/in-worker.ts";

test("a key derives the same in another worker, and other bytes for another purpose or vault", async () => {
  const made = await inWorker("createKey", "one");
  await inWorker("createKey", "two");
  expect(made).toHaveLength(32);
  expect(await inWorker("deriveFromKept", "one")).toEqual(made);
  expect(await inWorker("deriveFromKept", "one", new Uint8Array([1]))).not.toEqual(made);
  expect(await inWorker("deriveFromKept", "two")).not.toEqual(made);
});

test("derivation is HKDF with SHA-256 and an empty salt", async () => {
  const key = Array.from({ length: 32 }, () => 0x0b);
  const base = await crypto.subtle.importKey("raw", new Uint8Array(key), "HKDF", false, [
    "deriveBits",
  ]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: new Uint8Array(),
  };
  const expected = new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 42 * 8));
  expect(await inWorker("deriveFromBytes", key, new Uint8Array())).toEqual(expected);
});

test("no script reads a key", async () => {
  await inWorker("createKey", "unread");
  expect(await inWorker("tryToExport", "unread")).toEqual([
    "InvalidAccessError",
    "InvalidAccessError",
  ]);
});

test("a new key takes the place of the old one, and a removed one is gone with its record", async () => {
  const first = await inWorker("createKey", "renewed");
  const second = await inWorker("createKey", "renewed");
  expect(second).not.toEqual(first);
  await inWorker("writeRecord", "renewed", "note");
  expect(await inWorker("readRecord", "renewed")).toBe("note");
  await inWorker("removeKey", "renewed");
  expect(await inWorker("deriveFromKept", "renewed")).toBeNull();
  expect(await inWorker("readRecord", "renewed")).toBeNull();
});

test("where IndexedDB is refused, the key store can't be reached and says so", async () => {
  expect(await inWorker("withoutIndexedDb")).toBe(true);
});
