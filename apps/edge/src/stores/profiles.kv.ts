/**
 * Personas in KV alone: the prototype's store.
 *
 * Each record is one value, `profile:{id}` to its line, with its facets and revision as metadata, so
 * that lists filter and the change feed sorts without reading values. What KV can't do is said:
 * writes aren't atomic, other locations see them up to 60 s later, counting lists every key, and
 * revisions come from the clock (two isolates writing in one millisecond may give one twice).
 */
import type { Clock } from "@hi-stranger/core/clock";
import { utf8ByteLength } from "@hi-stranger/core/codec/bytes";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import {
  type ChangePage,
  type ListQuery,
  type ProfileFacets,
  type ProfilePage,
  type ProfileRow,
  type ProfileStore,
  type StoredProfile,
  type WriteCounts,
  toProfileRow,
} from "@hi-stranger/core/store/profile-store";
import { inParallel } from "./in-parallel.ts";
import { maxPageBytes } from "./page-bytes.ts";

const recordPrefix = "profile:";
const tombstonePrefix = "deleted:";
/** How long the change feed remembers a deletion. */
const tombstoneTtlSeconds = 30 * 24 * 60 * 60;
/** Operations under way at once; more gain nothing locally. */
const parallelism = 50;
/** Most keys that one bulk read takes. */
const bulkReadSize = 100;

interface Metadata {
  readonly rev: number;
  readonly facets?: ProfileFacets;
  /** Of the line. */
  readonly byteLength?: number;
}

export const profileKvKey = (profileId: string) => `${recordPrefix}${profileId}`;

export function createKvProfileStore(kv: KVNamespace, clock: Clock): ProfileStore {
  const nextRev = createRevSource(clock);
  return {
    capabilities: { isAtomic: false, isConsistent: false, countCost: "linear" },
    get: (profileId) => getProfile(kv, profileId),
    list: (query) => listProfiles(kv, query),
    async count() {
      let total = 0;
      for await (const { keys } of listKeys(kv, recordPrefix)) total += keys.length;
      return total;
    },
    changes: (sinceRev, limit) => listChanges(kv, sinceRev, limit),
    write: (rows) => writeProfiles(kv, rows, nextRev),
    async delete(profileId) {
      const key = profileKvKey(profileId);
      if ((await kv.get(key)) === null) return false;
      const metadata: Metadata = { rev: nextRev() };
      await kv.put(`${tombstonePrefix}${profileId}`, "", {
        metadata,
        expirationTtl: tombstoneTtlSeconds,
      });
      await kv.delete(key);
      return true;
    },
  };
}

/** Revisions that grow: the clock's milliseconds times 1000, and one more for each within the millisecond. */
function createRevSource(clock: Clock): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now() * 1000);
    return last;
  };
}

async function getProfile(kv: KVNamespace, profileId: string): Promise<StoredProfile | null> {
  const { value, metadata } = await kv.getWithMetadata<Metadata>(profileKvKey(profileId));
  return value === null ? null : { profileId, rev: metadata?.rev ?? 0, line: value };
}

/**
 * A page's cursor is the id it goes on after and KV's own cursor of the key page that id was on, so
 * that walking the store lists each key once or twice, not once for each page.
 */
async function listProfiles(kv: KVNamespace, query: ListQuery): Promise<ProfilePage> {
  const [after = "", start = ""] = query.cursor?.split(" ") ?? [];
  const wanted = Object.entries(query.filter).filter(([, value]) => value !== undefined);
  const ids: string[] = [];
  let pageBytes = 0;
  let nextCursor: string | null = null;
  for await (const { keys, cursor } of listKeys(kv, recordPrefix, start || null)) {
    for (const { name, metadata } of keys) {
      const id = name.slice(recordPrefix.length);
      const facets: Record<string, unknown> = metadata?.facets ?? {};
      if (id <= after || !wanted.every(([facet, value]) => facets[facet] === value)) continue;
      if (ids.length === query.limit || pageBytes >= maxPageBytes) {
        return { items: await getMany(kv, ids), nextCursor };
      }
      ids.push(id);
      pageBytes += metadata?.byteLength ?? 0;
      nextCursor = `${id} ${cursor ?? ""}`;
    }
  }
  return { items: await getMany(kv, ids), nextCursor: null };
}

