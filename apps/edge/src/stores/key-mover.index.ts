/**
 * Rotation of the index: while it moves, every row gets a second index by the new root, from its
 * decrypted address. When every row has both, the second takes the place of the first, row by row.
 */
import type { EmailIndex } from "./email-index.ts";
import type { FieldCipher } from "./field-cipher.ts";
import { type KeyMover, orFailed, targetOf } from "./key-mover.ts";
import type { Rotation } from "./key-rotation-ports.ts";

interface Row {
  readonly person_id: string;
  readonly email: string;
  readonly email_hash: string;
  readonly email_hash_next: string | null;
}

const rowsPerPage = 100;

export function createIndexMover(
  db: D1Database,
  { cipher, index }: { readonly cipher: FieldCipher; readonly index: EmailIndex },
): KeyMover {
  /** Null when the row doesn't open, or its index isn't its address's. */
  async function secondIndexOf(row: Row, to: number): Promise<string | null> {
    const opened = await cipher.open(row.person_id, row.person_id, { email: row.email });
    const email = opened?.["email"] ?? null;
    if (email === null || !(await index.all(email)).includes(row.email_hash)) return null;
    const second = await index.of(email, to);
    // One address of two people can only be a forger's work. Whose it is isn't for us to tell.
    const other = await db
      .prepare(
        `SELECT 1 AS found FROM personal_data WHERE email_hash = ?1 AND person_id <> ?2
         UNION ALL SELECT 1 FROM personal_data WHERE email_hash_next = ?1 AND person_id <> ?2`,
      )
      .bind(second, row.person_id)
      .first();
    return other === null ? second : null;
  }

  function addSecond(row: Row, second: string): D1PreparedStatement {
    return db
      .prepare(
        `UPDATE OR IGNORE personal_data SET email_hash_next = ?2
         WHERE person_id = ?1 AND email = ?3 AND email_hash = ?4 AND email_hash_next IS ?5`,
      )
      .bind(row.person_id, second, row.email, row.email_hash, row.email_hash_next);
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
      for (const row of rows) {
        if (isNew(row.email_hash) || isNew(row.email_hash_next)) continue;
        const second = await orFailed(() => secondIndexOf(row, to));
        if (second !== null) statements.push(addSecond(row, second));
        else failedSubjects.push(row.person_id);
      }
      if (rotation.state === "switching") {
        const ids = JSON.stringify(rows.map((row) => row.person_id));
        statements.push(switchOver(db, ids, [from, until]));
      }
      return { statements, cursor: last.person_id, rows: rows.length, failedSubjects };
    },
  };
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
