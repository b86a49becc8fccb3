/**
 * Rotation of the index: while it moves, every row gets a second index by the new root, from its
 * decrypted address. When every row has both, the second takes the place of the first, row by row.
 */
import { dataKeyOf } from "@hi-stranger/core/crypto/envelope";
import type { EmailIndex } from "./email-index.ts";
import type { FieldCipher } from "./field-cipher.ts";
import type { WrappedKey, WrappedKeyStore } from "./identity-ports.ts";
import { type KeyMover, type PreparedRow, prepareRows, targetOf } from "./key-mover.ts";
import type { Rotation } from "./key-rotation-ports.ts";

interface Row {
  readonly person_id: string;
  readonly email: string;
  readonly email_hash: string;
  readonly email_hash_next: string | null;
}

interface SecondIndex {
  readonly row: Row;
  readonly second: string;
}

/** A row with its second index. */
type IndexedRow = PreparedRow<Row, string>;

/** One share each, and a few statements for all of them; see `pagesPerRun`. */
const rowsPerPage = 75;

export interface IndexMoverOptions {
  readonly cipher: FieldCipher;
  readonly index: EmailIndex;
  readonly wrappedKeys: WrappedKeyStore;
}

export function createIndexMover(
  db: D1Database,
  { cipher, index, wrappedKeys }: IndexMoverOptions,
): KeyMover {
  /** The wraps of the keys that sealed the rows' addresses, by the rows' people. */
  async function readWraps(rows: readonly Row[]): Promise<Map<string, WrappedKey>> {
    const names = rows.flatMap(({ email }) => {
      const name = dataKeyOf(email);
      return name ? [{ dekId: name.dekId, version: name.dekVersion }] : [];
    });
    const wraps = await wrappedKeys.findAll(names);
    return new Map(wraps.map((wrap) => [wrap.subjectId, wrap]));
  }

  /** Null when the row doesn't open, or its index isn't its address's. */
  async function secondIndexOf(
    row: Row,
    wrap: WrappedKey | undefined,
    to: number,
  ): Promise<string | null> {
    if (wrap) await cipher.learn(wrap);
    const opened = await cipher.open(row.person_id, row.person_id, { email: row.email });
    const email = opened?.["email"] ?? null;
    if (email === null || !(await index.all(email)).includes(row.email_hash)) return null;
    return index.of(email, to);
  }

  /** The rows with their second indexes, null for those that don't open. */
  async function indexRows(rows: readonly Row[], to: number): Promise<IndexedRow[]> {
    if (rows.length === 0) return [];
    const wraps = await readWraps(rows);
    return prepareRows(rows, (row) => secondIndexOf(row, wraps.get(row.person_id), to));
  }

  /** The people of `indexed` whose second index is somebody else's. */
  async function findDoubles(indexed: readonly IndexedRow[]): Promise<Set<string>> {
    const seconds = indexed.flatMap(({ row, prepared }) =>
      prepared === null ? [] : [[row.person_id, prepared]],
    );
    const { results } = await db
      .prepare(
        `WITH made AS (SELECT value ->> 0 AS person_id, value ->> 1 AS second FROM json_each(?1))
         SELECT made.person_id FROM made CROSS JOIN personal_data AS other
         WHERE other.email_hash = made.second AND other.person_id <> made.person_id
         UNION SELECT made.person_id FROM made CROSS JOIN personal_data AS other
         WHERE other.email_hash_next = made.second AND other.person_id <> made.person_id`,
      )
      .bind(JSON.stringify(seconds))
      .all<{ person_id: string }>();
    return new Set(results.map((row) => row.person_id));
  }

  const rowsLeft = (rotation: Rotation) => {
    const [from, until] = rangeOf(targetOf(rotation));
    const isOld = "(email_hash < ? OR email_hash >= ?)";
    if (rotation.state === "switching") {
      return { from: `personal_data WHERE ${isOld}`, values: [from, until] };
    }
    return {
      from: `personal_data WHERE ${isOld} AND (email_hash_next IS NULL OR email_hash_next < ? OR email_hash_next >= ?)`,
      values: [from, until, from, until],
    };
  };

  return {
    stateAfterMoving: "switching",
    rowsLeft,
    rowsOfPass: () => ({ from: "personal_data", values: [] }),
    async page(rotation) {
      const to = targetOf(rotation);
      const [from, until] = rangeOf(to);
      const { results: rows } = await db
        .prepare(
          `SELECT person_id, email, email_hash, email_hash_next FROM personal_data
           WHERE person_id > ?1 ORDER BY person_id LIMIT ?2`,
        )
        .bind(rotation.cursor ?? "", rowsPerPage)
        .all<Row>();
      const last = rows.at(-1);
      if (!last) return null;
      const isNew = (hash: string | null) => hash !== null && hash >= from && hash < until;
      const statements: D1PreparedStatement[] = [];
      const failedSubjects: string[] = [];
      const old = rows.filter((row) => !isNew(row.email_hash) && !isNew(row.email_hash_next));
      const indexed = await indexRows(old, to);
      // One address of two people can only be a forger's work. Whose it is isn't for us to tell.
      const doubles = indexed.length > 0 ? await findDoubles(indexed) : new Set<string>();
      const added: SecondIndex[] = [];
      for (const { row, prepared: second } of indexed) {
        if (second === null || doubles.has(row.person_id)) failedSubjects.push(row.person_id);
        else added.push({ row, second });
      }
      if (added.length > 0) statements.push(addSeconds(db, added));
      if (rotation.state === "switching") {
        const ids = JSON.stringify(rows.map((row) => row.person_id));
        statements.push(switchOver(db, ids, [from, until]));
      }
      return { statements, cursor: last.person_id, rows: rows.length, failedSubjects };
    },
  };
}

function addSeconds(db: D1Database, added: readonly SecondIndex[]): D1PreparedStatement {
  const rows = added.map(({ row, second }) => ({ ...row, second }));
  // The plus keeps SQLite from searching by a second index, which most rows don't have.
  return db
    .prepare(
      `UPDATE OR IGNORE personal_data SET email_hash_next = made.second
       FROM (SELECT value ->> 'person_id' AS person_id, value ->> 'email' AS email,
               value ->> 'email_hash' AS email_hash,
               value ->> 'email_hash_next' AS email_hash_next, value ->> 'second' AS second
             FROM json_each(?1)) AS made
       WHERE personal_data.person_id = made.person_id AND personal_data.email = made.email
         AND +personal_data.email_hash = made.email_hash
         AND +personal_data.email_hash_next IS made.email_hash_next`,
    )
    .bind(JSON.stringify(rows));
}

function switchOver(
  db: D1Database,
  personIds: string,
  range: readonly [string, string],
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE personal_data SET email_hash = email_hash_next, email_hash_next = NULL
       WHERE person_id IN (SELECT value FROM json_each(?1))
         AND email_hash_next >= ?2 AND email_hash_next < ?3`,
    )
    .bind(personIds, ...range);
}

/** Where every index by one version lies: from the first bound on, and before the second. */
export function rangeOf(version: number): readonly [string, string] {
  // "/" is the character that follows ".".
  return [`${version}.`, `${version}/`];
}
