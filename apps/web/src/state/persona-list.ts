/**
 * The loaded part of a filtered list, kept while the person looks at one persona and comes back.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import {
  type ProfileFilter,
  type ProfileStore,
  type StoredProfile,
  matchesFilter,
  toFacets,
} from "@hi-stranger/core/store/profile-store";
import { toPersonasUrl } from "./facets.ts";

/** A stored persona, parsed once. */
export interface Persona {
  readonly profileId: string;
  readonly rev: number;
  readonly profile: UserProfile;
}

export interface Listing {
  readonly filter: ProfileFilter;
  readonly items: readonly Persona[];
  /** Where the next page starts; null after the last. */
  readonly cursor: string | null;
  readonly status: "loading" | "idle" | "failed";
  readonly error: unknown;
}

export interface PersonaList {
  readonly listing: ReadonlySignal<Listing | null>;
  /** How many personas the store holds, whatever the filter; null until known. */
  readonly total: ReadonlySignal<number | null>;
  /** Shows `filter` from its start, unless that is what is shown. */
  show(filter: ProfileFilter): Promise<void>;
  loadMore(): Promise<void>;
  /** Loads everything anew when it is next shown, as somebody else wrote to the store. */
  forget(): void;
  /** Takes a written persona into what is shown. */
  put(persona: Persona): void;
  remove(profileId: string): void;
}

export const pageSize = 24;
/** A rare facet can make pages short; after this many the person is asked whether to look on. */
const maxPagesAtOnce = 20;

export function createPersonaList(store: ProfileStore): PersonaList {
  const listing = signal<Listing | null>(null);
  const total = signal<number | null>(null);
  // Counts the lists that were begun, so that an answer for a former one is dropped.
  let generation = 0;

  async function load(): Promise<void> {
    const mine = generation;
    const isCurrent = () => mine === generation;
    const begun = listing.value;
    if (!begun) return;
    const wanted = begun.items.length + pageSize;
    change({ status: "loading", error: null });
    try {
      for (let page = 0; page < maxPagesAtOnce; page++) {
        const { items, cursor, filter } = listing.value ?? begun;
        if (page > 0 && (cursor === null || items.length >= wanted)) break;
        const answer = await store.list({ filter, cursor, limit: pageSize });
        if (!isCurrent()) return;
        const known = new Set(items.map(({ profileId }) => profileId));
        const added = answer.items.filter(({ profileId }) => !known.has(profileId)).map(toPersona);
        change({ items: [...items, ...added], cursor: answer.nextCursor });
      }
      change({ status: "idle" });
    } catch (error) {
      if (isCurrent()) change({ status: "failed", error });
    }
  }

  function change(part: Partial<Listing>): void {
    if (listing.value) listing.value = { ...listing.value, ...part };
  }

  async function count(): Promise<void> {
    const mine = generation;
    try {
      const number = await store.count();
      if (mine === generation) total.value = number;
    } catch {
      // The list itself tells what is wrong.
    }
  }

  return {
    listing,
    total,

    async show(filter) {
      const shown = listing.value;
      if (shown && toPersonasUrl(shown.filter) === toPersonasUrl(filter)) return;
      generation += 1;
      listing.value = { filter, items: [], cursor: null, status: "loading", error: null };
      await Promise.all([load(), count()]);
    },

    loadMore: load,

    forget() {
      generation += 1;
      listing.value = null;
    },

    put(persona) {
      void count();
      if (!listing.value) return;
      const { items, cursor, filter } = listing.value;
      const others = items.filter(({ profileId }) => profileId !== persona.profileId);
      const isInReach = cursor === null || persona.profileId < (others.at(-1)?.profileId ?? "");
      const isShown = isInReach && matchesFilter(toFacets(persona.profile), filter);
      change({ items: isShown ? [...others, persona].sort(byId) : others });
    },

    remove(profileId) {
      void count();
      change({
        items: (listing.value?.items ?? []).filter((item) => item.profileId !== profileId),
      });
    },
  };
}

export function toPersona({ profileId, rev, line }: StoredProfile): Persona {
  return { profileId, rev, profile: JSON.parse(line) as UserProfile };
}

/** Ids are ASCII, so UTF-16 order is the store's UTF-8 order. */
function byId(left: Persona, right: Persona): number {
  return left.profileId < right.profileId ? -1 : left.profileId > right.profileId ? 1 : 0;
}
