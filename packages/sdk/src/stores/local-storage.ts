/**
 * The prototype's store: personas in the browser's `localStorage`, not synchronised, not encrypted.
 *
 * Keys: `hs.profiles` (format in local-value.ts) and `hs.meta`, JSON with the version of each
 * value's format: `{"profiles_version":1,"meta_version":1}`. A value of a later version is left
 * alone and refused.
 *
 * It refuses personal data in free text. A damaged value, or a damaged record within one, is set
 * aside under `hs.quarantine.<key>.<n>` and reported, never overwritten. When there is no room,
 * nothing of the write is saved.
 *
 * Limits: a write puts the whole value, some megabytes at most. `localStorage` has no locks, so of
 * two tabs that write in the same instant one may overwrite the other; before each call a store
 * takes in what another tab has written.
 */
import { StoreError } from "@hi-stranger/core/errors";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import type { ProfileRow, ProfileStore } from "@hi-stranger/core/store/profile-store";
import { findPersonalData } from "../personal-data.ts";
import {
  type LocalKey,
  type LocalStorageLike,
  type QuarantinedValue,
  listQuarantine,
  readKey,
  setAside,
  writeKey,
} from "./local-keys.ts";
import { parseLocalValue, toLocalValue } from "./local-value.ts";
import { type ProfileTable, createProfileTable } from "./profile-table.ts";

/** Something that could not be read and was set aside. */
export interface LocalProblem {
  readonly key: LocalKey;
  /** Where the text is now; null while there is no room to move it, which stops writes. */
  readonly quarantineKey: string | null;
  /** How many records of the value are damaged; null when the whole value is. */
  readonly recordCount: number | null;
}

export interface LocalStorageOptions {
  /** The page's `localStorage`. */
  readonly storage: LocalStorageLike;
  /** Told once of each problem, when a call comes upon it. */
  readonly onProblem?: (problem: LocalProblem) => void;
}

export interface LocalStorageProfileStore extends ProfileStore {
  /** What was set aside, now or in an earlier visit. */
  problems(): readonly QuarantinedValue[];
}

const version = 1;
const currentMeta = JSON.stringify({ profiles_version: version, meta_version: version });
const maxFindings = 20;

/** Makes a store of what `storage` holds. Nothing is read before the first call. */
export function createLocalStorageProfileStore(
  options: LocalStorageOptions,
): LocalStorageProfileStore {
  const { storage } = options;
  const opened = createOpener(options);

  const change = <T>(notSaved: string, apply: (table: ProfileTable) => T): T => {
    const table = opened.forWriting();
    const revBefore = table.lastRev;
    const result = apply(table);
    if (table.lastRev === revBefore) return result;
    try {
      const meta = readKey(storage, "hs.meta") ?? currentMeta;
      writeKey(storage, "hs.meta", meta, notSaved);
      const value = toLocalValue(table);
      writeKey(storage, "hs.profiles", value, notSaved);
      opened.remember(meta, value);
    } catch (error) {
      // The table is ahead of what is stored: read it again.
      opened.forget();
      throw error;
    }
    return result;
  };

  return {
    capabilities: { isAtomic: true, isConsistent: true, countCost: "constant" },
    get: async (profileId) => opened.forReading().get(profileId),
    list: async (query) => opened.forReading().list(query),
    count: async () => opened.forReading().count(),
    changes: async (sinceRev, limit) => opened.forReading().changes(sinceRev, limit),

    async write(rows) {
      refusePersonalData(rows);
      const notSaved = rows.length === 1 ? "one persona" : `${rows.length} personas`;
      return change(notSaved, (table) => table.write(rows));
    },

    async delete(profileId) {
      return change("the deletion of a persona", (table) => table.delete(profileId));
    },

    problems: () => listQuarantine(storage),
  };
}

/** Keeps the parsed table for as long as the stored text stays the same. */
function createOpener({ storage, onProblem }: LocalStorageOptions) {
  let cached: { meta: string | null; value: string | null; table: ProfileTable } | null = null;
  /** Why nothing may be written: something damaged could not be moved out of the way. */
  let blocker: StoreError | null = null;

  const forReading = (): ProfileTable => {
    const meta = readKey(storage, "hs.meta");
    const value = readKey(storage, "hs.profiles");
    if (cached?.value === value && cached.meta === meta) return cached.table;
    blocker = null;
    checkMeta(meta);
    const table = readTable(value);
    cached = {
      meta: readKey(storage, "hs.meta"),
      value: readKey(storage, "hs.profiles"),
      table,
    };
    return table;
  };

  const checkMeta = (text: string | null): void => {
    const versions = text === null ? [] : readVersions(text);
    if (versions === null) moveAside("hs.meta", text ?? "", null, null);
    else if (versions.some((number) => number > version)) throw newerError();
  };

  const readTable = (value: string | null): ProfileTable => {
    const parsed = parseLocalValue(value);
    if (parsed.kind === "newer") throw newerError();
    if (parsed.kind === "damaged") {
      moveAside("hs.profiles", value ?? "", null, null);
      return createProfileTable();
    }
    const { table, damagedLines } = parsed;
    if (damagedLines.length > 0) {
      const damaged = damagedLines.join("\n");
      moveAside("hs.profiles", damaged, toLocalValue(table), damagedLines.length);
    }
    return table;
  };

  const moveAside = (
    key: LocalKey,
    text: string,
    rest: string | null,
    recordCount: number | null,
  ): void => {
    let quarantineKey: string | null = null;
    try {
      quarantineKey = setAside(storage, key, text, rest);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      blocker = error;
    }
    onProblem?.({ key, quarantineKey, recordCount });
  };

  return {
    forReading,
    forWriting(): ProfileTable {
      const table = forReading();
      if (blocker) throw blocker;
      return table;
    },
    /** Takes note of what was just stored from the table. */
    remember(meta: string, value: string): void {
      if (cached) cached = { meta, value, table: cached.table };
    },
    forget(): void {
      cached = null;
    },
  };
}

/** The version numbers in `hs.meta`, or null when it is damaged. */
function readVersions(text: string): number[] | null {
  try {
    const meta = JSON.parse(text) as Record<string, unknown> | null;
    const versions = [meta?.["profiles_version"], meta?.["meta_version"]];
    return versions.every((number): number is number => Number.isSafeInteger(number))
      ? versions
      : null;
  } catch {
    return null;
  }
}

function newerError(): StoreError {
  return new StoreError(
    "not_supported",
    "The data in this browser was written by a later version of the app. Reload the page to get that version.",
  );
}

function refusePersonalData(rows: readonly ProfileRow[]): void {
  const findings = rows.flatMap(({ profileId, line }) =>
    findPersonalData(JSON.parse(line) as UserProfile).map((finding) => ({
      profile_id: profileId,
      ...finding,
    })),
  );
  const [first] = findings;
  if (!first) return;
  const what = first.kind === "email" ? "an e-mail address" : "a phone number";
  throw new StoreError(
    "personal_data_refused",
    `${first.path} of ${first.profile_id} looks like it holds ${what}. Personal data must not be kept here, as nothing is encrypted.`,
    { members: { findings: findings.slice(0, maxFindings) } },
  );
}
