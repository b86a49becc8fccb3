/** Messages written to and read from the vault's database, and plain SQLite with the same columns. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readMessageLine } from "@hi-stranger/core/schema/message-line";
import { type MessageRow, toMessageRow } from "@hi-stranger/core/store/message-store";
import { createNodePlatform } from "@hi-stranger/vault/node/platform";
import { createKeyFileStore } from "@hi-stranger/vault/node/key-file";
import { openVault } from "@hi-stranger/vault/vault";

export interface RecordFigures {
  readonly writeMs: number;
  readonly readMs: number;
}

const chatCount = 20;

/** `count` messages of some 400 bytes. */
export function makeMessages(count: number): MessageRow[] {
  const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(26, "0")}`;
  return Array.from({ length: count }, (_, index) => {
    const read = readMessageLine(
      JSON.stringify({
        schema_version: "message.v1",
        message_id: id("msg", index),
        chat_id: id("cht", index % chatCount),
        sender_id: "usr_quietotter",
        body: `No. ${index}. ${"Did you see the northern lights last night? ".repeat(4)}`,
        enc: "server",
        created_at: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
      }),
    );
    if ("violations" in read) throw new Error("a made-up message is not valid");
    return toMessageRow(read);
  });
}

/** Writes all in one call and reads each by its key, in an order of its own. */
export async function measureVaultRecords(
  folder: string,
  rows: readonly MessageRow[],
): Promise<RecordFigures> {
  const place = join(folder, "vault");
  const deviceKeys = createKeyFileStore(join(folder, "keys"), place);
  const vault = await openVault(createNodePlatform({ folder: place, deviceKeys }));
  const passphrase = new TextEncoder().encode(`Quiet otters 27 ${randomBytes(8).toString("hex")}`);
  await vault.setup({ passphrase });
  const { messages } = vault.records();
  const writeMs = await timed(() => messages.write(rows));
  const readMs = await timed(async () => {
    for (const key of shuffledKeys(rows)) {
      if (!(await messages.get(key))) throw new Error("a message is gone");
    }
  });
  await vault.close();
  return { writeMs, readMs };
}

/** The same by SQLite without a cipher, awaited as the vault's calls are. */
export async function measurePlainRecords(
  folder: string,
  rows: readonly MessageRow[],
): Promise<RecordFigures> {
  await mkdir(folder, { recursive: true });
  const { default: SqliteDatabase } = await import("better-sqlite3-multiple-ciphers");
  const database = new SqliteDatabase(join(folder, "plain.db"), { timeout: 0 });
  database.exec(`
    PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE messages (
      message_id TEXT PRIMARY KEY, rev INTEGER NOT NULL, chat_id TEXT NOT NULL,
      created_at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE INDEX messages_by_chat ON messages (chat_id, created_at, message_id);`);
  const insert = database.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?)");
  const select = database.prepare("SELECT rev, body FROM messages WHERE message_id = ?");
  const writeMs = await timed(async () => {
    database
      .transaction(() => {
        for (const [index, row] of rows.entries()) {
          insert.run(row.key, index, row.chatId, row.createdAtMs, row.line);
        }
      })
      .immediate();
  });
  const readMs = await timed(async () => {
    for (const key of shuffledKeys(rows)) {
      if (!(await select.get(key))) throw new Error("a row is gone");
    }
  });
  database.close();
  return { writeMs, readMs };
}

function shuffledKeys(rows: readonly MessageRow[]): string[] {
  // A step that shares no factor with the number of rows meets each once.
  return rows.map((_, index) => rows[(index * 7919) % rows.length]?.key ?? "");
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
