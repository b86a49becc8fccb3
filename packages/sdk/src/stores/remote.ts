/**
 * A store behind the API, as a `ProfileStore`.
 *
 * Reads of one persona go past the caches, so that they see the last write. A write is one import
 * or, when it is large, several: it may be stored in part when one of them fails, and repeating it
 * completes it.
 */
import { StoreError } from "@hi-stranger/core/errors";
import { utf8ByteLength } from "@hi-stranger/core/codec/bytes";
import type {
  ListQuery,
  ProfileFilter,
  ProfileRow,
  ProfileStore,
  StoreCapabilities,
  StoredProfile,
  WriteCounts,
} from "@hi-stranger/core/store/profile-store";
import type { Client, ListProfilesQuery } from "../client.ts";

/** Bytes of lines in one import of a write. */
const maxWriteBytes = 8_000_000;

/** A store that answers by the API alone: what D1 promises, seen through several requests. */
const liveCapabilities: StoreCapabilities = {
  isAtomic: false,
  isConsistent: true,
  countCost: "constant",
};

/**
 * Makes a store of what `client` reaches.
 *
 * @param capabilities Of the store behind the API, where they are other than those of LIVE.
 */
export function createRemoteProfileStore(
  client: Client,
  capabilities: StoreCapabilities = liveCapabilities,
): ProfileStore {
  return {
    capabilities: { ...capabilities, isAtomic: false },

    async get(profileId) {
      const answer = await client.getProfile(profileId, { isFresh: true });
      return answer && { profileId, rev: answer.rev, line: JSON.stringify(answer.profile) };
    },

    async list({ filter, cursor, limit }: ListQuery) {
      const page = await client.listProfiles({
        limit,
        fields: "id,rev,profile",
        ...(cursor === null ? {} : { cursor }),
        ...givenMembers(filter),
      });
      return { items: page.items.map(toStoredProfile), nextCursor: page.next_cursor };
    },

    count: () => client.countProfiles(),

    async changes(sinceRev, limit) {
      const page = await client.listProfileChanges({ since_rev: sinceRev, limit });
      return {
        changes: page.changes.map(({ rev, profile_id: profileId, deleted, profile }) => ({
          profileId,
          rev,
          line: deleted ? null : JSON.stringify(profile),
        })),
        nextSinceRev: page.next_since_rev,
        isComplete: page.list_complete,
      };
    },

    write: (rows) => writeRows(client, rows),
    delete: (profileId) => client.deleteProfile(profileId),
  };
}

async function writeRows(client: Client, rows: readonly ProfileRow[]): Promise<WriteCounts> {
  // Several imports would count a replaced row as stored; so the last row of each id alone is sent.
  const linesById = new Map(rows.map(({ profileId, line }) => [profileId, line]));
  const counts = { inserted: 0, updated: 0, unchanged: rows.length - linesById.size };
  for (const lines of toChunks(linesById.values())) {
    const body = new TextEncoder().encode(lines.join("\n"));
    const { report } = await client.importProfiles(body, { isGzip: false });
    if (report.lines_invalid > 0) {
      const [first] = report.errors_sample;
      throw new StoreError(
        "invalid_lines",
        `The store refused ${report.lines_invalid} of ${lines.length} records` +
          (first ? `: ${first.path || "the record"} ${first.message}.` : "."),
      );
    }
    counts.inserted += report.inserted;
    counts.updated += report.updated;
    counts.unchanged += report.unchanged;
  }
  return counts;
}

function* toChunks(lines: Iterable<string>): Generator<string[]> {
  let chunk: string[] = [];
  let byteLength = 0;
  for (const line of lines) {
    const lineBytes = utf8ByteLength(line) + 1;
    if (chunk.length > 0 && byteLength + lineBytes > maxWriteBytes) {
      yield chunk;
      chunk = [];
      byteLength = 0;
    }
    chunk.push(line);
    byteLength += lineBytes;
  }
  if (chunk.length > 0) yield chunk;
}

/** An entry of a list that was asked for `id,rev,profile`. */
function toStoredProfile(item: unknown): StoredProfile {
  const { id, rev, profile } = item as { id: string; rev: number; profile: unknown };
  return { profileId: id, rev, line: JSON.stringify(profile) };
}

/** `filter` as the members of a query, without those that are given as undefined. */
function givenMembers(filter: ProfileFilter): Pick<ListProfilesQuery, keyof ProfileFilter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
