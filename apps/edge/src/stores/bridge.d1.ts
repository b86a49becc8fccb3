/** Whose personas are whose, in D1 (`PII_DB`). No other file names the table, which a test sees to. */
import type { Clock } from "@hi-stranger/core/clock";
import type { Bridge } from "./sign-in-ports.ts";

export function createD1Bridge(db: D1Database, clock: Clock): Bridge {
  return {
    async profilesOf(personId) {
      const { results } = await db
        .prepare(
          `SELECT profile_id FROM link_profile_personal INDEXED BY link_profile_personal_by_person
           WHERE person_id = ?1 ORDER BY profile_id`,
        )
        .bind(personId)
        .all<{ profile_id: string }>();
      return results.map((row) => row.profile_id);
    },
    async isLinked(personId, profileId) {
      const row = await db
        .prepare(
          "SELECT 1 AS found FROM link_profile_personal WHERE profile_id = ?2 AND person_id = ?1",
        )
        .bind(personId, profileId)
        .first();
      return row !== null;
    },
    async link(personId, profileId, maxProfiles) {
      const { meta } = await db
        .prepare(
          `INSERT INTO link_profile_personal (profile_id, person_id, created_at)
           SELECT ?2, person_id, ?3 FROM personal_data WHERE person_id = ?1
             AND ?4 > (SELECT count(*) FROM link_profile_personal WHERE person_id = ?1)
           ON CONFLICT DO NOTHING`,
        )
        .bind(personId, profileId, clock.now(), maxProfiles)
        .run();
      return meta.changes === 1;
    },
    async unlink(profileId) {
      await db
        .prepare("DELETE FROM link_profile_personal WHERE profile_id = ?1")
        .bind(profileId)
        .run();
    },
  };
}
