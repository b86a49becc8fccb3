/** Walks through a store's pages, which fail for whatever no store may give. */
import { expect, vi } from "vitest";
import type {
  ChangePage,
  ListQuery,
  ProfileChange,
  ProfileFilter,
  ProfileStore,
  StoredProfile,
} from "../src/store/profile-store.ts";

/** Reads a list to its end; fails when it doesn't end, or a page is longer than asked. */
export async function walkList(
  store: ProfileStore,
  filter: ProfileFilter = {},
  limit = 100,
  start: string | null = null,
): Promise<StoredProfile[]> {
  const items: StoredProfile[] = [];
  let cursor = start;
  for (let pageNo = 1; pageNo <= 10_000; pageNo++) {
    const page = await store.list(pageQuery(filter, cursor, limit));
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    expect(page.nextCursor).not.toBe(cursor);
    cursor = page.nextCursor;
  }
  throw new Error("the list has no end");
}

/** Reads the feed to its end; fails for a profile that comes twice or a revision out of order. */
export async function walkChanges(
  store: ProfileStore,
  start = 0,
  limit = 100,
): Promise<ProfileChange[]> {
  const changes: ProfileChange[] = [];
  let sinceRev = start;
  for (let pageNo = 1; pageNo <= 10_000; pageNo++) {
    const page = await store.changes(sinceRev, limit);
    expect(page.changes.length).toBeLessThanOrEqual(limit);
    changes.push(...page.changes);
    expect(page.changes.every(({ rev }) => rev > sinceRev && rev <= page.nextSinceRev)).toBe(true);
    if (page.isComplete) {
      expectFeedOrder(changes);
      return changes;
    }
    expect(page.nextSinceRev).toBeGreaterThan(sinceRev);
    sinceRev = page.nextSinceRev;
  }
  throw new Error("the change feed has no end");
}

function expectFeedOrder(changes: readonly ProfileChange[]): void {
  const revs = changes.map(({ rev }) => rev);
  expect(revs).toEqual([...new Set(revs)].sort((a, b) => a - b));
  expect(new Set(changes.map(({ profileId }) => profileId)).size).toBe(changes.length);
}

export async function lastRevOf(store: ProfileStore): Promise<number> {
  let sinceRev = 0;
  for (;;) {
    const page = await store.changes(sinceRev, 1000);
    sinceRev = page.nextSinceRev;
    if (page.isComplete) return sinceRev;
  }
}

export async function revsOf(store: ProfileStore): Promise<Map<string, number>> {
  return new Map((await walkList(store)).map(({ profileId, rev }) => [profileId, rev]));
}

export function applyChanges(mirror: Map<string, string>, page: ChangePage): void {
  for (const change of page.changes) applyChange(mirror, change);
}

export function applyChange(mirror: Map<string, string>, { profileId, line }: ProfileChange): void {
  if (line === null) mirror.delete(profileId);
  else mirror.set(profileId, line);
}

/** Holds now for a consistent store, and before long for another. */
export async function soon(store: ProfileStore, claim: () => Promise<void>): Promise<void> {
  if (store.capabilities.isConsistent) await claim();
  else await vi.waitFor(claim, { timeout: 20_000, interval: 50 });
}

export function pageQuery(
  filter: ProfileFilter = {},
  cursor: string | null = null,
  limit = 100,
): ListQuery {
  return { filter, cursor, limit };
}
