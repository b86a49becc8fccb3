/** What a kind of rotation does to rows: three adapters, which `key-rotations.d1.ts` drives page by page. */
import { FieldError } from "@hi-stranger/core/crypto/envelope";
import { StoreError } from "@hi-stranger/core/errors";
import { WrapError } from "./key-wraps.ts";
import type { Rotation } from "./key-rotation-ports.ts";

/** Rows, as `FROM` takes them, with its anonymous parameters. */
export interface RowsLeft {
  readonly from: string;
  readonly values: readonly (string | number | null)[];
}

/** One page of rows. Each statement changes a row only where that is as it was read. */
export interface MovedPage {
  readonly statements: readonly D1PreparedStatement[];
  /** The last row of the page. */
  readonly cursor: string;
  readonly rows: number;
  /** Subjects of rows that don't open. */
  readonly failedSubjects: readonly string[];
}

export interface KeyMover {
  /** The rows that are still on an old key, in the rotation's state. */
  rowsLeft(rotation: Rotation): RowsLeft;
  /** The rows that a pass goes through. */
  rowsOfPass(rotation: Rotation): RowsLeft;
  /** Prepares the page after the rotation's cursor; null at the end. */
  page(rotation: Rotation): Promise<MovedPage | null>;
  /** What comes when no row is left. */
  readonly stateAfterMoving: "switching" | "finished";
}

/** The version that a rotation of a root goes to. */
export function targetOf({ purpose, toVersion }: Rotation): number {
  if (toVersion === null) throw new TypeError(`a rotation of ${purpose} has no version`);
  return toVersion;
}

/**
 * Prepares the statements of one row. Gives null for a row that doesn't open, which counts as failed
 * and stays as it is; whatever else goes wrong is thrown.
 */
export async function orFailed<Result>(prepare: () => Promise<Result>): Promise<Result | null> {
  try {
    return await prepare();
  } catch (error) {
    const isUnknownRoot = error instanceof StoreError && error.code === "store_unavailable";
    if (error instanceof FieldError || error instanceof WrapError || isUnknownRoot) return null;
    throw error;
  }
}
