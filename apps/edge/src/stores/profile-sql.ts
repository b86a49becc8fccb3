/**
 * The SQL that puts personas into D1 in bulk, and the guards that keep it under D1's limits.
 *
 * Rows travel as JSON arrays in a few large parameters and are taken apart by SQLite: one statement
 * stores thousands of them. `jsonb_each` parses each record once for all its columns, which halves
 * the time that `json_each` takes. Local workerd doesn't enforce D1's production limits, so the
 * guards here do.
 */
import { Buffer } from "node:buffer";
import type { ProfileRow } from "@hi-stranger/core/store/profile-store";

/** Most bytes of one parameter; D1 takes 2,000,000. */
export const maxParameterBytes = 1_900_000;
/** Most chunks in one statement. */
export const maxChunksPerStatement = 3;
/**
 * Rows of up to this many bytes are cut into no more chunks than one statement takes: a full chunk
 * is short of its room by less than the longest line, which makes 1.76 MB, and two may be just begun.
 */
export const maxGroupBytes = (maxChunksPerStatement - 1) * 1_750_000;

/** Distance between the revisions of two chunks; more rows than this never fit one. */
const revsPerChunk = 100_000;

/** The latest revision before the statement that asks. */
const latestRev = "(SELECT rev FROM counters WHERE name = 'profiles')";

/**
 * The instant at `path` in epoch milliseconds. SQLite reads RFC 3339 with an upper-case T and offsets
 * up to 14:59; for those beyond, which RFC 3339 allows too, the offset is taken off by hand.
 */
function epochMs(path: string): string {
  const text = `upper(value ->> '${path}')`;
  const offset = `(substr(${text}, -5, 2) * 3600 + substr(${text}, -2) * 60)`;
  const sign = `CASE substr(${text}, -6, 1) WHEN '-' THEN -1 ELSE 1 END`;
  const byHand = `unixepoch(substr(${text}, 1, 19)) - (${sign}) * ${offset}`;
  return `CAST(round(coalesce(unixepoch(${text}, 'subsec'), ${byHand}) * 1000) AS INTEGER)`;
}

const columns = `
  profile_id, body, rev, first_rev, schema_version, language, assertiveness, empathy, stress,
  regulation, created_at, updated_at, last_active_at`;

/** Upserts the records of `source`, a query of `value` (JSONB) and `rev`; parameter 1 is the time. */
const upsertFrom = (source: string) => `
INSERT INTO profiles (${columns})
SELECT
  value ->> '$.profile_id', json(value), rev, rev, value ->> '$.schema_version',
  value ->> '$.profile.system.language',
  value ->> '$.profile.behavior.assertiveness_level',
  value ->> '$.profile.emotional.empathy_depth',
  value ->> '$.profile.emotional.stress_tolerance',
  value ->> '$.profile.emotional.emotional_regulation',
  ${epochMs("$.created_at")}, ?1, ${epochMs("$.profile.system.last_active")}
FROM (${source})
WHERE true
ON CONFLICT (profile_id) DO UPDATE SET
  body = excluded.body, rev = excluded.rev, schema_version = excluded.schema_version,
  language = excluded.language, assertiveness = excluded.assertiveness,
  empathy = excluded.empathy, stress = excluded.stress, regulation = excluded.regulation,
  created_at = excluded.created_at, updated_at = excluded.updated_at,
  last_active_at = excluded.last_active_at
WHERE profiles.body <> excluded.body`;

/** Upserts up to {@link maxChunksPerStatement} chunks of rows. */
export function upsertChunks(db: D1Database, chunks: readonly string[], nowMs: number) {
  // A list of VALUES may be long, where D1 takes a UNION of five at most.
  const list = chunks.map((_, index) => `(${index * revsPerChunk + 1}, ?${index + 2})`).join(", ");
  const source = `
    SELECT value, ${latestRev} + chunk.column1 + key AS rev
    FROM (VALUES ${list}) AS chunk, jsonb_each(chunk.column2)`;
  return db.prepare(upsertFrom(source)).bind(nowMs, ...chunks);
}

/** Upserts all chunks that import `importId` has staged, in their order. */
export function upsertStaged(db: D1Database, importId: string, nowMs: number) {
  const source = `
    SELECT each.value, ${latestRev} + 1 + staged.seq * ${revsPerChunk} + each.key AS rev
    FROM import_staging AS staged, jsonb_each(staged.rows) AS each
    WHERE staged.import_id = ?2 ORDER BY staged.seq, each.key`;
  return db.prepare(upsertFrom(source)).bind(nowMs, importId);
}

/** How many rows the statements before it in its batch added and touched, by the revisions they gave. */
export const writtenCounts = `
  SELECT count(*) AS touched, coalesce(sum(first_rev > ${latestRev}), 0) AS inserted
  FROM profiles INDEXED BY profiles_by_rev WHERE rev > ${latestRev}`;

/** Ends a batch: moves the counter on by what was added and by the revisions of `chunkCount` chunks. */
export function advanceCounter(db: D1Database, chunkCount: number) {
  return db
    .prepare(
      `UPDATE counters SET
         added = (SELECT count(*) FROM profiles INDEXED BY profiles_by_rev
                  WHERE profiles.rev > counters.rev AND first_rev > counters.rev),
         value = value + (SELECT count(*) FROM profiles INDEXED BY profiles_by_rev
                          WHERE profiles.rev > counters.rev AND first_rev > counters.rev),
         rev = rev + ?1
       WHERE name = 'profiles' RETURNING added`,
    )
    .bind(chunkCount * revsPerChunk);
}

/**
 * Cuts rows into JSON arrays that each fit one parameter. Of rows with one id only the last is kept.
 *
 * Records with characters beyond Latin-1 go into arrays of their own: a single one would make the
 * whole array's text two bytes a character, and sending it twice as dear.
 */
export function toChunks(rows: readonly ProfileRow[]): string[] {
  const chunks: string[] = [];
  const narrow = createChunker(chunks);
  const wide = createChunker(chunks);
  for (const line of latestById(rows).values()) (beyondLatin1.test(line) ? wide : narrow).add(line);
  narrow.end();
  wide.end();
  return chunks;
}

const bracketBytes = 2;
const beyondLatin1 = /[^\0-\xff]/;

function createChunker(chunks: string[]): { add(line: string): void; end(): void } {
  let lines: string[] = [];
  let bytes = bracketBytes;
  function end(): void {
    if (lines.length > 0) chunks.push(`[${lines.join(",")}]`);
    lines = [];
    bytes = bracketBytes;
  }
  return {
    add(line) {
      const lineBytes = Buffer.byteLength(line) + 1;
      if (bytes + lineBytes > maxParameterBytes) end();
      lines.push(line);
      bytes += lineBytes;
    },
    end,
  };
}

/** In the order of their last appearance, as if the rows were stored one by one. */
function latestById(rows: readonly ProfileRow[]): Map<string, string> {
  const linesById = new Map<string, string>();
  for (const { profileId, line } of rows) {
    if (linesById.has(profileId)) linesById.delete(profileId);
    linesById.set(profileId, line);
  }
  return linesById;
}
