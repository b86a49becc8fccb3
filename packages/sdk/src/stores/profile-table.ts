/** Personas in memory, with a change feed. */
import type {
  ProfileRow,
  ProfileStore,
  StoredProfile,
} from "@hi-stranger/core/store/profile-store";
import { matchesFilter } from "@hi-stranger/core/store/profile-store";
import { type LiveEntry, type RecordTable, createRecordTable } from "./record-table.ts";
import type { TableHome } from "./table-home.ts";

export type ProfileTable = RecordTable<ProfileRow>;

/** Makes an empty table whose revisions go on after `startRev`. */
export function createProfileTable(startRev = 0): ProfileTable {
  return createRecordTable<ProfileRow>({
    keyOf: ({ profileId }) => profileId,
    keepsDeletions: true,
    startRev,
  });
}

/** Makes a store of the table in `home`. */
export function profileStoreOver(home: TableHome<ProfileRow>): ProfileStore {
  return {
    capabilities: { isAtomic: true, isConsistent: true, countCost: "constant" },

    async get(profileId) {
      const entry = home.forReading().get(profileId);
      return entry && toStored(entry);
    },

    async list({ filter, cursor, limit }) {
      const isAsked = ({ facets }: ProfileRow) => matchesFilter(facets, filter);
      const { entries, nextCursor } = home.forReading().page(cursor, limit, isAsked);
      return { items: entries.map(toStored), nextCursor };
    },

    async count() {
      return home.forReading().count();
    },

    async changes(sinceRev, limit) {
      const table = home.forReading();
      const found = table.changes(sinceRev, limit + 1);
      const isComplete = found.length <= limit;
      const changes = found
        .slice(0, limit)
        .map(({ key, rev, row }) => ({ profileId: key, rev, line: row?.line ?? null }));
      const lastRev = isComplete ? table.lastRev : (changes.at(-1)?.rev ?? sinceRev);
      return { changes, nextSinceRev: Math.max(sinceRev, lastRev), isComplete };
    },

    async write(rows) {
      const notSaved = rows.length === 1 ? "one persona" : `${rows.length} personas`;
      return home.change(notSaved, (table) => table.write(rows));
    },

    async delete(profileId) {
      return home.change("the deletion of a persona", (table) => table.delete(profileId));
    },
  };
}

function toStored({ key, rev, row }: LiveEntry<ProfileRow>): StoredProfile {
  return { profileId: key, rev, line: row.line };
}
