-- How many fields a key has sealed by suite `hs2`, whose IVs are random: 2^32 at most (NIST SP 800-38D, 8.3).
ALTER TABLE data_keys ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed <= 4294967296);
