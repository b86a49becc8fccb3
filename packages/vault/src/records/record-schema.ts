/**
 * The tables of `vault.db`: what a person keeps.
 *
 * A record's `body` is its line, the compact JSON text; the columns beside it are copies that lists
 * are found by. `counters` holds, for each kind, how many records there are and the latest revision.
 */
import type { Database } from "../ports.ts";
import { VaultError } from "../vault-error.ts";

const schemaVersion = 1;

const creation = `
CREATE TABLE IF NOT EXISTS vault_meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE counters (
    kind TEXT PRIMARY KEY,
    value INTEGER NOT NULL,
    rev INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counters (kind, value, rev) VALUES
('profiles', 0, 0), ('chats', 0, 0), ('messages', 0, 0), ('policies', 0, 0);

CREATE TABLE profiles (
    profile_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    rev INTEGER NOT NULL,
    language TEXT,
    assertiveness INTEGER NOT NULL,
    empathy INTEGER NOT NULL,
    stress INTEGER NOT NULL,
    regulation TEXT NOT NULL
) STRICT;

CREATE INDEX profiles_by_rev ON profiles (rev);
CREATE INDEX profiles_by_language ON profiles (language, profile_id);

CREATE TABLE profile_deletions (
    profile_id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX profile_deletions_by_rev ON profile_deletions (rev);

CREATE TABLE chats (
    chat_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    rev INTEGER NOT NULL,
    owner_id TEXT NOT NULL,
    active_at INTEGER NOT NULL
) STRICT;

CREATE INDEX chats_by_activity ON chats (active_at, chat_id);
CREATE INDEX chats_by_owner ON chats (owner_id, active_at, chat_id);

CREATE TABLE chat_participants (
    profile_id TEXT NOT NULL,
    active_at INTEGER NOT NULL,
    chat_id TEXT NOT NULL,
    PRIMARY KEY (profile_id, active_at, chat_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_participants_by_chat ON chat_participants (chat_id);

CREATE TABLE messages (
    message_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    rev INTEGER NOT NULL,
    chat_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX messages_by_chat ON messages (chat_id, created_at, message_id);

CREATE TABLE policies (
    policy_key TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    rev INTEGER NOT NULL,
    chat_id TEXT NOT NULL
) STRICT;

CREATE INDEX policies_by_chat ON policies (chat_id, policy_key);

CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

PRAGMA user_version = ${schemaVersion};`;

/**
 * Creates the tables in a new `vault.db`, or checks that they are this version's.
 *
 * @throws {VaultError} `newer_version`, or `damaged` for a version that never was.
 */
export function createRecordSchema(database: Database): void {
  const version = database.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  if (version > schemaVersion) throw new VaultError("newer_version", { parts: ["vault.db"] });
  if (version === schemaVersion) return;
  if (version !== 0) throw new VaultError("damaged", { parts: ["vault.db"] });
  database.transaction(() => database.exec(creation));
}
