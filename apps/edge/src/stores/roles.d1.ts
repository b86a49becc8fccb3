/** Roles of people, in D1 (`PII_DB`). */
import type { Role } from "@hi-stranger/core/contract/actions";
import type { RoleStore } from "./sign-in-ports.ts";

export function createD1RoleStore(db: D1Database): RoleStore {
  return {
    async of(personId) {
      const { results } = await db
        .prepare("SELECT role FROM roles WHERE person_id = ?1 ORDER BY role")
        .bind(personId)
        .all<{ role: Role }>();
      return results.map(({ role }) => role);
    },
  };
}
