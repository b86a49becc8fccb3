/** Cursors of lists that run from the newest record to the oldest. */
import { StoreError } from "../errors.ts";

/** A place in such a list. Records of one instant stand in the descending order of their keys. */
export interface TimePosition {
  /** Epoch milliseconds; before 1970 they are negative. */
  readonly atMs: number;
  readonly key: string;
}

/** The cursor of what follows `position`: `{milliseconds}.{key}`. */
export function toTimeCursor({ atMs, key }: TimePosition): string {
  return `${atMs}.${key}`;
}

/** @throws {StoreError} `invalid_cursor` for a text that {@link toTimeCursor} never makes. */
export function readTimeCursor(cursor: string): TimePosition {
  const [, digits = "", key = ""] = /^(0|-?[1-9]\d{0,15})\.([a-z0-9_]{1,200})$/.exec(cursor) ?? [];
  if (key === "") {
    throw new StoreError("invalid_cursor", "The cursor is not one that this list gave out.");
  }
  return { atMs: Number(digits), key };
}
