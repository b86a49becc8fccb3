/**
 * Tables in the browser's `localStorage`, the prototype's home: not synchronised, not encrypted.
 *
 * Each kind of record has a key (format in local-value.ts); beside them `hs.meta` is JSON with the
 * version of each value's format, `{"profiles_version":1,"meta_version":1}`, where the second
 * covers chats, messages and moderation. A value of a later version is left alone and refused.
 *
 * Personal data in free text is refused. A damaged value, or a damaged record within one, is set
 * aside under `hs.quarantine.<key>.<n>` and reported, never overwritten. When there is no room,
 * nothing of the write is saved.
 *
 * Limits: a write puts the whole value, some megabytes at most. `localStorage` has no locks, so of
 * two tabs that write in the same instant one may overwrite the other; before each call a store
 * takes in what another tab has written.
 */
import { StoreError } from "@hi-stranger/core/errors";
import { type LocalKey, type LocalStorageLike, readKey, setAside, writeKey } from "./local-keys.ts";
import { type LocalKind, parseLocalValue, toLocalValue } from "./local-value.ts";
import type { RecordTable } from "./record-table.ts";
import type { TableHome } from "./table-home.ts";

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

const version = 1;
const currentMeta = JSON.stringify({ profiles_version: version, meta_version: version });

/** Makes a home of what `storage` holds of `kind`. Nothing is read before the first call. */
export function createLocalHome<Row extends { readonly line: string }>(
  kind: LocalKind<Row>,
  options: LocalStorageOptions,
): TableHome<Row> {
  const { storage } = options;
  const opened = createOpener(kind, options);
  return {
    forReading: opened.forReading,

    change(notSaved, apply) {
      const table = opened.forWriting();
      const revBefore = table.lastRev;
      const result = apply(table);
      if (table.lastRev === revBefore) return result;
      try {
        const meta = readKey(storage, "hs.meta") ?? currentMeta;
        writeKey(storage, "hs.meta", meta, notSaved);
        const value = toLocalValue(kind.key, table);
        writeKey(storage, kind.key, value, notSaved);
        opened.remember(meta, value);
      } catch (error) {
        // The table is ahead of what is stored: read it again.
        opened.forget();
        throw error;
      }
      return result;
    },
  };
}

/** Keeps the parsed table for as long as the stored text stays the same. */
function createOpener<Row extends { readonly line: string }>(
  kind: LocalKind<Row>,
  { storage, onProblem }: LocalStorageOptions,
) {
  let cached: { meta: string | null; value: string | null; table: RecordTable<Row> } | null = null;
  /** Why nothing may be written: something damaged could not be moved out of the way. */
  let blocker: StoreError | null = null;

  const forReading = (): RecordTable<Row> => {
    const meta = readKey(storage, "hs.meta");
    const value = readKey(storage, kind.key);
    if (cached?.value === value && cached.meta === meta) return cached.table;
    blocker = null;
    checkMeta(meta);
    const table = readTable(value);
    cached = { meta: readKey(storage, "hs.meta"), value: readKey(storage, kind.key), table };
    return table;
  };

  const checkMeta = (text: string | null): void => {
    const versions = text === null ? [] : readVersions(text);
    if (versions === null) moveAside("hs.meta", text ?? "", null, null);
    else if (versions.some((number) => number > version)) throw newerError();
  };

  const readTable = (value: string | null): RecordTable<Row> => {
    const parsed = parseLocalValue(kind, value);
    if (parsed.kind === "newer") throw newerError();
    if (parsed.kind === "damaged") {
      moveAside(kind.key, value ?? "", null, null);
      return kind.createTable();
    }
    const { table, damagedLines } = parsed;
    if (damagedLines.length > 0) {
      const damaged = damagedLines.join("\n");
      moveAside(kind.key, damaged, toLocalValue(kind.key, table), damagedLines.length);
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
    forWriting(): RecordTable<Row> {
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
    // Not JSON: damaged, as the caller will say.
    return null;
  }
}

function newerError(): StoreError {
  return new StoreError(
    "not_supported",
    "The data in this browser was written by a later version of the app. Reload the page to get that version.",
  );
}
