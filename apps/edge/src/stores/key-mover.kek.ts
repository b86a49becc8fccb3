/** Rotation of the KEK: every wrapped data key is wrapped anew by the new version. */
import { type KeyMover, moveRows, removeRemains, targetOf } from "./key-mover.ts";
import type { Rotation } from "./key-rotation-ports.ts";
import type { KeyWraps } from "./key-wraps.ts";
import { type WrappedKeyRow, toKey, wrappedKeyColumns } from "./wrapped-keys.d1.ts";

interface Row extends WrappedKeyRow {
  readonly is_person: 0 | 1;
}

/** One statement and one share each; see `pagesPerRun`. */
const rowsPerPage = 50;

export function createKekMover(db: D1Database, wraps: KeyWraps): KeyMover {
  /** Below the new version, then above it, where nothing belongs. */
  async function readPage(rotation: Rotation): Promise<Row[]> {
    const to = targetOf(rotation);
    const after = readCursor(rotation.cursor);
    for (const side of ["<", ">"]) {
      const { results } = await db
        .prepare(
          `SELECT ${wrappedKeyColumns},
             EXISTS (SELECT 1 FROM personal_data WHERE person_id = subject_id) AS is_person
           FROM data_keys INDEXED BY data_keys_by_kek
           WHERE kek_version ${side} ?1 AND (kek_version, dek_id, version) > (?2, ?3, ?4)
           ORDER BY kek_version, dek_id, version LIMIT ?5`,
        )
        .bind(to, ...after, rowsPerPage)
        .all<Row>();
      if (results.length > 0) return results;
    }
    return [];
  }

  /** Null when it doesn't open. */
  async function move(row: Row, to: number): Promise<D1PreparedStatement[] | null> {
    const renewed = await wraps.renew(toKey(row), to);
    if (renewed) {
      const renew = db
        .prepare(
          `UPDATE data_keys SET wrapped = ?4, kek_version = ?5, wraps = 1 + (
             SELECT count(*) FROM data_keys AS other INDEXED BY data_keys_by_subject
             WHERE other.subject_id = data_keys.subject_id AND other.class = data_keys.class
               AND other.kek_version = ?5)
           WHERE dek_id = ?1 AND version = ?2 AND kek_version = ?3 AND wrapped = ?6`,
        )
        .bind(row.dek_id, row.version, row.kek_version, renewed.wrapped, to, row.wrapped);
      return [renew];
    }
    if (row.class !== "pii" || row.is_person === 1) return null;
    return [removeRemains(db, row)];
  }

  const rowsLeft = (rotation: Rotation) => {
    const to = targetOf(rotation);
    return {
      from: "data_keys INDEXED BY data_keys_by_kek WHERE kek_version < ? OR kek_version > ?",
      values: [to, to],
    };
  };

  return {
    stateAfterMoving: "finished",
    rowsLeft,
    rowsOfPass: rowsLeft,
    async page(rotation) {
      const rows = await readPage(rotation);
      const last = rows.at(-1);
      if (!last) return null;
      const moved = await moveRows(rows, (row) => move(row, targetOf(rotation)));
      const cursor = `${last.kek_version}.${last.dek_id}.${last.version}`;
      return { ...moved, cursor, rows: rows.length };
    },
  };
}

function readCursor(cursor: string | null): [number, string, number] {
  const [kekVersion = "", dekId = "", version = ""] = (cursor ?? "0..0").split(".");
  return [Number(kekVersion), dekId, Number(version)];
}
