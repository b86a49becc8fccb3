-- How far the day of the audit log that is signed next has been recomputed. One row at most.
CREATE TABLE audit_progress (
  day TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
