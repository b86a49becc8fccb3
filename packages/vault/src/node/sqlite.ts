/** A connection to SQLite, before any key is given to it. */
// Whoever imports this file gets the declarations along, which the package's `exports` hide.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./better-sqlite3-multiple-ciphers.d.ts" />
import { closeSync, openSync } from "node:fs";
import SqliteDatabase, { type Database } from "better-sqlite3-multiple-ciphers";

// The package loads its native part when it is first used: that is now, with the modules, and not
// when somebody waits for the vault to open.
new SqliteDatabase(":memory:", { timeout: 0 }).close();

/** Opens the file at `path`, created for its owner alone, where SQLite would let everyone read it. */
export function openConnection(path: string): Database {
  closeSync(openSync(path, "a", 0o600));
  // No waiting for a lock: one process holds the vault, and another one is told at once.
  return new SqliteDatabase(path, { timeout: 0 });
}
