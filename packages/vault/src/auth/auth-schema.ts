/**
 * The tables of `auth.db`, which opens with the device key before any secret is known.
 *
 * `users`, `security_questions` and `sessions` are as the specification of the local storage writes
 * them. Beside them stand the catalogue of questions to choose from, a third copy of the header's
 * slots, the counted attempts, settings, and a log of what was done to the vault's secrets.
 */
import type { Database } from "../ports.ts";
import { VaultError } from "../vault-error.ts";
import { type PredefinedQuestion, predefinedQuestions } from "./predefined-questions.ts";

const schemaVersion = 1;

/** What every database of the vault is set to, on each opening. */
const connectionSettings = `
PRAGMA foreign_keys = ON;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;`;

const creation = `
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    encrypted_passphrase TEXT NOT NULL,
    salt TEXT NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE security_questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    question_text TEXT NOT NULL,
    answer_hash TEXT NOT NULL,
    question_type TEXT NOT NULL CHECK (question_type IN ('predefined', 'custom')),
    question_order INTEGER NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    token TEXT NOT NULL UNIQUE,
    expires_at DATETIME NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_sessions_token ON sessions(token);
CREATE INDEX idx_sessions_expires ON sessions(expires_at);
CREATE INDEX idx_security_questions_user ON security_questions(user_id);

CREATE TABLE predefined_questions (
    id INTEGER PRIMARY KEY,
    question_text TEXT NOT NULL UNIQUE,
    question_order INTEGER NOT NULL UNIQUE
);

INSERT INTO predefined_questions (id, question_text, question_order) VALUES
${predefinedQuestions.map(toValues).join(",\n")};

CREATE TABLE key_slots (
    slot TEXT PRIMARY KEY CHECK (slot IN ('p', 'r', 'q')),
    body TEXT NOT NULL,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;

CREATE TABLE attempts (
    kind TEXT PRIMARY KEY CHECK (kind IN ('sign_in', 'recovery')),
    failed_count INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    clock_epoch TEXT NOT NULL,
    clock_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    created_at DATETIME NOT NULL
);

PRAGMA user_version = ${schemaVersion};`;

/** Sets a database of the vault up for use, whichever its schema. */
export function applyConnectionSettings(database: Database): void {
  database.exec(connectionSettings);
}

/**
 * Creates the tables in a new `auth.db`, or checks that they are this version's.
 *
 * @throws {VaultError} `newer_version`, `damaged`.
 */
export function prepareAuthSchema(database: Database): void {
  applyConnectionSettings(database);
  const version = database.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  if (version > schemaVersion) throw new VaultError("newer_version", { parts: ["auth.db"] });
  if (version === schemaVersion) {
    checkPages(database);
    return;
  }
  if (version !== 0) throw new VaultError("damaged", { parts: ["auth.db"] });
  database.transaction(() => database.exec(creation));
}

/**
 * Reads every page, of which there are few: damage is to be found before anything relies on one of
 * them, as `auth.db` can be made anew.
 */
function checkPages(database: Database): void {
  const findings = database.all<{ quick_check: string }>("PRAGMA quick_check");
  if (findings.length === 1 && findings[0]?.quick_check === "ok") return;
  throw new VaultError("damaged", { parts: ["auth.db"] });
}

function toValues({ id, text }: PredefinedQuestion, index: number): string {
  return `(${id}, '${text.replaceAll("'", "''")}', ${index + 1})`;
}
