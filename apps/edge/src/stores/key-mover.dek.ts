/**
 * Rotation of data keys: every person whose key is older than the rotation gets a new version, their
 * fields are sealed with it, and the old version is retired once no field names it.
 *
 * All of a person happens in one transaction. An edit in the meantime wins: the fields then aren't
 * what was read, none of them is replaced, and the next pass has another try.
 */
import type { FieldCipher } from "./field-cipher.ts";
import type { WrappedKey, WrappedKeyStore } from "./identity-ports.ts";
import { type KeyMover, moveRows, removeRemains } from "./key-mover.ts";
import type { KeyPlan, Rotation } from "./key-rotation-ports.ts";
import type { KeyWraps } from "./key-wraps.ts";
import { type WrappedKeyRow, countSeals, toKey } from "./wrapped-keys.d1.ts";

interface Row extends WrappedKeyRow {
  readonly created_at: number;
  readonly newest: number;
  /** Null when there is no such person. */
  readonly person_id: string | null;
  /** The fields, under their own names. */
  readonly [column: string]: string | number | null;
}

export interface DekMoverOptions {
  readonly wraps: KeyWraps;
  readonly wrappedKeys: WrappedKeyStore;
  readonly cipher: FieldCipher;
  readonly plan: KeyPlan;
}

/** Three statements and two shares each; see `pagesPerRun`. */
const rowsPerPage = 25;

