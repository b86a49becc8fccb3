/** Roles of people, in D1 (`PII_DB`). */
import type { Role } from "@hi-stranger/core/contract/actions";
import type { RoleStore } from "./sign-in-ports.ts";

interface Row {
  readonly person_id: string;
  readonly role: Role;
  readonly granted_at: number;
}

const maxListed = 1_000;

export function createD1RoleStore(db: D1Database): RoleStore {
  return {
    async of(personId) {
      const { results } = await db
        .prepare("SELECT role FROM roles WHERE person_id = ?1 ORDER BY role")
        .bind(personId)
        .all<{ role: Role }>();
      return results.map(({ role }) => role);
    },
    async grant({ personId, role, grantedAtMs }) {
      // Read in the transaction that writes: the one that is there, whoever was faster.
      const [added, found] = await db.batch<Row>([
        db
          .prepare(
            `INSERT INTO roles (person_id, role, granted_at)
             SELECT person_id, ?2, ?3 FROM personal_data WHERE person_id = ?1
             ON CONFLICT DO NOTHING`,
          )
          .bind(personId, role, grantedAtMs),
        db
          .prepare(
            "SELECT person_id, role, granted_at FROM roles WHERE person_id = ?1 AND role = ?2",
          )
          .bind(personId, role),
      ]);
      const row = found?.results[0];
      return row ? { grant: toGrant(row), isNew: added?.meta.changes === 1 } : null;
    },
    async revoke(personId, role) {
      const { meta } = await db
        .prepare("DELETE FROM roles WHERE person_id = ?1 AND role = ?2")
        .bind(personId, role)
        .run();
      return meta.changes === 1;
    },
    async list() {
      const { results } = await db
        .prepare("SELECT person_id, role, granted_at FROM roles ORDER BY person_id, role LIMIT ?1")
        .bind(maxListed)
        .all<Row>();
      return results.map(toGrant);
    },
  };
}

function toGrant({ person_id: personId, role, granted_at: grantedAtMs }: Row) {
  return { personId, role, grantedAtMs };
}
