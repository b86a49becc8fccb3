-- Personas, their revisions and deletions, imports and their traces. No personal data in this database.

CREATE TABLE profiles (
  profile_id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  rev INTEGER NOT NULL,
  first_rev INTEGER NOT NULL,
  schema_version TEXT NOT NULL,
  language TEXT,
  assertiveness INTEGER NOT NULL,
  empathy INTEGER NOT NULL,
  stress INTEGER NOT NULL,
  regulation TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_active_at INTEGER
);
-- Feeds the change feed; `first_rev` rides along so that counting new rows reads the index alone.
CREATE UNIQUE INDEX profiles_by_rev ON profiles (rev, first_rev);
CREATE INDEX profiles_by_language ON profiles (language, profile_id);

CREATE TABLE profile_deletions (
  profile_id TEXT PRIMARY KEY,
  rev INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL
);
CREATE INDEX profile_deletions_by_rev ON profile_deletions (rev);

-- One row a kind of record: how many there are, the latest revision, and how many the last write added.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  added INTEGER NOT NULL
);
INSERT INTO counters (name, value, rev, added) VALUES ('profiles', 0, 0, 0);

CREATE TABLE import_reports (
  import_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('running', 'complete', 'incomplete', 'refused')),
  report TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- Until when a running import counts as alive; past it, its sender or server is gone.
  lease_until INTEGER NOT NULL
);
CREATE INDEX import_reports_by_start ON import_reports (started_at);

-- Chunks of imports that are stored as a whole or not at all, until they are.
CREATE TABLE import_staging (
  import_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  rows TEXT NOT NULL,
  staged_at INTEGER NOT NULL,
  PRIMARY KEY (import_id, seq)
);

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished')),
  response TEXT NOT NULL,
  -- End of the lease while running, of the replay once finished.
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at);