async function listChanges(kv: KVNamespace, sinceRev: number, limit: number): Promise<ChangePage> {
  const revsById = new Map<string, { rev: number; isDeleted: boolean; byteLength: number }>();
  for (const prefix of [recordPrefix, tombstonePrefix]) {
    for await (const { keys } of listKeys(kv, prefix)) {
      for (const { name, metadata } of keys) {
        const id = name.slice(prefix.length);
        const rev = metadata?.rev ?? 0;
        if (rev <= sinceRev || (revsById.get(id)?.rev ?? 0) > rev) continue;
        const byteLength = metadata?.byteLength ?? 0;
        revsById.set(id, { rev, isDeleted: prefix === tombstonePrefix, byteLength });
      }
    }
  }
  const ordered = [...revsById].toSorted(([, a], [, b]) => a.rev - b.rev);
  let pageBytes = 0;
  const page = ordered.slice(0, limit).filter(([, { byteLength }]) => {
    const isFull = pageBytes >= maxPageBytes;
    pageBytes += byteLength;
    return !isFull;
  });
  const stored = await getMany(
    kv,
    page.filter(([, { isDeleted }]) => !isDeleted).map(([id]) => id),
  );
  const linesById = new Map(stored.map(({ profileId, line }) => [profileId, line]));
  return {
    changes: page.map(([profileId, { rev }]) => ({
      profileId,
      rev,
      line: linesById.get(profileId) ?? null,
    })),
    nextSinceRev: page.at(-1)?.[1].rev ?? sinceRev,
    isComplete: page.length === ordered.length,
  };
}

async function writeProfiles(
  kv: KVNamespace,
  rows: readonly ProfileRow[],
  nextRev: () => number,
): Promise<WriteCounts> {
  const latest = new Map<string, ProfileRow>();
  for (const row of rows) latest.set(row.profileId, row);
  let inserted = 0;
  let updated = 0;
  const ids = [...latest.keys()];
  const linesById = new Map(
    (await getMany(kv, ids)).map(({ profileId, line }) => [profileId, line]),
  );
  await inParallel(parallelism, latest, async ([id, { facets, line }]) => {
    const before = linesById.get(id);
    if (before === line) return;
    const byteLength = utf8ByteLength(line);
    const metadata: Metadata = { rev: nextRev(), facets, byteLength };
    await kv.put(profileKvKey(id), line, { metadata });
    if (before === undefined) inserted += 1;
    else updated += 1;
  });
  return { inserted, updated, unchanged: rows.length - inserted - updated };
}

/** The records of `ids`, in their order, without those that are gone. */
async function getMany(kv: KVNamespace, ids: readonly string[]): Promise<StoredProfile[]> {
  const pages: string[][] = [];
  for (let index = 0; index < ids.length; index += bulkReadSize) {
    pages.push(ids.slice(index, index + bulkReadSize).map(profileKvKey));
  }
  const found = new Map<string, { value: string | null; metadata: Metadata | null }>();
  await inParallel(parallelism, pages, async (keys) => {
    for (const [key, entry] of await kv.getWithMetadata<Metadata>(keys)) found.set(key, entry);
  });
  return ids.flatMap((profileId) => {
    const entry = found.get(profileKvKey(profileId));
    if (!entry || entry.value === null) return [];
    return [{ profileId, rev: entry.metadata?.rev ?? 0, line: entry.value }];
  });
}

/** All keys with `prefix` by the page, each with the cursor that its page was asked with. */
async function* listKeys(kv: KVNamespace, prefix: string, start: string | null = null) {
  let cursor = start;
  for (;;) {
    const page: KVNamespaceListResult<Metadata> = await kv.list<Metadata>({ prefix, cursor });
    yield { keys: page.keys, cursor };
    if (page.list_complete) return;
    cursor = page.cursor;
  }
}

/** A row again, for those who kept only its line. The line was checked before it was kept. */
export function toRow(line: string): ProfileRow {
  const read = readProfileLine(line);
  if ("violations" in read) throw new TypeError("a stored record no longer fits its schema");
  return toProfileRow(read);
}
