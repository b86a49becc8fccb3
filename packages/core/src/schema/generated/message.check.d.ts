/**
 * Checks `value`, which comes from `JSON.parse`, against `message.v1`.
 *
 * @returns -1 when it doesn't fit; else the length of its shortest JSON text in UTF-16 code units,
 *   as if no string needed an escape, or NaN when a number has more than one short spelling.
 */
export function compactLength(value: unknown): number;
