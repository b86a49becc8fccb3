/**
 * Sessions in `auth.db`. `token` is the SHA-256 of a token's id, in hexadecimal, never the token: who
 * reads the table can't act as anyone.
 */
import { userId } from "../auth/auth-database.ts";
import type { Database } from "../ports.ts";

export interface SessionRow {
  readonly id: number;
  /** Instants. */
  readonly createdAt: string;
  readonly expiresAt: string;
}

interface NewSessionRow {
  readonly tokenHash: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Adds a session; answers its id. */
export function addSessionRow(database: Database, row: NewSessionRow): number {
  const sql = `INSERT INTO sessions (user_id, token, expires_at, created_at)
     VALUES (?, ?, ?, ?) RETURNING id`;
  const added = database.get<{ id: number }>(
    sql,
    userId,
    row.tokenHash,
    row.expiresAt,
    row.createdAt,
  );
  if (!added) throw new Error("the session was not added");
  return added.id;
}

export function listSessionRows(database: Database): SessionRow[] {
  return database.all<SessionRow>(
    `SELECT id, created_at AS createdAt, expires_at AS expiresAt FROM sessions ORDER BY id`,
  );
}

export function extendSessionRow(database: Database, id: number, expiresAt: string): void {
  database.run("UPDATE sessions SET expires_at = ? WHERE id = ?", expiresAt, id);
}

export function removeSessionRow(database: Database, id: number): void {
  database.run("DELETE FROM sessions WHERE id = ?", id);
}

/** Ends all of them, such as those whose signing key went with their process. */
export function removeAllSessionRows(database: Database): void {
  database.run("DELETE FROM sessions");
}
