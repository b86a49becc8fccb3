-- The log as a chain of hashes, see docs/audit.md. What the table before held were entries of
-- imports that nothing ties together; the reports of those imports say the same.
DROP TABLE audit_log;
CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (at);
CREATE INDEX audit_log_by_action ON audit_log (action);
CREATE INDEX audit_log_by_outcome ON audit_log (outcome);
CREATE INDEX audit_log_by_action_and_outcome ON audit_log (action, outcome);

-- What is to be entered: written before an act, or in one transaction with it.
CREATE TABLE audit_pending (
  pending_id TEXT PRIMARY KEY,
  noted_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT,
  -- Null while the act goes on.
  outcome TEXT,
  detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
