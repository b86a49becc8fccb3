-- For the hourly purge, so that it reads no rows but those it deletes.
CREATE INDEX sign_ins_by_revocation ON sign_ins (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at);
CREATE INDEX api_tokens_by_revocation ON api_tokens (revoked_at) WHERE revoked_at IS NOT NULL;
