/** The kinds of records that a vault keeps: how lines of each are read, written, got and listed. */
import { readChatMetaLine } from "@hi-stranger/core/schema/chat-meta-line";
import { readMessageLine } from "@hi-stranger/core/schema/message-line";
import { readPolicyStateLine } from "@hi-stranger/core/schema/policy-state-line";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import type { RefusedLine } from "@hi-stranger/core/schema/record-line";
import { toChatRow } from "@hi-stranger/core/store/chat-store";
import { toMessageRow } from "@hi-stranger/core/store/message-store";
import { toPolicyRow } from "@hi-stranger/core/store/policy-store";
import { type WriteCounts, toProfileRow } from "@hi-stranger/core/store/profile-store";
import type { RecordPage, RecordRow, RecordStore } from "@hi-stranger/core/store/record-store";
import type { RecordStores } from "@hi-stranger/vault/records/record-stores";
import type { RecordKindName } from "./record-kind-names.ts";

export interface LinePage {
  readonly lines: readonly string[];
  readonly nextCursor: string | null;
}

export interface LineQuery {
  /** Those of this chat alone; null for all, by their ids. For messages and policies. */
  readonly chatId: string | null;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface Written {
  readonly counts: WriteCounts;
  /** Lines that don't fit the schema, by their place among those given. */
  readonly refused: readonly { readonly index: number; readonly line: RefusedLine }[];
}

/** What one can do with the records of a kind in an open vault. */
export interface RecordKind {
  get(key: string): Promise<string | null>;
  list(query: LineQuery): Promise<LinePage>;
  /** Stores the lines that fit the schema, at once. */
  write(lines: readonly string[]): Promise<Written>;
  delete(key: string): Promise<boolean>;
}

/** The records of `kind` in `stores`. */
export function openRecordKind(stores: RecordStores, kind: RecordKindName): RecordKind {
  const { chats, messages, policies } = stores;
  switch (kind) {
    case "profiles":
      return profileKind(stores);
    case "chats":
      return keyedKind(chats, (line) => accepted(readChatMetaLine(line), toChatRow));
    case "messages":
      return keyedKind(messages, (line) => accepted(readMessageLine(line), toMessageRow), messages);
    case "policies":
      return keyedKind(
        policies,
        (line) => accepted(readPolicyStateLine(line), toPolicyRow),
        policies,
      );
  }
}

function profileKind({ profiles }: RecordStores): RecordKind {
  const read = (line: string) => accepted(readProfileLine(line), toProfileRow);
  return {
    get: async (key) => (await profiles.get(key))?.line ?? null,
    list: async ({ cursor, limit }) =>
      toLinePage(await profiles.list({ filter: {}, cursor, limit })),
    write: async (lines) => writeFitting(lines, read, (rows) => profiles.write(rows)),
    delete: async (key) => profiles.delete(key),
  };
}

interface ListsByChat {
  list(query: LineQuery & { readonly chatId: string }): Promise<RecordPage>;
}

function keyedKind<Row extends RecordRow>(
  store: RecordStore<Row>,
  read: (line: string) => Row | RefusedLine,
  byChat: ListsByChat | null = null,
): RecordKind {
  return {
    get: async (key) => (await store.get(key))?.line ?? null,
    list: async ({ chatId, cursor, limit }) =>
      toLinePage(
        chatId !== null && byChat
          ? await byChat.list({ chatId, cursor, limit })
          : await store.scan({ cursor, limit }),
      ),
    write: async (lines) => writeFitting(lines, read, (rows) => store.write(rows)),
    delete: async (key) => store.delete(key),
  };
}

function accepted<Read extends object, Row>(
  read: Read | RefusedLine,
  toRow: (read: Read) => Row,
): Row | RefusedLine {
  return "violations" in read ? read : toRow(read);
}

async function writeFitting<Row extends object>(
  lines: readonly string[],
  read: (line: string) => Row | RefusedLine,
  write: (rows: readonly Row[]) => Promise<WriteCounts>,
): Promise<Written> {
  const rows: Row[] = [];
  const refused: { index: number; line: RefusedLine }[] = [];
  for (const [index, text] of lines.entries()) {
    const row = read(text);
    if ("violations" in row) refused.push({ index, line: row });
    else rows.push(row);
  }
  return { counts: await write(rows), refused };
}

function toLinePage(page: {
  readonly items: readonly { readonly line: string }[];
  readonly nextCursor: string | null;
}): LinePage {
  return { lines: page.items.map(({ line }) => line), nextCursor: page.nextCursor };
}
