/**
 * A read-through cache of single personas in KV, before another store.
 *
 * Entries live 60 s, the least that KV keeps anything, and that is how old a read can be: KV itself
 * promises no better across locations. Where it was written, a change shows at once, because every
 * write moves the cache on to a new epoch, which voids all older entries; an import of any size
 * costs one put. KV takes one put a second of a key, so a refused one is tried again behind the
 * answer. Only personas are cached, which hold no personal data, and only those that an isolate is
 * asked for more than once: looking in KV and putting there costs more than D1's own read by key.
 */
import type {
  ProfileStore,
  StoredProfile,
  WriteCounts,
} from "@hi-stranger/core/store/profile-store";
import { profileKvKey } from "./profiles.kv.ts";

const epochKey = "profiles:epoch";
const entryTtlSeconds = 60;
/** Who comes twice among so many is popular: an entry lives 60 s, and must be read more often than it is put. */
const maxAsked = 1_000;
const epochTries = 5;
const epochPauseMs = 1_100;

interface EntryMetadata {
  readonly rev: number;
  readonly epoch: string;
}

/** A store with a cache, and ways around it. */
export interface CachedProfileStore extends ProfileStore {
  /** Reads the store itself. */
  getFresh(profileId: string): Promise<StoredProfile | null>;
  /** Voids all entries; for those who write to the store behind the cache's back. */
  voidEntries(): Promise<void>;
}

export interface CacheOptions {
  readonly kv: KVNamespace;
  /** Gives a text that it never gave before. */
  readonly newEpoch: () => string;
  /** Goes on with work behind the answer; `waitUntil` of a Worker. */
  readonly defer: (work: Promise<unknown>) => void;
}

export function createCachedProfileStore(
  store: ProfileStore,
  { kv, newEpoch, defer }: CacheOptions,
): CachedProfileStore {
  async function voidEntries(): Promise<void> {
    try {
      await kv.put(epochKey, newEpoch());
    } catch {
      // More than one put a second; until one gets through, readers may see what is up to 60 s old.
      defer(retryVoid());
    }
  }

  async function retryVoid(): Promise<void> {
    for (let tries = 1; tries <= epochTries; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, epochPauseMs * tries));
      try {
        await kv.put(epochKey, newEpoch());
        return;
      } catch {
        continue;
      }
    }
  }

  /** Ids that this isolate was asked for of late; a persona that is read once isn't worth a put. */
  const asked = new Set<string>();

  function isAskedAgain(profileId: string): boolean {
    if (asked.has(profileId)) return true;
    if (asked.size >= maxAsked) asked.clear();
    asked.add(profileId);
    return false;
  }

  return {
    ...store,
    capabilities: { ...store.capabilities, isConsistent: false },
    async get(profileId) {
      if (!isAskedAgain(profileId)) return store.get(profileId);
      const key = profileKvKey(profileId);
      const found = await kv.getWithMetadata<EntryMetadata>([key, epochKey]);
      const epoch = found.get(epochKey)?.value ?? "";
      const entry = found.get(key);
      if (entry?.value && entry.metadata?.epoch === epoch) {
        return { profileId, rev: entry.metadata.rev, line: entry.value };
      }
      const stored = await store.get(profileId);
      if (stored) {
        const metadata: EntryMetadata = { rev: stored.rev, epoch };
        defer(kv.put(key, stored.line, { metadata, expirationTtl: entryTtlSeconds }));
      }
      return stored;
    },
    getFresh: (profileId) => store.get(profileId),
    voidEntries,
    async write(rows): Promise<WriteCounts> {
      const counts = await store.write(rows);
      if (counts.inserted + counts.updated > 0) await voidEntries();
      return counts;
    },
    async delete(profileId) {
      const isDeleted = await store.delete(profileId);
      if (isDeleted) await voidEntries();
      return isDeleted;
    },
  };
}
