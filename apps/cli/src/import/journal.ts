/**
 * The journal of an import: which shards the store has acknowledged, kept on this machine so that
 * the same command goes on after it was killed.
 *
 * A file `imports/<input>.<run>.<pid>.ndjson` in the state folder: a header, then one record for
 * each shard, flushed before the shard counts as done. `<input>` stands for the store and how the
 * file begins, which is no more than a hint where to look: a record is used only for a shard of the
 * very same bytes. `<run>` is part of every idempotency key, so that importing a file once more is
 * never mistaken for repeating a request of the first time. `<pid>` is who writes; whoever takes
 * over a dead process's journal renames it, and only one can. No line's text is kept.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  type FileHandle,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { join } from "node:path";
import type { ImportJournal, ShardRecord } from "@hi-stranger/sdk/import/types";
import { isProcessAlive } from "../files/process-alive.ts";

export interface Journal extends ImportJournal {
  /** Names this import, over all the processes that worked on it. */
  readonly runId: string;
  /** Whether an earlier process began it. */
  readonly isResumed: boolean;
  /** Deletes it, once the import is over and told. */
  finish(): Promise<void>;
  /** Lets go of it, for a later run to go on. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly stateDir: string;
  readonly url: string;
  /** How the file begins. */
  readonly headSha256: string;
  /** Whether to go on with an import that was cut off. */
  readonly mayResume: boolean;
}

/**
 * As long as the store replays answers (`idempotencyTtlSeconds` of the contract, whose schemas
 * would double the time to start); what is older starts anew.
 */
export const maxAgeMs = 24 * 60 * 60 * 1000;
const namePattern = /^([0-9a-f]{32})\.([0-9a-f]{16})\.(\d+)\.ndjson$/;
const header = `${JSON.stringify({ journal: "hi-import", version: 1 })}\n`;

/** Takes over the journal that a dead process left of this import, or begins a new one. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const folder = join(options.stateDir, "imports");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const inputId = createHash("sha256")
    .update(`${options.url}\n${options.headSha256}`)
    .digest("hex")
    .slice(0, 32);
  for (const left of await listLeftJournals(folder)) {
    if (left.isExpired || (left.inputId === inputId && !options.mayResume)) {
      await rm(join(folder, left.name), { force: true });
    } else if (left.inputId === inputId) {
      const path = join(folder, `${inputId}.${left.runId}.${process.pid}.ndjson`);
      if (await claim(join(folder, left.name), path)) return openFile(path, left.runId, true);
    }
  }
  const runId = newRunId();
  return openFile(join(folder, `${inputId}.${runId}.${process.pid}.ndjson`), runId, false);
}

/** A journal that is forgotten with the process, for when there is nowhere to keep one. */
export function createForgottenJournal(): Journal {
  return {
    runId: newRunId(),
    isResumed: false,
    load: async () => [],
    record: async () => undefined,
    finish: async () => undefined,
    close: async () => undefined,
  };
}

function newRunId(): string {
  return randomBytes(8).toString("hex");
}

/** The journals whose processes are gone, newest first. */
async function listLeftJournals(folder: string) {
  const left = [];
  for (const name of await readdir(folder)) {
    const [, inputId, runId, pidText] = namePattern.exec(name) ?? [];
    if (inputId === undefined || runId === undefined) continue;
    const pid = Number(pidText);
    // One with our own id is of an earlier process that happened to have it.
    if (pid !== process.pid && isProcessAlive(pid)) continue;
    const info = await stat(join(folder, name)).catch(() => null);
    if (!info) continue;
    const isExpired = Date.now() - info.mtimeMs > maxAgeMs;
    left.push({ name, inputId, runId, isExpired, mtimeMs: info.mtimeMs });
  }
  return left.toSorted((a, b) => b.mtimeMs - a.mtimeMs);
}

/** Whether the journal is ours now; false when another process was faster. */
async function claim(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function openFile(path: string, runId: string, isResumed: boolean): Promise<Journal> {
  const records = isResumed ? await readRecords(path) : [];
  const handle = await open(path, "a", 0o600);
  await mend(handle, path);
  return {
    runId,
    isResumed: records.length > 0,
    load: async () => records,
    async record(shard) {
      await handle.appendFile(`${JSON.stringify(shard)}\n`);
      await handle.datasync();
    },
    async finish() {
      await handle.close();
      await rm(path, { force: true });
    },
    close: () => handle.close(),
  };
}

/** Brings the file to a state that a record can follow: a header, and no line that was cut off. */
async function mend(handle: FileHandle, path: string): Promise<void> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await handle.truncate(end);
  if (end === 0) {
    await handle.appendFile(header);
    // The key of the first shard must outlive a power cut that comes right after it was sent.
    await handle.sync();
  }
}

async function readRecords(path: string): Promise<ShardRecord[]> {
  const text = await readFile(path, "utf8");
  // What follows the last newline was cut off while it was written.
  const [, ...lines] = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ShardRecord);
}
