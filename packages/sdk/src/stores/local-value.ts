/**
 * The value of a key that holds records, such as `hs.profiles`, format 1.
 *
 * Text of lines, separated by LF:
 *
 *     {"format":"hs.profiles.v1","last_rev":8}
 *     3 {"schema_version":"user_profile.v1",…}
 *     8 usr_01fr9ezbe3c6hd5aywpp903mhd
 *
 * The first line is the header: the format, which is the key and the number 1, and the latest
 * revision that was given out. Each further line is a revision, a space, and a record as compact
 * JSON or, in `hs.profiles`, the id of a record that was deleted. Revisions ascend. Records travel
 * without quoting, so that quota goes to data, and a line that is damaged doesn't take its
 * neighbours along.
 */
import type { RecordsKey } from "./local-keys.ts";
import type { RecordTable } from "./record-table.ts";

/** How the records of one key are kept. */
export interface LocalKind<Row> {
  readonly key: RecordsKey;
  readonly createTable: (startRev?: number) => RecordTable<Row>;
  /** The row of a line that a store wrote, or null when it is none. */
  readonly readRow: (line: string) => Row | null;
  readonly keyOf: (row: Row) => string;
  /** Keys whose deletion leaves a trace; null when none does. */
  readonly tracedKeys: RegExp | null;
}

/** What a value turned out to be. */
export type LocalValue<Row> =
  | {
      readonly kind: "table";
      readonly table: RecordTable<Row>;
      /** Lines that hold neither a record nor a deletion, as they are. */
      readonly damagedLines: readonly string[];
    }
  /** Not one of our values at all. */
  | { readonly kind: "damaged" }
  /** Of a version that a later release wrote. */
  | { readonly kind: "newer" };

/** Reads a value; null stands for a key that isn't there. */
export function parseLocalValue<Row>(kind: LocalKind<Row>, value: string | null): LocalValue<Row> {
  if (value === null) return { kind: "table", table: kind.createTable(), damagedLines: [] };
  const [header = "", ...lines] = value.split("\n");
  const lastRev = readHeader(kind.key, header);
  if (typeof lastRev === "string") return { kind: lastRev };
  const table = kind.createTable(lastRev);
  let rev = 0;
  const damagedLines: string[] = [];
  for (const line of lines) {
    const entry = readEntry(kind, line, rev, lastRev);
    if (entry) {
      ({ rev } = entry);
      table.restore(entry.key, rev, entry.row);
    } else damagedLines.push(line);
  }
  return { kind: "table", table, damagedLines };
}

/** Writes a value. */
export function toLocalValue<Row extends { readonly line: string }>(
  key: RecordsKey,
  table: RecordTable<Row>,
): string {
  const lines = [JSON.stringify({ format: `${key}.v1`, last_rev: table.lastRev })];
  for (const entry of table.entries()) lines.push(`${entry.rev} ${entry.row?.line ?? entry.key}`);
  return lines.join("\n");
}

/** The latest revision, or what the value is when the header doesn't tell. */
function readHeader(key: RecordsKey, text: string): number | "damaged" | "newer" {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return "damaged";
  }
  if (typeof header !== "object" || header === null) return "damaged";
  const { format, last_rev: lastRev } = header as Record<string, unknown>;
  if (format !== `${key}.v1`) {
    const isOurs = typeof format === "string" && format.startsWith(`${key}.v`);
    return isOurs && /^\d+$/.test(format.slice(key.length + 2)) ? "newer" : "damaged";
  }
  return typeof lastRev === "number" && Number.isSafeInteger(lastRev) && lastRev >= 0
    ? lastRev
    : "damaged";
}

/** A line after the header, or null when it is damaged. Its revision lies after `revBefore`. */
function readEntry<Row>(kind: LocalKind<Row>, text: string, revBefore: number, lastRev: number) {
  const space = text.indexOf(" ");
  const digits = text.slice(0, space);
  const rev = Number(digits);
  if (!/^[1-9]\d{0,15}$/.test(digits) || rev <= revBefore || rev > lastRev) return null;
  const payload = text.slice(space + 1);
  if (kind.tracedKeys?.test(payload)) return { rev, key: payload, row: null };
  const row = kind.readRow(payload);
  return row === null ? null : { rev, key: kind.keyOf(row), row };
}
