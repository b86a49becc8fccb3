/** Links for signing in, in D1 (`PII_DB`). */
import type { Clock } from "@hi-stranger/core/clock";
import type { LinkStore } from "./sign-in-ports.ts";

interface Row {
  readonly token_hash: string;
  readonly sealed_address: string;
  readonly browser_hash: string;
  readonly expires_at: number;
}

export function createD1LinkStore(db: D1Database, clock: Clock): LinkStore {
  return {
    async add({ tokenHash, sealedAddress, browserHash, expiresAtMs }) {
      await db
        .prepare(
          `INSERT INTO magic_links (token_hash, sealed_address, browser_hash, created_at, expires_at)
           VALUES (?1, ?2, ?3, ?4, ?5)`,
        )
        .bind(tokenHash, sealedAddress, browserHash, clock.now(), expiresAtMs)
        .run();
    },
    async find(tokenHash) {
      const row = await db
        .prepare(
          `SELECT token_hash, sealed_address, browser_hash, expires_at FROM magic_links
           WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2`,
        )
        .bind(tokenHash, clock.now())
        .first<Row>();
      return (
        row && {
          tokenHash: row.token_hash,
          sealedAddress: row.sealed_address,
          browserHash: row.browser_hash,
          expiresAtMs: row.expires_at,
        }
      );
    },
    async use(tokenHash) {
      const { meta } = await db
        .prepare(
          `UPDATE magic_links SET used_at = ?2
           WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2`,
        )
        .bind(tokenHash, clock.now())
        .run();
      return meta.changes === 1;
    },
  };
}
