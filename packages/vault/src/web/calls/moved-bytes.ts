/**
 * Bytes between the page and the worker are moved, never left behind: the receiver gets memory of
 * its own, and the sender's array is zeros from then on.
 */

export interface MovedValue {
  readonly value: unknown;
  /** What `postMessage` transfers. */
  readonly buffers: ArrayBuffer[];
}

/** Takes the bytes out of `value`, at any depth of its arrays and plain objects. */
export function moveBytes(value: unknown): MovedValue {
  const buffers: ArrayBuffer[] = [];
  const move = (part: unknown): unknown => {
    if (part instanceof Uint8Array) {
      const moved = new Uint8Array(part);
      part.fill(0);
      buffers.push(moved.buffer);
      return moved;
    }
    if (Array.isArray(part)) return part.map(move);
    if (!isPlainObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, move(inner)]));
  };
  return { value: move(value), buffers };
}

/** Wipes every array of bytes in `value`. */
export function wipeBytes(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0);
  else if (Array.isArray(value)) value.forEach(wipeBytes);
  else if (isPlainObject(value)) Object.values(value).forEach(wipeBytes);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
