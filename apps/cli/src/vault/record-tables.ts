/** What the tables of `hi vault list` show of each kind of record. */
import { displayWidth, withoutControls } from "../format.ts";
import type { RecordKindName } from "./record-kind-names.ts";

/** Longest free text in a cell, in columns. */
const maxTextWidth = 40;

interface Table {
  readonly headings: readonly string[];
  /** The record is one that the vault has checked when it was stored. */
  readonly cells: (record: Readonly<Record<string, unknown>>) => readonly unknown[];
}

const tables: Readonly<Record<RecordKindName, Table>> = {
  profiles: {
    headings: ["ID", "NAME", "LANGUAGE", "CREATED"],
    cells: ({ profile_id, profile, created_at }) => {
      const { identity, system } = profile as {
        readonly identity: { readonly user_name: string };
        readonly system?: { readonly language?: string };
      };
      return [profile_id, identity.user_name, system?.language, created_at];
    },
  },
  chats: {
    headings: ["ID", "TYPE", "STATUS", "GOAL", "ACTIVE"],
    cells: ({ chat_id, chat_type, status, goal, last_active_at, created_at }) => [
      chat_id,
      chat_type,
      status,
      goal,
      last_active_at ?? created_at,
    ],
  },
  messages: {
    headings: ["ID", "FROM", "SENT", "TEXT"],
    cells: ({ message_id, sender_id, created_at, body }) => [
      message_id,
      sender_id,
      created_at,
      body,
    ],
  },
  policies: {
    headings: ["CHAT", "PERSONA", "TONE", "UPDATED"],
    cells: ({ chat_id, profile_id, tone_profile, updated_at }) => [
      chat_id,
      profile_id,
      tone_profile,
      updated_at,
    ],
  },
};

export function recordHeadings(kind: RecordKindName): readonly string[] {
  return tables[kind].headings;
}

/** The cells of the record on `line`. */
export function toRecordCells(kind: RecordKindName, line: string): string[] {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return tables[kind].cells(record).map(toCell);
}

/** An instant is cut to its day, other text to what fits; what there isn't is a dash. */
function toCell(value: unknown): string {
  if (typeof value !== "string" || value === "") return "–";
  const text = withoutControls(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return text.slice(0, 10);
  if (displayWidth(text) <= maxTextWidth) return text;
  return `${Array.from(text)
    .slice(0, maxTextWidth - 1)
    .join("")}…`;
}
