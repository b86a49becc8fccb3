/** What a kind of rotation does to rows: three adapters, which `key-rotations.d1.ts` drives page by page. */
import { FieldError } from "@hi-stranger/core/crypto/envelope";
import { StoreError } from "@hi-stranger/core/errors";
import { inParallel } from "./in-parallel.ts";
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

/** Rows take a share each, which are read so many at once. */
const sharesAtOnce = 10;

/** A row, and what was made of it: null where it doesn't open. */
export interface PreparedRow<Row, Prepared> {
  readonly row: Row;
  readonly prepared: Prepared | null;
}

/**
 * What `prepare` gives for each row, in no order. Null is for a row that doesn't open, which counts as
 * failed and stays as it is; whatever else goes wrong is thrown.
 */
export async function prepareRows<Row, Prepared>(
  rows: readonly Row[],
  prepare: (row: Row) => Promise<Prepared | null>,
): Promise<PreparedRow<Row, Prepared>[]> {
  const all: PreparedRow<Row, Prepared>[] = [];
  await inParallel(sharesAtOnce, rows, async (row) => {
    all.push({ row, prepared: await orFailed(() => prepare(row)) });
  });
  return all;
}

/** The statements of `rows`, and the subjects of those that don't open. */
export async function moveRows<Row extends { readonly subject_id: string }>(
  rows: readonly Row[],
  move: (row: Row) => Promise<readonly D1PreparedStatement[] | null>,
): Promise<Pick<MovedPage, "statements" | "failedSubjects">> {
  const moved = await prepareRows(rows, move);
  return {
    statements: moved.flatMap(({ prepared }) => prepared ?? []),
    failedSubjects: moved.flatMap(({ row, prepared }) => (prepared ? [] : [row.subject_id])),
  };
}

/** Without a share and without a person, a key is what a shred left that was cut off in the middle. */
export function removeRemains(
  db: D1Database,
  row: { readonly dek_id: string; readonly version: number },
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM data_keys WHERE dek_id = ?1 AND version = ?2
         AND NOT EXISTS (SELECT 1 FROM personal_data WHERE person_id = subject_id)`,
    )
    .bind(row.dek_id, row.version);
}

async function orFailed<Result>(prepare: () => Promise<Result>): Promise<Result | null> {
  try {
    return await prepare();
  } catch (error) {
    const isUnknownRoot = error instanceof StoreError && error.code === "store_unavailable";
    if (error instanceof FieldError || error instanceof WrapError || isUnknownRoot) return null;
    throw error;
  }
}
