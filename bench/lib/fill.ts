/** Puts many records into the product's database in seconds, past the API. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeInto } from "../import/floor.ts";
import { recordLines } from "./records.ts";
import { productEntry, withWorkers } from "./server.ts";

/** Makes the databases in `stateDir` and stores `rows` demo personas. Gives back their ids, in order. */
export async function fillProfiles(stateDir: string, rows: number): Promise<string[]> {
  await withWorkers({ stateDir, workers: { product: productEntry } }, async () => undefined);
  const db = openProfiles(stateDir);
  const store = storeInto(db);
  const ids: string[] = [];
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  for (const line of recordLines("full", 0, rows)) ids.push(store(line));
  db.prepare("UPDATE counters SET value = ?, rev = ? WHERE name = 'profiles'").run(rows, rows);
  db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  return ids;
}

/** The file in which local D1 keeps the database with personas. */
function openProfiles(stateDir: string): DatabaseSync {
  const files = readdirSync(stateDir, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".sqlite"))) {
    const db = new DatabaseSync(join(stateDir, file));
    const found = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'profiles'").get();
    if (found) return db;
    db.close();
  }
  throw new Error("there is no database with personas");
}
