/**
 * Personas in D1, the LIVE store.
 *
 * One write is one transaction. D1 has a single writer, so revisions become visible in their order
 * and the change feed misses nothing. Lists read by key, never by offset; a filter other than the
 * language reads at most {@link maxScannedRows} rows a page, so a page may be short.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type {
  ChangePage,
  ListQuery,
  ProfileFilter,
  ProfilePage,
  ProfileRow,
  ProfileStore,
  StoredProfile,
  WriteCounts,
} from "@hi-stranger/core/store/profile-store";
import { endWhenFull, hasMore } from "./page-bytes.ts";
import { advanceCounter, maxChunksPerStatement, toChunks, upsertChunks } from "./profile-sql.ts";

/** Most rows that a filtered page reads. */
export const maxScannedRows = 5_000;

interface Row {
  readonly profile_id: string;
  readonly rev: number;
  readonly body: string;
  readonly pageBytes?: number;
}

export function createD1ProfileStore(db: D1Database, clock: Clock): ProfileStore {
  return {
    capabilities: { isAtomic: true, isConsistent: true, countCost: "constant" },
    get: (profileId) => getProfile(db, profileId),
    list: (query) => listProfiles(db, query),
    async count() {
      const row = await db
        .prepare("SELECT value FROM counters WHERE name = 'profiles'")
        .first<{ value: number }>();
      return row?.value ?? 0;
    },
    changes: (sinceRev, limit) => listChanges(db, sinceRev, limit),
    write: (rows) => writeProfiles(db, rows, clock.now()),
    delete: (profileId) => deleteProfile(db, profileId, clock.now()),
  };
}

async function getProfile(db: D1Database, profileId: string): Promise<StoredProfile | null> {
  const row = await db
    .prepare("SELECT profile_id, rev, body FROM profiles WHERE profile_id = ?1")
    .bind(profileId)
    .first<Row>();
  return row && toStored(row);
}

async function listProfiles(db: D1Database, query: ListQuery): Promise<ProfilePage> {
  const { language, ...others } = query.filter;
  const after = query.cursor ?? "";
  const values: unknown[] = [after];
  const where = ["profile_id > ?1"];
  if (language !== undefined) where.push(`language = ?${values.push(language)}`);
  const conditions = toConditions(others, values);
  const scanned = `SELECT profile_id, rev, body${conditions.columns} FROM profiles
    WHERE ${where.join(" AND ")} ORDER BY profile_id`;
  if (conditions.where === "") {
    const page = `${scanned} LIMIT ?${values.push(query.limit + 1)}`;
    const { results } = await db
      .prepare(endWhenFull(page, "profile_id", query.limit))
      .bind(...values)
      .all<Row>();
    const items = results.slice(0, query.limit).map(toStored);
    return { items, nextCursor: hasMore(results, query.limit) ? lastId(items) : null };
  }
  return listScanned(db, query, scanned, conditions.where, values);
}

/** A page under conditions without an index: reads a bounded stretch and tells where it ended. */
async function listScanned(
  db: D1Database,
  query: ListQuery,
  scanned: string,
  where: string,
  values: unknown[],
): Promise<ProfilePage> {
  const bound = `?${values.push(maxScannedRows)}`;
  const limit = `?${values.push(query.limit + 1)}`;
  const matches = `SELECT profile_id, rev, body FROM (${scanned} LIMIT ${bound}) WHERE ${where} LIMIT ${limit}`;
  const [page, end] = await db.batch<Row>([
    db.prepare(endWhenFull(matches, "profile_id", query.limit)).bind(...values),
    // Where the stretch ended, should it hold less than a page: its last id, if more rows follow.
    db
      .prepare(`SELECT profile_id FROM (${scanned} LIMIT 1 OFFSET ${bound} - 1)`)
      .bind(...values.slice(0, -1)),
  ]);
  const results = page?.results ?? [];
  const items = results.slice(0, query.limit).map(toStored);
  if (hasMore(results, query.limit)) return { items, nextCursor: lastId(items) };
  return { items, nextCursor: end?.results[0]?.profile_id ?? null };
}

