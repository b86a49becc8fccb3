/**
 * The least that an import can do: decode, split and parse the bodies, and put the rows into SQLite
 * by a prepared upsert in one transaction. Same table, same indexes, no check, no report.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { profileMigrations } from "../lib/server.ts";

const upsert = `
INSERT INTO profiles (profile_id, body, rev, first_rev, schema_version, language, assertiveness,
  empathy, stress, regulation, created_at, updated_at, last_active_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (profile_id) DO UPDATE SET
  body = excluded.body, rev = excluded.rev, schema_version = excluded.schema_version,
  language = excluded.language, assertiveness = excluded.assertiveness,
  empathy = excluded.empathy, stress = excluded.stress, regulation = excluded.regulation,
  created_at = excluded.created_at, updated_at = excluded.updated_at,
  last_active_at = excluded.last_active_at
WHERE profiles.body <> excluded.body`;

export interface FloorDatabase {
  /** Stores all rows of `bodies` in one transaction. */
  store(bodies: readonly Buffer[]): void;
  count(): number;
  close(): void;
}

/**
 * The product's tables and indexes, in a database that is synced to disk at checkpoints alone. Local
 * D1 does more: it writes a bookmark and syncs its log after every call, reads included.
 */
export function createTables(db: DatabaseSync): void {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  for (const name of readdirSync(profileMigrations).toSorted()) {
    db.exec(readFileSync(new URL(name, profileMigrations), "utf8"));
  }
}

/** Prepares the upsert. The function it gives back stores the record on a line and returns its id. */
export function storeInto(db: DatabaseSync): (line: string) => string {
  const statement = db.prepare(upsert);
  const nowMs = Date.now();
  let rev = 0;
  return (line) => {
    const { profile_id, schema_version, created_at, profile } = JSON.parse(line) as UserProfile;
    const { system, behavior, emotional } = profile;
    const lastActive = system?.last_active;
    rev += 1;
    statement.run(
      profile_id,
      line,
      rev,
      rev,
      schema_version,
      system?.language ?? null,
      behavior.assertiveness_level,
      emotional.empathy_depth,
      emotional.stress_tolerance,
      emotional.emotional_regulation,
      Date.parse(created_at),
      nowMs,
      lastActive === undefined ? null : Date.parse(lastActive),
    );
    return profile_id;
  };
}

/** Opens a new database in `folder`. */
export function openFloor(folder: string): FloorDatabase {
  const db = new DatabaseSync(join(folder, "floor.sqlite"));
  createTables(db);
  const store = storeInto(db);
  return {
    store(bodies) {
      db.exec("BEGIN");
      for (const body of bodies) {
        for (const line of body.toString("utf8").split("\n")) {
          if (line !== "") store(line);
        }
      }
      db.exec("COMMIT");
    },
    count: () => Number(db.prepare("SELECT count(*) AS count FROM profiles").get()?.["count"]),
    close: () => db.close(),
  };
}
