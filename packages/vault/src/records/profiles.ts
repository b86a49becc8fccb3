/** Personas in `vault.db`. */
import type {
  ProfileChange,
  ProfileFilter,
  ProfileRow,
  ProfileStore,
  StoredProfile,
} from "@hi-stranger/core/store/profile-store";
import type { StoredRecord } from "@hi-stranger/core/store/record-store";
import type { Database, SqlValue } from "../ports.ts";
import type { SyncWriter } from "./sync-writer.ts";
import { createSqlRecords, selectedColumns, sqlCapabilities, toPage } from "./sql-records.ts";

const facets = ["language", "assertiveness", "empathy", "stress", "regulation"] as const;

const keptSinceSql = `
  SELECT profile_id AS profileId, rev, body AS line FROM profiles
  WHERE rev > ? ORDER BY rev LIMIT ?`;
const deletedSinceSql = `
  SELECT profile_id AS profileId, rev, NULL AS line FROM profile_deletions
  WHERE rev > ? ORDER BY rev LIMIT ?`;

export function createSqlProfileStore(database: Database): ProfileStore & SyncWriter<ProfileRow> {
  const records = createSqlRecords<ProfileRow>(database, {
    table: "profiles",
    keyColumn: "profile_id",
    keyOf: ({ profileId }) => profileId,
    columns: facets,
    valuesOf: (row) => facets.map((name) => row.facets[name] ?? null),
    afterWrite({ profileId }) {
      database.run("DELETE FROM profile_deletions WHERE profile_id = ?", profileId);
    },
    afterDelete(profileId, rev) {
      database.run("INSERT INTO profile_deletions (profile_id, rev) VALUES (?, ?)", profileId, rev);
    },
  });

  return {
    capabilities: sqlCapabilities,

    async get(profileId) {
      const record = records.get(profileId);
      return record && toStored(record);
    },

    async list({ filter, cursor, limit }) {
      const { where, values } = toConditions(filter);
      const sql = `SELECT ${selectedColumns("profile_id")} FROM profiles
        WHERE profile_id > ?${where} ORDER BY profile_id LIMIT ?`;
      const found = database.all<StoredRecord>(sql, cursor ?? "", ...values, limit + 1);
      const page = toPage(found, limit, ({ key }) => key);
      return { items: page.items.map(toStored), nextCursor: page.nextCursor };
    },

    async count() {
      return records.count();
    },

    async changes(sinceRev, limit) {
      // Each runs along an index. Merged by SQLite, both would be sorted, lines and all.
      const kept = database.all<ProfileChange>(keptSinceSql, sinceRev, limit + 1);
      const deleted = database.all<ProfileChange>(deletedSinceSql, sinceRev, limit + 1);
      const found = [...kept, ...deleted].sort((left, right) => left.rev - right.rev);
      const changes = found.slice(0, limit);
      const nextSinceRev = changes.at(-1)?.rev ?? sinceRev;
      return { changes, nextSinceRev, isComplete: found.length <= limit };
    },

    async write(rows) {
      return records.write(rows);
    },
    writeNow: records.write,

    async delete(profileId) {
      return records.delete(profileId);
    },
  };
}

function toConditions(filter: ProfileFilter): { where: string; values: SqlValue[] } {
  const asked = facets.filter((name) => filter[name] !== undefined);
  return {
    where: asked.map((name) => ` AND ${name} = ?`).join(""),
    values: asked.map((name) => filter[name] ?? null),
  };
}

function toStored({ key, rev, line }: StoredRecord): StoredProfile {
  return { profileId: key, rev, line };
}
