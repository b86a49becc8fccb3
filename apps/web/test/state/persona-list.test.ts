import { expect, it } from "vitest";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import {
  type ListQuery,
  type ProfilePage,
  type ProfileStore,
  toProfileRow,
} from "@hi-stranger/core/store/profile-store";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";
import { createMemoryProfileStore } from "@hi-stranger/sdk/stores/memory";
import { createPersonaList, pageSize } from "../../src/state/persona-list.ts";

async function createStore(count: number): Promise<{ store: ProfileStore; all: UserProfile[] }> {
  const store = createMemoryProfileStore();
  const all = [...generatePersonas({ count, seed: 11 })];
  await store.write(all.map((profile) => toProfileRow({ profile, line: JSON.stringify(profile) })));
  return { store, all };
}

/** A store whose pages hold at most `most` records and end where a bounded search would. */
function withShortPages(store: ProfileStore, most: number): ProfileStore {
  return {
    ...store,
    list: ({ filter, cursor, limit }: ListQuery) =>
      shortPage(store, { filter, cursor, limit }, most),
  };
}

async function shortPage(
  store: ProfileStore,
  query: ListQuery,
  most: number,
): Promise<ProfilePage> {
  const page = await store.list({ ...query, filter: {}, limit: most });
  const matching = await store.list({ ...query, limit: 1000 });
  const ids = new Set(matching.items.map(({ profileId }) => profileId));
  return { ...page, items: page.items.filter(({ profileId }) => ids.has(profileId)) };
}

it("shows a page, then the next, until all are there", async () => {
  const { store, all } = await createStore(pageSize + 5);
  const list = createPersonaList(store);
  await list.show({});
  expect(list.listing.value?.items.map(({ profileId }) => profileId)).toEqual(
    all.slice(0, pageSize).map(({ profile_id }) => profile_id),
  );
  expect(list.total.value).toBe(all.length);
  await list.loadMore();
  expect(list.listing.value?.items).toHaveLength(all.length);
  expect(list.listing.value).toMatchObject({ cursor: null, status: "idle" });
});

it("goes on over short and empty pages until a screenful is found", async () => {
  const { store, all } = await createStore(200);
  const list = createPersonaList(withShortPages(store, 15));
  const wanted = all.filter(({ profile }) => profile.emotional.empathy_depth === 2);
  await list.show({ empathy: 2 });
  const shown = list.listing.value?.items ?? [];
  expect(shown.length).toBeGreaterThanOrEqual(pageSize);
  expect(shown.map(({ profileId }) => profileId)).toEqual(
    wanted.slice(0, shown.length).map(({ profile_id }) => profile_id),
  );
});

it("asks before it looks through a whole store for what may not be there", async () => {
  const { store } = await createStore(200);
  const list = createPersonaList(withShortPages(store, 3));
  await list.show({ language: "xx" });
  expect(list.listing.value).toMatchObject({ items: [], status: "idle" });
  expect(list.listing.value?.cursor).not.toBeNull();
  for (let rounds = 0; list.listing.value?.cursor !== null && rounds < 10; rounds++) {
    await list.loadMore();
  }
  expect(list.listing.value).toMatchObject({ items: [], cursor: null });
});

it("drops the answer to a filter that is no longer wanted", async () => {
  const { store } = await createStore(50);
  const held: (() => void)[] = [];
  const slow: ProfileStore = {
    ...store,
    async list(query) {
      if (query.filter.language === "de") await new Promise<void>((resolve) => held.push(resolve));
      return store.list(query);
    },
  };
  const list = createPersonaList(slow);
  const first = list.show({ language: "de" });
  await list.show({ language: "es" });
  const shown = list.listing.value;
  held.forEach((release) => release());
  await first;
  expect(list.listing.value).toBe(shown);
  expect(shown?.items.every(({ profile }) => profile.profile.system?.language === "es")).toBe(true);
});

it("keeps what is loaded when the same filter is shown again", async () => {
  const { store } = await createStore(50);
  const list = createPersonaList(store);
  await list.show({});
  await list.loadMore();
  await list.show({});
  expect(list.listing.value?.items).toHaveLength(2 * pageSize);
});

it("tells of a failure, and goes on from there", async () => {
  const { store } = await createStore(50);
  let isDown = false;
  const list = createPersonaList({
    ...store,
    list: (query) => (isDown ? Promise.reject(new Error("down")) : store.list(query)),
  });
  await list.show({});
  isDown = true;
  await list.loadMore();
  expect(list.listing.value).toMatchObject({ status: "failed" });
  expect(list.listing.value?.items).toHaveLength(pageSize);
  isDown = false;
  await list.loadMore();
  expect(list.listing.value?.items).toHaveLength(2 * pageSize);
});

it("takes a written persona in where it belongs, and leaves it out where it does not", async () => {
  const { store, all } = await createStore(60);
  const list = createPersonaList(store);
  await list.show({ language: "de" });
  const shown = list.listing.value?.items ?? [];
  const [first] = shown;
  if (!first) throw new Error("the demo personas hold German ones");
  list.remove(first.profileId);
  expect(list.listing.value?.items).toEqual(shown.slice(1));
  list.put(first);
  expect(list.listing.value?.items).toEqual(shown);
  const foreign = all.find(({ profile }) => profile.system?.language === "es");
  if (!foreign) throw new Error("the demo personas hold Spanish ones");
  list.put({ profileId: foreign.profile_id, rev: 1, profile: foreign });
  expect(list.listing.value?.items).toEqual(shown);
});
