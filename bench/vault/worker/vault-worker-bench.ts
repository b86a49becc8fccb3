/**
 * Measures inside a worker, where the vault lives: first what it can't go below, bare Argon2id and
 * plain SQLite on the same kind of files, then the vault itself.
 */
import { systemClock } from "@hi-stranger/core/clock";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import type { MessageRow } from "@hi-stranger/core/store/message-store";
import type { Argon2id, Database, VaultPlatform } from "@hi-stranger/vault/ports";
import { openVault, type Vault } from "@hi-stranger/vault/vault";
import { loadWebPlatform } from "@hi-stranger/vault/web/platform";
import { createPrivateFolder } from "@hi-stranger/vault/web/private-folder";
import { openSqliteDatabase } from "@hi-stranger/vault/web/sqlite/database";
import { loadSqlite } from "@hi-stranger/vault/web/sqlite/module";
import { installFileVfs } from "@hi-stranger/vault/web/sqlite/vfs";
import { median } from "../../lib/statistics.ts";
import type { WorkerAnswer, WorkerFigures, WorkerTask } from "../figures.ts";

declare const self: DedicatedWorkerGlobalScope;

const passphrase = "Wandering-Lantern-42";
const answers = ["Biscuit", "Lisbon", "The green bicycle", "Aunt Philippa"];
const repetitions = 5;
const commits = 200;
const passphraseMemoryKib = 65_536;
const answerCost = { memoryKib: 19_456, passes: 2 };
const line = `{"body":"${"x".repeat(480)}"}`;
const chatId = "cht_1";

self.addEventListener("message", ({ data }: MessageEvent<WorkerTask>) => {
  void answer(data).then((message) => self.postMessage(message));
});

async function answer(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    if (task.task === "all") return { figures: await measureAll(task.rows) };
    const { argon2id } = await loadWebPlatform();
    return { coldMs: await runArgon2id(argon2id, passphraseMemoryKib, task.passes) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function measureAll(rows: number): Promise<WorkerFigures> {
  const platform = await loadWebPlatform();
  // The vault's own set-up is the first to run Argon2id, so that it meets what a person's does.
  const setUp = await measureSetUp(platform);
  const { vault, passes } = setUp;
  const { bare: plain, kept } = await measureStorage(vault, rows);
  const opened = await measureOpening(vault);
  await vault.close();
  return {
    bare: { ...(await measureArgon2id(platform.argon2id, passes)), ...plain },
    vault: { setUpMs: setUp.ms, ...opened, ...kept },
    passes,
  };
}

async function measureSetUp(platform: VaultPlatform) {
  const startMs = performance.now();
  const vault = await openVault(platform);
  await vault.setup({ passphrase: utf8(passphrase), questions: { questions: fourQuestions() } });
  const ms = performance.now() - startMs;
  const { header } = await vault.check();
  const copy = header?.copies.find(({ state }) => state === "whole");
  if (copy?.state !== "whole") throw new Error("the vault that was set up is not whole");
  return { vault, ms, passes: copy.passphraseKdf.passes };
}

async function measureOpening(vault: Vault) {
  const times: number[] = [];
  for (let count = 0; count < repetitions; count += 1) {
    await vault.lock();
    times.push(await time(() => vault.unlock({ passphrase: utf8(passphrase) })));
  }
  await vault.lock();
  const asked = await vault.getQuestions();
  const known = new Map(fourQuestions().map(({ text, answer }) => [text, answer]));
  const given = asked.map(({ id, text }) => ({
    questionId: id,
    answer: known.get(text) ?? new Uint8Array(),
  }));
  const recoverMs = await time(() => vault.recover({ answers: given }));
  await vault.reset({ passphrase: utf8(passphrase) });
  return { unlockMs: median(times), questionMs: recoverMs / given.length };
}

/** Writes and reads in the vault and in plain SQLite, by turns. */
async function measureStorage(vault: Vault, rows: number) {
  const plain = await openPlainDatabase();
  const { messages } = vault.records();
  const all = Array.from({ length: rows }, (_, index) => messageRow(index));
  const insert = "INSERT INTO t (key, line) VALUES (?, ?)";
  const plainWriteMs = await time(async () =>
    plain.transaction(() => all.forEach(({ key, line }) => plain.run(insert, key, line))),
  );
  const writeMs = await time(() => messages.write(all));
  const order = all.map((_, index) => all[(index * 7919) % rows]?.key ?? "");
  const plainReadMs = await time(async () => {
    for (const key of order) plain.get("SELECT line FROM t WHERE key = ?", key);
  });
  const readMs = await time(async () => {
    for (const key of order) await messages.get(key);
  });
  const further = Array.from({ length: commits }, (_, index) => messageRow(rows + index));
  const plainCommits: number[] = [];
  const vaultCommits: number[] = [];
  for (const row of further) {
    plainCommits.push(
      await time(async () => plain.transaction(() => plain.run(insert, row.key, row.line))),
    );
    vaultCommits.push(await time(() => messages.write([row])));
  }
  plain.close();
  return {
    bare: { writeMs: plainWriteMs, readMs: plainReadMs, commitMs: median(plainCommits) },
    kept: { writeMs, readMs, commitMs: median(vaultCommits) },
  };
}

/** A database in the clear, by an engine of its own, with one table of keys and lines. */
async function openPlainDatabase(): Promise<Database> {
  const sqlite = await loadSqlite();
  const vfs = installFileVfs({ sqlite, clock: systemClock, fillRandom: platformRandom });
  const folder = createPrivateFolder({ path: ["bench"] });
  for (const name of ["plain.db", "plain.db-journal"]) {
    await folder.remove(name);
    vfs.filesByPath.set(`/${name}`, await folder.open(name));
  }
  const database = openSqliteDatabase({
    sqlite,
    vfsName: vfs.plainName,
    path: "/plain.db",
    part: "plain.db",
    key: null,
  });
  database.exec("CREATE TABLE t (key TEXT PRIMARY KEY, line TEXT) WITHOUT ROWID");
  return database;
}

async function measureArgon2id(argon2id: Argon2id, passes: number) {
  const medianOf = async (memoryKib: number, passes: number): Promise<number> => {
    const times: number[] = [];
    for (let count = 0; count < repetitions; count += 1) {
      times.push(await runArgon2id(argon2id, memoryKib, passes));
    }
    return median(times);
  };
  return {
    passphraseMs: await medianOf(passphraseMemoryKib, passes),
    answerMs: await medianOf(answerCost.memoryKib, answerCost.passes),
  };
}

async function runArgon2id(argon2id: Argon2id, memoryKib: number, passes: number): Promise<number> {
  const salt = new Uint8Array(16);
  const input = { password: utf8(passphrase), salt, memoryKib, passes, parallelism: 1 };
  return time(() => argon2id({ ...input, byteLength: 32 }));
}

function fourQuestions() {
  const [pet = "", city = "", ride = "", leaf = ""] = answers;
  const ridden = "What did I ride to school in the rain?";
  const taught = "Who taught me to whistle on a leaf?";
  return [
    { predefinedId: 1, text: "What was the name of your first pet?", answer: utf8(pet) },
    { predefinedId: 2, text: "What city were you born in?", answer: utf8(city) },
    { customText: ridden, text: ridden, answer: utf8(ride) },
    { customText: taught, text: taught, answer: utf8(leaf) },
  ];
}

function messageRow(index: number): MessageRow {
  return { key: `msg_${String(index).padStart(26, "0")}`, line, chatId, createdAtMs: index };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
