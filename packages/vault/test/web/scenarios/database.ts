/** Scenarios of an encrypted database on files in memory. */
import type { Database, SqlValue } from "../../../src/ports.ts";
import { isVaultError } from "../../../src/vault-error.ts";
import { contentOf, createDisk, fileNames, key, openOn } from "../support/sqlite.ts";

const canary = "canary of the plain text";
const createTable = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, body TEXT)";
const insert = "INSERT INTO t (n, body) VALUES (?, ?)";

/** What `SELECT ?` makes of each of `values`. */
export async function echo(values: readonly SqlValue[]): Promise<SqlValue[]> {
  const database = await openOn(createDisk());
  const answers = values.map((value) => database.get<{ v: SqlValue }>("SELECT ? AS v", value)?.v);
  database.close();
  return answers.map((value) => value ?? null);
}

/** The name of the error that `SELECT ?` throws for each of `values`. */
export async function refusals(values: readonly SqlValue[]): Promise<string[]> {
  const database = await openOn(createDisk());
  const names = values.map((value) => nameOfError(() => database.get("SELECT ? AS v", value)));
  database.close();
  return names;
}

/** In which files the canary can be read while the database is open, and after it was closed. */
export async function leaks(isEncrypted: boolean): Promise<{ open: string[]; closed: string[] }> {
  const disk = createDisk();
  const database = await openOn(disk, isEncrypted ? key : null);
  fillWithCanaries(database);
  const find = () =>
    fileNames.filter((name) => toLatin1(contentOf(disk, name)).includes(canary.slice(0, 8)));
  const open = find();
  database.close();
  return { open, closed: find() };
}

/** How many of the pages of two databases, made alike with one key, are the same bytes. */
export async function equalPages(): Promise<{ pages: number; equal: number }> {
  const contents: Uint8Array[] = [];
  for (let made = 0; made < 2; made += 1) {
    const disk = createDisk();
    const database = await openOn(disk);
    fillWithCanaries(database);
    database.close();
    contents.push(contentOf(disk, "/data.db"));
  }
  const pages = contents.map((bytes) =>
    Array.from({ length: bytes.length / 4096 }, (_, page) =>
      // The salt stands at the beginning of the first page, in the clear.
      bytes.subarray(page * 4096 + 24, (page + 1) * 4096).join(),
    ),
  );
  const [first = [], second = []] = pages;
  return { pages: first.length, equal: first.filter((page, n) => page === second[n]).length };
}

function fillWithCanaries(database: Database): void {
  database.exec(createTable);
  database.transaction(() => {
    for (let n = 0; n < 300; n += 1) database.run(insert, n, canary);
  });
  // Two more, for which the journal keeps the pages as they were.
  for (let count = 0; count < 2; count += 1) database.run("UPDATE t SET n = -n");
}

/** What opening says with another key, with another salt, and with the right ones afterwards. */
export async function wrongKeys(): Promise<string[]> {
  const disk = createDisk();
  const database = await openOn(disk);
  fillWithCanaries(database);
  database.close();
  const attempts = [{ ...key, key: new Uint8Array(32).fill(1) }, key];
  const answers: string[] = [];
  for (const attempt of attempts) {
    try {
      const again = await openOn(disk, attempt);
      answers.push(String(again.get<{ c: number }>("SELECT count(*) AS c FROM t")?.c));
      again.close();
    } catch (error) {
      answers.push(isVaultError(error, "damaged") ? "damaged" : String(error));
    }
  }
  return answers;
}

/** What reading everything says when one bit of the file at `position` (0 to 1) is flipped. */
export async function flips(positions: readonly number[]): Promise<Record<string, number>> {
  const disk = createDisk();
  const database = await openOn(disk);
  fillWithCanaries(database);
  database.close();
  const whole = contentOf(disk, "/data.db");
  const counts: Record<string, number> = {};
  for (const position of positions) {
    const bytes = whole.slice();
    const at = Math.floor(position * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    const outcome = await readAll(new Map([["/data.db", bytes]]));
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function readAll(contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<string> {
  let database: Database | undefined;
  try {
    database = await openOn(createDisk(contents));
    const rows = database.all<{ n: number; body: string }>("SELECT n, body FROM t ORDER BY id");
    const isRight =
      rows.length === 300 && rows.every(({ n, body }, i) => n === i && body === canary);
    return isRight ? "right" : "wrong";
  } catch (error) {
    return isVaultError(error, "damaged") ? "damaged" : String(error);
  } finally {
    database?.close();
  }
}

/** What transactions leave behind that end well, that throw, and that do so within one another. */
export async function transactions(): Promise<Record<string, unknown>> {
  const database = await openOn(createDisk());
  database.exec(createTable);
  const add = (n: number) => database.run(insert, n, "");
  const fail = () => {
    throw new Error("undo this");
  };
  const returned = database.transaction(() => add(1) + add(2));
  const thrown = nameOfError(() => database.transaction(() => [add(3), fail()]));
  database.transaction(() => {
    add(4);
    nameOfError(() => database.transaction(() => [add(5), fail()]));
    database.transaction(() => add(6));
  });
  const kept = database.all<{ n: number }>("SELECT n FROM t ORDER BY id").map(({ n }) => n);
  const changed = database.run("UPDATE t SET body = 'x' WHERE n < 4");
  const changedByReading = database.run("SELECT 1");
  database.close();
  return { returned, thrown, kept, changed, changedByReading };
}

/** Rows before and after a write that the disk has no room for, what it threw, and whether there is room again. */
export async function fullDisk(): Promise<Record<string, unknown>> {
  const disk = createDisk();
  const database = await openOn(disk);
  database.exec(createTable);
  database.run(insert, 1, "before");
  disk.capBytes(100_000);
  let code = "";
  try {
    database.transaction(() => {
      for (let n = 0; n < 1000; n += 1) database.run(insert, n, "x".repeat(1000));
    });
  } catch (error) {
    code = isVaultError(error, "disk_full") ? "disk_full" : String(error);
  }
  const count = () => database.get<{ c: number }>("SELECT count(*) AS c FROM t")?.c;
  const afterwards = count();
  disk.capBytes(Number.POSITIVE_INFINITY);
  database.run(insert, 2, "after");
  const inTheEnd = count();
  database.close();
  return { code, afterwards, inTheEnd };
}

function nameOfError(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

function toLatin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** The first page of a database that is always made alike. */
export async function firstPage(): Promise<Uint8Array> {
  const disk = createDisk();
  const database = await openOn(disk);
  fillWithCanaries(database);
  database.close();
  return contentOf(disk, "/data.db").slice(24, 4096);
}
