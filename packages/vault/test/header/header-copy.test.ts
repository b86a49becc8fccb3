import { expect, test } from "vitest";
import {
  copyByteLength,
  decodeHeaderCopy,
  encodeHeaderCopy,
  isAuthentic,
} from "../../src/header/header-copy.ts";
import { encodePayload } from "../../src/header/header-payload.ts";
import { knownHeader } from "../support/known-header.ts";

const { subtle } = crypto;
const macKey = new Uint8Array(32).fill(7);

/** A copy whose checksum fits, with `change` made to it before. */
async function changedCopy(change: (bytes: Uint8Array<ArrayBuffer>, view: DataView) => void) {
  const bytes = await encodeHeaderCopy(subtle, macKey, 5, knownHeader());
  change(bytes, new DataView(bytes.buffer));
  const checksum = await subtle.digest("SHA-256", bytes.subarray(0, 4032));
  bytes.set(new Uint8Array(checksum), 4032);
  return bytes;
}

/** A copy that says what `change` makes of the payload's JSON. */
async function copyWith(change: (json: string) => string) {
  return changedCopy((bytes, view) => {
    const json = new TextDecoder().decode(encodePayload(knownHeader()));
    const changed = new TextEncoder().encode(change(json));
    bytes.fill(0, 24, 4032);
    bytes.set(changed, 24);
    view.setUint32(20, changed.length);
  });
}

test("a copy says what was put into it, and is proven by the key that made it alone", async () => {
  const bytes = await encodeHeaderCopy(subtle, macKey, 5, knownHeader());
  expect(bytes).toHaveLength(copyByteLength);
  const copy = await decodeHeaderCopy(subtle, bytes);
  if (copy.kind !== "whole") throw new Error(copy.kind);
  expect(copy.generation).toBe(5);
  expect(copy.payload).toEqual(knownHeader());
  expect(await isAuthentic(subtle, macKey, copy)).toBe(true);
  expect(await isAuthentic(subtle, new Uint8Array(32), copy)).toBe(false);
});

test("each byte, flipped, makes a copy damaged, or unproven where it is the MAC's", async () => {
  const bytes = await encodeHeaderCopy(subtle, macKey, 5, knownHeader());
  const outcomes: string[] = [];
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
    const copy = await decodeHeaderCopy(subtle, bytes);
    const isProven = copy.kind === "whole" && (await isAuthentic(subtle, macKey, copy));
    outcomes.push(isProven ? "proven" : copy.kind);
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
  }
  expect(new Set(outcomes.slice(0, 4064))).toEqual(new Set(["damaged"]));
  expect(outcomes.slice(4064)).toEqual(Array.from({ length: 32 }, () => "whole"));
});

test("bytes of another length are damaged", async () => {
  const bytes = await encodeHeaderCopy(subtle, macKey, 5, knownHeader());
  expect(await decodeHeaderCopy(subtle, bytes.slice(0, -1))).toEqual({ kind: "damaged" });
  expect(await decodeHeaderCopy(subtle, new Uint8Array(0))).toEqual({ kind: "damaged" });
});

test("a later version of the format is told from damage", async () => {
  const copy = await decodeHeaderCopy(subtle, await changedCopy((_, view) => view.setUint32(8, 2)));
  expect(copy).toMatchObject({ kind: "refused", error: { code: "newer_version" } });
});

test("a later version of a slot is told from damage", async () => {
  const bytes = await copyWith((json) => json.replace('"r":{"version":1', '"r":{"version":2'));
  expect(await decodeHeaderCopy(subtle, bytes)).toMatchObject({
    kind: "refused",
    error: { code: "newer_version" },
  });
});

test.each([
  ["64 GiB of memory", '"memory_kib":65536', '"memory_kib":67108864'],
  ["more memory than 256 MiB", '"memory_kib":65536', '"memory_kib":262145'],
  ["less memory than 19 MiB", '"memory_kib":65536', '"memory_kib":19455'],
  ["no pass", '"passes":1', '"passes":0'],
  ["five passes", '"passes":1', '"passes":5'],
  ["no lane", '"parallelism":1', '"parallelism":0'],
  ["five lanes", '"parallelism":1', '"parallelism":5'],
])("%s is refused as hostile, without deriving", async (_, from, to) => {
  const bytes = await copyWith((json) => json.replace(from, to));
  expect(await decodeHeaderCopy(subtle, bytes)).toMatchObject({
    kind: "refused",
    error: { code: "hostile_parameters" },
  });
});

test.each([
  ["an unknown key", '"epoch"', '"more":1,"epoch"'],
  ["a missing key", '"epoch":9,', ""],
  ["an unknown key in a slot", '"passes"', '"more":1,"passes"'],
  ["a negative count", '"epoch":9', '"epoch":-1'],
  ["a fraction", '"epoch":9', '"epoch":1.5'],
  ["a text for a number", '"epoch":9', '"epoch":"9"'],
  ["a date that is none", '"created_at":"2026', '"created_at":"x026'],
  ["a threshold above the count", '"threshold":4', '"threshold":5'],
  ["a threshold of one", '"threshold":4', '"threshold":1'],
  ["too many questions", '"count":4', '"count":9'],
  ["a short salt", '"auth_salt":"', '"auth_salt":"A'],
  ["no object", "{", "["],
])("%s in the payload makes a copy damaged", async (_, from, to) => {
  const bytes = await copyWith((json) => json.replace(from, to));
  expect(await decodeHeaderCopy(subtle, bytes)).toEqual({ kind: "damaged" });
});

test("a length beyond the copy, and bytes after the payload, make it damaged", async () => {
  const long = await changedCopy((_, view) => view.setUint32(20, 5000));
  expect(await decodeHeaderCopy(subtle, long)).toEqual({ kind: "damaged" });
  const tail = await changedCopy((bytes) => bytes.fill(1, 4031, 4032));
  expect(await decodeHeaderCopy(subtle, tail)).toEqual({ kind: "damaged" });
});
