/** Reading JSON from a file that anyone may have written: every key known, every value of its form. */
import { fromBase64Url } from "@hi-stranger/core/codec/bytes";

/** The JSON isn't what it has to be. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** `value` as an object that has exactly `keys`. */
export function objectWith<Key extends string>(
  value: unknown,
  keys: readonly Key[],
): Readonly<Record<Key, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError("not an object");
  }
  const found = Object.keys(value);
  if (found.length !== keys.length || !keys.every((key) => Object.hasOwn(value, key))) {
    throw new ShapeError("other keys than expected");
  }
  // Every key of `Key` was just found, and their values stay unknown.
  return value as Readonly<Record<Key, unknown>>;
}

/** `value` as bytes in base64url, exactly `byteLength` of them. */
export function bytesOf(value: unknown, byteLength: number): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === "string" ? fromBase64Url(value) : null;
  if (bytes?.length !== byteLength) throw new ShapeError("not the bytes expected");
  return bytes;
}

/** `value` as an integer of at least 0. */
export function countOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new ShapeError("not a count");
  }
  return value;
}

/** `value` as a text that `pattern` matches. */
export function textOf(value: unknown, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value))
    throw new ShapeError("not the text expected");
  return value;
}
