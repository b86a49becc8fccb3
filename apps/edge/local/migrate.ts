/**
 * Brings a local D1 database up to date, in the way and with the book-keeping of
 * `wrangler d1 migrations apply`, so that either can go on where the other stopped.
 */
import { readFile, readdir } from "node:fs/promises";
import type { D1Database } from "@cloudflare/workers-types";
import { unstable_splitSqlQuery as splitSql } from "wrangler";

const bookkeeping = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies the migrations in `directory` that `db` doesn't have, in the order of their names. Gives back their names. */
export async function migrate(db: D1Database, directory: URL): Promise<string[]> {
  await db.prepare(bookkeeping).run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const pending = (await readdir(directory))
    .filter((name) => name.endsWith(".sql") && !applied.has(name))
    .toSorted();
  for (const name of pending) {
    const sql = await readFile(new URL(name, directory), "utf8");
    await db.batch([
      ...splitSql(sql).map((statement) => db.prepare(statement)),
      db.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
    ]);
  }
  return pending;
}
