/**
 * The value of `hs.profiles`, format 1.
 *
 * Text of lines, separated by LF:
 *
 *     {"format":"hs.profiles.v1","last_rev":8}
 *     3 {"schema_version":"user_profile.v1",…}
 *     8 usr_01fr9ezbe3c6hd5aywpp903mhd
 *
 * The first line is the header: the format and the latest revision that was given out. Each further
 * line is a revision, a space, and a record as compact JSON, or the id of a record that was
 * deleted. Revisions ascend. Records travel without quoting, so that quota goes to data, and a line
 * that is damaged doesn't take its neighbours along.
 */
import { readStoredLine } from "@hi-stranger/core/schema/stored-line";
import { toProfileRow } from "@hi-stranger/core/store/profile-store";
import { type ProfileTable, createProfileTable } from "./profile-table.ts";

export const localFormat = "hs.profiles.v1";

/** What a value turned out to be. */
export type LocalValue =
  | {
      readonly kind: "table";
      readonly table: ProfileTable;
      /** Lines that hold neither a record nor a deletion, as they are. */
      readonly damagedLines: readonly string[];
    }
  /** Not one of our values at all. */
  | { readonly kind: "damaged" }
  /** Of a version that a later release wrote. */
  | { readonly kind: "newer" };

/** Reads a value; null stands for a key that isn't there. */
export function parseLocalValue(value: string | null): LocalValue {
  if (value === null) return { kind: "table", table: createProfileTable(), damagedLines: [] };
  const [header = "", ...lines] = value.split("\n");
  const lastRev = readHeader(header);
  if (typeof lastRev === "string") return { kind: lastRev };
  const table = createProfileTable(lastRev);
  let rev = 0;
  const damagedLines: string[] = [];
  for (const line of lines) {
    const entry = readEntry(line, rev, lastRev);
    if (entry) {
      ({ rev } = entry);
      table.restore(entry.profileId, rev, entry.row);
    } else damagedLines.push(line);
  }
  return { kind: "table", table, damagedLines };
}

/** Writes a value. */
export function toLocalValue(table: ProfileTable): string {
  const lines = [JSON.stringify({ format: localFormat, last_rev: table.lastRev })];
  for (const { rev, line, profileId } of table.entries()) lines.push(`${rev} ${line ?? profileId}`);
  return lines.join("\n");
}

/** The latest revision, or what the value is when the header doesn't tell. */
function readHeader(text: string): number | "damaged" | "newer" {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return "damaged";
  }
  if (typeof header !== "object" || header === null) return "damaged";
  const { format, last_rev: lastRev } = header as Record<string, unknown>;
  if (format !== localFormat)
    return /^hs\.profiles\.v\d+$/.test(String(format)) ? "newer" : "damaged";
  return typeof lastRev === "number" && Number.isSafeInteger(lastRev) && lastRev >= 0
    ? lastRev
    : "damaged";
}

const idPattern = /^usr_[a-z0-9]{6,}$/;

/** A line after the header, or null when it is damaged. Its revision lies after `revBefore`. */
function readEntry(text: string, revBefore: number, lastRev: number) {
  const space = text.indexOf(" ");
  const digits = text.slice(0, space);
  const rev = Number(digits);
  if (!/^[1-9]\d{0,15}$/.test(digits) || rev <= revBefore || rev > lastRev) return null;
  const payload = text.slice(space + 1);
  if (idPattern.test(payload)) return { rev, profileId: payload, row: null };
  const profile = readStoredLine(payload);
  const row = profile && toProfileRow({ profile, line: payload });
  return row && { rev, profileId: row.profileId, row };
}
