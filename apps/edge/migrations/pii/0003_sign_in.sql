-- How people sign in. Tokens are never stored: `token_hash` is the SHA-256 of one, in hex.

-- A link that was sent. The address is encrypted by a key that only the link's token gives (docs/envelope.md).
CREATE TABLE magic_links (
  token_hash TEXT PRIMARY KEY,
  sealed_address TEXT NOT NULL,
  -- SHA-256 of the cookie of the browser that asked.
  browser_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX magic_links_by_expiry ON magic_links (expires_at);

-- One row a session, which is the family of all refresh tokens that follow from one sign-in.
CREATE TABLE sign_ins (
  family TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES personal_data (person_id) ON DELETE CASCADE,
  -- Of the one refresh token that is valid.
  token_hash TEXT NOT NULL,
  -- Such as "Firefox on Linux".
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  rotated_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX sign_ins_by_person ON sign_ins (person_id, family);
CREATE INDEX sign_ins_by_expiry ON sign_ins (expires_at);

CREATE TABLE roles (
  person_id TEXT NOT NULL REFERENCES personal_data (person_id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('moderator', 'admin')),
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, role)
);