const filterColumns = ["assertiveness", "empathy", "stress", "regulation"] as const;

function toConditions(filter: Omit<ProfileFilter, "language">, values: unknown[]) {
  const asked = filterColumns.filter((name) => filter[name] !== undefined);
  return {
    columns: asked.map((name) => `, ${name}`).join(""),
    where: asked.map((name) => `${name} = ?${values.push(filter[name])}`).join(" AND "),
  };
}

async function listChanges(db: D1Database, sinceRev: number, limit: number): Promise<ChangePage> {
  const page = `
    SELECT * FROM (
      SELECT * FROM (
        SELECT profile_id, rev, body FROM profiles WHERE rev > ?1 ORDER BY rev LIMIT ?2)
      UNION ALL SELECT * FROM (
        SELECT profile_id, rev, NULL FROM profile_deletions AS gone WHERE rev > ?1
          AND NOT EXISTS (SELECT 1 FROM profiles WHERE profiles.profile_id = gone.profile_id)
        ORDER BY rev LIMIT ?2))
    ORDER BY rev LIMIT ?2`;
  const { results } = await db
    .prepare(endWhenFull(page, "rev", limit))
    .bind(sinceRev, limit + 1)
    .all<Omit<Row, "body"> & { readonly body: string | null }>();
  const changes = results
    .slice(0, limit)
    .map((row) => ({ profileId: row.profile_id, rev: row.rev, line: row.body }));
  return {
    changes,
    nextSinceRev: changes.at(-1)?.rev ?? sinceRev,
    isComplete: !hasMore(results, limit),
  };
}

async function writeProfiles(
  db: D1Database,
  rows: readonly ProfileRow[],
  nowMs: number,
): Promise<WriteCounts> {
  const chunks = toChunks(rows);
  if (chunks.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const statements: D1PreparedStatement[] = [];
  let touched = 0;
  let inserted = 0;
  for (let index = 0; index < chunks.length; index += maxChunksPerStatement) {
    const group = chunks.slice(index, index + maxChunksPerStatement);
    statements.push(upsertChunks(db, group, nowMs), advanceCounter(db, group.length));
  }
  const results = await db.batch<{ added: number }>(statements);
  for (const { meta, results: counter } of results) {
    if (counter[0]) inserted += counter[0].added;
    else touched += meta.changes;
  }
  return { inserted, updated: touched - inserted, unchanged: rows.length - touched };
}

async function deleteProfile(db: D1Database, profileId: string, nowMs: number): Promise<boolean> {
  const [, counter] = await db.batch<{ rev: number }>([
    db
      .prepare(
        `INSERT INTO profile_deletions (profile_id, rev, deleted_at)
         SELECT profile_id, (SELECT rev + 1 FROM counters WHERE name = 'profiles'), ?2
         FROM profiles WHERE profile_id = ?1
         ON CONFLICT (profile_id) DO UPDATE SET rev = excluded.rev, deleted_at = excluded.deleted_at`,
      )
      .bind(profileId, nowMs),
    db
      .prepare(
        `UPDATE counters SET value = value - 1, rev = rev + 1
         WHERE name = 'profiles' AND EXISTS (SELECT 1 FROM profiles WHERE profile_id = ?1)
         RETURNING rev`,
      )
      .bind(profileId),
    db.prepare("DELETE FROM profiles WHERE profile_id = ?1").bind(profileId),
  ]);
  return counter?.results.length === 1;
}

function toStored(row: Row): StoredProfile {
  return { profileId: row.profile_id, rev: row.rev, line: row.body };
}

function lastId(items: readonly StoredProfile[]): string | null {
  return items.at(-1)?.profileId ?? null;
}
