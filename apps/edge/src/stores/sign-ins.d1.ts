/** Sessions in D1 (`PII_DB`), a row each. */
import type { Clock } from "@hi-stranger/core/clock";
import type { SignIn, SignInStore } from "./sign-in-ports.ts";

interface Row {
  readonly family: string;
  readonly person_id: string;
  readonly token_hash: string;
  readonly label: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly rotated_at: number | null;
}

const columns = "family, person_id, token_hash, label, created_at, expires_at, rotated_at";
/** Most sessions of a person: the oldest ends when there are more, so that the list tells of all. */
const maxSessions = 100;

export function createD1SignInStore(db: D1Database, clock: Clock): SignInStore {
  return {
    async add({ family, personId, label, createdAtMs, expiresAtMs }, tokenHash) {
      await db.batch([
        db
          .prepare(
            `INSERT INTO sign_ins (family, person_id, token_hash, label, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
          )
          .bind(family, personId, tokenHash, label, createdAtMs, expiresAtMs),
        db
          .prepare(
            `UPDATE sign_ins SET revoked_at = ?2 WHERE family IN (
               SELECT family FROM sign_ins INDEXED BY sign_ins_by_person
               WHERE person_id = ?1 AND revoked_at IS NULL AND expires_at > ?2
               ORDER BY family DESC LIMIT -1 OFFSET ${maxSessions})`,
          )
          .bind(personId, clock.now()),
      ]);
    },
    async find(family) {
      const row = await db
        .prepare(
          `SELECT ${columns} FROM sign_ins
           WHERE family = ?1 AND revoked_at IS NULL AND expires_at > ?2`,
        )
        .bind(family, clock.now())
        .first<Row>();
      return row && { ...toSignIn(row), tokenHash: row.token_hash };
    },
    async rotate(family, { from, to, expiresAtMs }) {
      const { meta } = await db
        .prepare(
          `UPDATE sign_ins SET token_hash = ?3, expires_at = ?4, rotated_at = ?5
           WHERE family = ?1 AND token_hash = ?2 AND revoked_at IS NULL AND expires_at > ?5`,
        )
        .bind(family, from, to, expiresAtMs, clock.now())
        .run();
      return meta.changes === 1;
    },
    async revoke(family) {
      await db
        .prepare("UPDATE sign_ins SET revoked_at = ?2 WHERE family = ?1 AND revoked_at IS NULL")
        .bind(family, clock.now())
        .run();
    },
    async revokeOwn(personId, family) {
      const { meta } = await db
        .prepare(
          `UPDATE sign_ins SET revoked_at = ?3
           WHERE family = ?2 AND person_id = ?1 AND revoked_at IS NULL AND expires_at > ?3`,
        )
        .bind(personId, family, clock.now())
        .run();
      return meta.changes === 1;
    },
    async revokeAll(personId) {
      const { results } = await db
        .prepare(
          `UPDATE sign_ins INDEXED BY sign_ins_by_person SET revoked_at = ?2
           WHERE person_id = ?1 AND revoked_at IS NULL RETURNING family`,
        )
        .bind(personId, clock.now())
        .all<Pick<Row, "family">>();
      return results.map(({ family }) => family);
    },
    async list(personId) {
      const { results } = await db
        .prepare(
          `SELECT ${columns} FROM sign_ins INDEXED BY sign_ins_by_person
           WHERE person_id = ?1 AND revoked_at IS NULL AND expires_at > ?2
           ORDER BY family DESC LIMIT ${maxSessions}`,
        )
        .bind(personId, clock.now())
        .all<Row>();
      return results.map(toSignIn);
    },
  };
}

function toSignIn(row: Row): SignIn {
  return {
    family: row.family,
    personId: row.person_id,
    label: row.label,
    createdAtMs: row.created_at,
    lastUsedAtMs: row.rotated_at ?? row.created_at,
    expiresAtMs: row.expires_at,
  };
}
