-- Who is behind the personas. What the data map protects by `dek` is ciphertext (`hs1`, docs/envelope.md).

CREATE TABLE personal_data (
  person_id TEXT PRIMARY KEY,
  schema_version TEXT NOT NULL,
  name TEXT,
  email TEXT NOT NULL,
  address TEXT,
  country TEXT,
  timezone TEXT,
  payment_ref TEXT,
  -- Blind index of the address; the second by the next version of the root while that is rotated.
  email_hash TEXT NOT NULL UNIQUE,
  email_hash_next TEXT UNIQUE,
  verification_status TEXT NOT NULL CHECK (verification_status IN ('unverified', 'verified')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_login_at INTEGER
);

-- The only bridge between a persona and a person; one service alone reads it.
CREATE TABLE link_profile_personal (
  profile_id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES personal_data (person_id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
);
CREATE INDEX link_profile_personal_by_person ON link_profile_personal (person_id, profile_id);

-- Wrapped data keys (`hw1`). Without the subject's share, which is not here, nothing unwraps them.
CREATE TABLE data_keys (
  dek_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  subject_id TEXT NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('pii', 'message', 'media')),
  kek_version INTEGER NOT NULL,
  wrapped TEXT NOT NULL,
  -- How often its KEK has wrapped for this subject.
  wraps INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  PRIMARY KEY (dek_id, version)
);
CREATE UNIQUE INDEX data_keys_by_subject ON data_keys (subject_id, class, version);
CREATE INDEX data_keys_by_kek ON data_keys (kek_version, dek_id, version);

-- What a person agreed to, each time. Rows are added and never changed.
CREATE TABLE consents (
  consent_id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES personal_data (person_id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  policy_version TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  locale TEXT NOT NULL,
  mechanism TEXT NOT NULL,
  given INTEGER NOT NULL CHECK (given IN (0, 1)),
  at INTEGER NOT NULL
);
CREATE INDEX consents_by_person ON consents (person_id, consent_id);
