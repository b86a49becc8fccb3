/**
 * The port to a home of personas. KV, D1, memory, `localStorage` and the remote API each have an
 * adapter, and every adapter passes `test/profile-store-contract.ts`.
 *
 * Records travel as lines (compact JSON text), so that a store can keep and stream them without
 * parsing. Whoever writes has read each line through `readProfileLine`.
 */
import type { ReadProfile } from "../schema/profile-line.ts";
import type { UserProfile } from "../schema/user-profile.ts";

/** What a store can't do is declared, not discovered. */
export interface StoreCapabilities {
  /** One `write` is stored as a whole or not at all, whatever happens. */
  readonly isAtomic: boolean;
  /** A read sees every write that was acknowledged before it, from anywhere. */
  readonly isConsistent: boolean;
  /** What `count` costs: a constant, or in proportion to the store. */
  readonly countCost: "constant" | "linear";
}

/** A record to be written: its line, and what stores ask of it without parsing that. */
export interface ProfileRow {
  readonly profileId: string;
  readonly facets: ProfileFacets;
  readonly line: string;
}

/** A record as kept. */
export interface StoredProfile {
  readonly profileId: string;
  /** Grows with every change in the store; a record that changes gets a new one. */
  readonly rev: number;
  readonly line: string;
}

/** What a write did to each of its rows. The three add up to the number of rows. */
export interface WriteCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that were already stored just so, or that a later row of the same write replaced. */
  readonly unchanged: number;
}

/** Conditions that a listed persona meets, all of them. */
export interface ProfileFilter {
  /** `profile.system.language`, compared as written. */
  readonly language?: string;
  readonly assertiveness?: number;
  readonly empathy?: number;
  readonly stress?: number;
  readonly regulation?: UserProfile["profile"]["emotional"]["emotional_regulation"];
}

/** The parts of a persona that lists filter by. */
export type ProfileFacets = Required<Omit<ProfileFilter, "language">> & {
  readonly language: string | undefined;
};

export interface ListQuery {
  readonly filter: ProfileFilter;
  /** Where the page starts: the `nextCursor` of the page before, asked with the same filter, or null. */
  readonly cursor: string | null;
  /** Most records in the page, 1 or more. A page may hold fewer although more follow. */
  readonly limit: number;
}

export interface ProfilePage {
  /** In the order of their ids, by UTF-8 bytes. */
  readonly items: readonly StoredProfile[];
  /** Where the next page starts, which may be shorter than its limit; null after the last. */
  readonly nextCursor: string | null;
}

/** One step of the change feed. */
export interface ProfileChange {
  readonly profileId: string;
  readonly rev: number;
  /** The record as it is now, or null when it was deleted. */
  readonly line: string | null;
}

export interface ChangePage {
  /** By ascending `rev`; each profile at most once, with its latest change. */
  readonly changes: readonly ProfileChange[];
  /** Pass as `sinceRev` for what follows. */
  readonly nextSinceRev: number;
  readonly isComplete: boolean;
}

export interface ProfileStore {
  readonly capabilities: StoreCapabilities;
  /** The record, or null when there is none of that id. */
  get(profileId: string): Promise<StoredProfile | null>;
  list(query: ListQuery): Promise<ProfilePage>;
  /** How many records there are, exactly. */
  count(): Promise<number>;
  /** What changed after revision `sinceRev` (0 for all), up to `limit` changes (1 to 1000). */
  changes(sinceRev: number, limit: number): Promise<ChangePage>;
  /** Inserts and replaces. Of several rows with one id the last wins. */
  write(rows: readonly ProfileRow[]): Promise<WriteCounts>;
  /** Removes the record and leaves a trace in the change feed. False when there was none. */
  delete(profileId: string): Promise<boolean>;
}

/** The row of a persona that was read through `readProfileLine`. */
export function toProfileRow({ profile, line }: ReadProfile): ProfileRow {
  return { profileId: profile.profile_id, facets: toFacets(profile), line };
}

/** Whether a persona with `facets` meets `filter`, for stores that can't ask a database. */
export function matchesFilter(facets: ProfileFacets, filter: ProfileFilter): boolean {
  return (Object.keys(filter) as (keyof ProfileFilter)[]).every(
    (name) => filter[name] === undefined || filter[name] === facets[name],
  );
}

export function toFacets({ profile }: UserProfile): ProfileFacets {
  return {
    language: profile.system?.language,
    assertiveness: profile.behavior.assertiveness_level,
    empathy: profile.emotional.empathy_depth,
    stress: profile.emotional.stress_tolerance,
    regulation: profile.emotional.emotional_regulation,
  };
}
