-- How far each rotation of keys is. A finished one is the proof that nothing was left on the old key.

CREATE TABLE key_rotations (
  rotation_id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('kek', 'dek', 'index')),
  from_version INTEGER,
  to_version INTEGER,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'moving', 'switching', 'stuck', 'finished')),
  -- The last row that this pass has seen; none before the first.
  cursor TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  left_over INTEGER,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- Before, no server uses the new version: every one of them has to know it first.
  ready_at INTEGER NOT NULL,
  finished_at INTEGER
);
-- One rotation of a kind at a time.
CREATE UNIQUE INDEX key_rotations_open ON key_rotations (purpose) WHERE state <> 'finished';

-- The data keys in use, oldest first.
CREATE INDEX data_keys_in_use ON data_keys (class, created_at, dek_id, version) WHERE retired_at IS NULL;