export function createDekMover(db: D1Database, options: DekMoverOptions): KeyMover {
  const { wraps, wrappedKeys, cipher, plan } = options;
  const fields = cipher.columns.map((column) => `p.${column}`).join(", ");
  const namesOld = cipher.columns.map((column) => `${column} GLOB ?4`).join(" OR ");

  async function readPage({ startedAtMs, cursor }: Rotation): Promise<Row[]> {
    const { results } = await db
      .prepare(
        `SELECT k.dek_id, k.version, k.subject_id, k.class, k.kek_version, k.wrapped, k.created_at,
           (SELECT max(n.version) FROM data_keys AS n
            WHERE n.subject_id = k.subject_id AND n.class = k.class) AS newest,
           p.person_id, ${fields}
         FROM data_keys AS k INDEXED BY data_keys_in_use
         LEFT JOIN personal_data AS p ON p.person_id = k.subject_id
         WHERE k.class = 'pii' AND k.retired_at IS NULL AND k.created_at < ?1
           AND (k.created_at, k.dek_id, k.version) > (?2, ?3, ?4)
         ORDER BY k.created_at, k.dek_id, k.version LIMIT ?5`,
      )
      .bind(startedAtMs, ...readCursor(cursor), rowsPerPage)
      .all<Row>();
    return results;
  }

  /** The version that follows a row's, which may be there already; null when the share is gone. */
  async function successorOf(row: Row, kekVersion: number) {
    const current =
      row.newest > row.version ? await wrappedKeys.current(row.subject_id, row.class) : null;
    if (current) {
      const key = await wraps.open(current);
      return key && { wrapped: current, key };
    }
    return wraps.makeFor({ ...toKey(row), version: row.version + 1, kekVersion });
  }

  function addSuccessor(
    row: Row,
    next: WrappedKey,
    { atMs, seals }: { readonly atMs: number; readonly seals: number },
  ): D1PreparedStatement {
    // Made from the row before, so that a subject who was shredded meanwhile gets no key again.
    return db
      .prepare(
        `INSERT INTO data_keys (dek_id, version, subject_id, class, kek_version, wrapped, wraps,
           created_at, sealed)
         SELECT dek_id, ?3, subject_id, class, ?4, ?5,
           CASE kek_version WHEN ?4 THEN wraps + 1 ELSE 1 END, ?6, ?7
         FROM data_keys WHERE dek_id = ?1 AND version = ?2 AND NOT EXISTS (
           SELECT 1 FROM key_rotations
           WHERE purpose = 'kek' AND state = 'finished' AND to_version > ?4)
         ON CONFLICT DO NOTHING`,
      )
      .bind(row.dek_id, row.version, next.version, next.kekVersion, next.wrapped, atMs, seals);
  }

  /** Replaces all of the fields or none, and only while the new key is the one they were sealed with. */
  function replaceFields(
    row: Row,
    next: WrappedKey,
    sealed: Record<string, string>,
  ): D1PreparedStatement {
    const columns = Object.keys(sealed);
    const sets = columns.map((column, index) => `${column} = ?${index * 2 + 5}`);
    const unchanged = columns.map((column, index) => `${column} = ?${index * 2 + 6}`);
    const pairs = columns.flatMap((column) => [sealed[column] ?? null, row[column] ?? null]);
    return db
      .prepare(
        `UPDATE personal_data SET ${sets.join(", ")}
         WHERE person_id = ?1 AND ${unchanged.join(" AND ")} AND EXISTS (
           SELECT 1 FROM data_keys WHERE dek_id = ?2 AND version = ?3 AND wrapped = ?4)`,
      )
      .bind(row.subject_id, next.dekId, next.version, next.wrapped, ...pairs);
  }

  function retire(row: Row, atMs: number): D1PreparedStatement {
    return db
      .prepare(
        `UPDATE data_keys SET retired_at = ?3
         WHERE dek_id = ?1 AND version = ?2 AND retired_at IS NULL
           AND EXISTS (SELECT 1 FROM data_keys AS newer
             WHERE newer.dek_id = ?1 AND newer.version > ?2)
           AND NOT EXISTS (SELECT 1 FROM personal_data
             WHERE person_id = subject_id AND (${namesOld}))`,
      )
      .bind(row.dek_id, row.version, atMs, `hs?.${row.dek_id}.${row.version}.*`);
  }

  /** Null when the row doesn't open. */
  async function move(
    row: Row,
    { atMs, kekVersion }: { readonly atMs: number; readonly kekVersion: number },
  ): Promise<D1PreparedStatement[] | null> {
    const successor = await successorOf(row, kekVersion);
    if (!successor) return row.person_id === null ? [removeRemains(db, row)] : null;
    const { wrapped, key } = successor;
    await cipher.learn(toKey(row));
    const values = Object.fromEntries(
      cipher.columns.map((column) => [column, textOf(row[column] ?? null)]),
    );
    const sealed = await cipher.reseal(key, row.subject_id, row.subject_id, values);
    if (!sealed) return null;
    const seals = Object.keys(sealed).length;
    return [
      row.newest > row.version
        ? countSeals(db, wrapped, seals)
        : addSuccessor(row, wrapped, { atMs, seals }),
      ...(seals > 0 ? [replaceFields(row, wrapped, sealed)] : []),
      retire(row, atMs),
    ];
  }

  const rowsLeft = ({ startedAtMs }: Rotation) => ({
    from: `data_keys INDEXED BY data_keys_in_use
      WHERE class = 'pii' AND retired_at IS NULL AND created_at < ?`,
    values: [startedAtMs],
  });

  return {
    stateAfterMoving: "finished",
    rowsLeft,
    rowsOfPass: rowsLeft,
    async page(rotation) {
      const rows = await readPage(rotation);
      const last = rows.at(-1);
      if (!last) return null;
      // A key that this rotation makes is never older than it, whatever a server's clock says.
      const made = { atMs: rotation.startedAtMs, kekVersion: await plan.wrapVersion() };
      const moved = await moveRows(rows, (row) => move(row, made));
      const cursor = `${last.created_at}.${last.dek_id}.${last.version}`;
      return { ...moved, cursor, rows: rows.length };
    },
  };
}

function textOf(value: string | number | null): string | null {
  return typeof value === "string" ? value : null;
}

function readCursor(cursor: string | null): [number, string, number] {
  const [createdAt = "", dekId = "", version = ""] = (cursor ?? "-1..0").split(".");
  return [Number(createdAt), dekId, Number(version)];
}
