/**
 * Cursors: where a list goes on, bound to the list and the filter it came from.
 *
 * A cursor is no secret and no capability; it is opaque so that its form can change.
 */
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import { StoreError } from "@hi-stranger/core/errors";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const version = 1;

/** Packs `position`, which the list `listId` understands under `filter`. */
export function encodeCursor(listId: string, filter: object, position: string): string {
  return toBase64Url(
    encoder.encode(JSON.stringify([version, listId, filterKey(filter), position])),
  );
}

/**
 * Unpacks a cursor.
 *
 * @throws {StoreError} `invalid_cursor` for anything that {@link encodeCursor} didn't make for the same list and filter.
 */
export function decodeCursor(listId: string, filter: object, cursor: string): string {
  const parts = parse(cursor);
  if (
    !Array.isArray(parts) ||
    parts.length !== 4 ||
    parts[0] !== version ||
    parts[1] !== listId ||
    parts[2] !== filterKey(filter) ||
    typeof parts[3] !== "string"
  ) {
    throw new StoreError(
      "invalid_cursor",
      "Pass `next_cursor` of the page before with the same filters, or leave the cursor out to start again.",
    );
  }
  return parts[3];
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(decoder.decode(fromBase64Url(cursor) ?? new Uint8Array()));
  } catch {
    return null;
  }
}

function filterKey(filter: object): string {
  return JSON.stringify(Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
