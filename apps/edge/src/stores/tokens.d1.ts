/** Service tokens in D1 (`PII_DB`), as hashes. */
import type { Clock } from "@hi-stranger/core/clock";
import { toInstant } from "@hi-stranger/core/clock";
import type { TokenInfo } from "@hi-stranger/core/contract/service";
import type { Scope } from "@hi-stranger/core/contract/actions";
import type { TokenStore } from "./ports.ts";

interface Row {
  readonly token_id: string;
  readonly name: string;
  readonly scopes: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly last_used_at: number | null;
}

export function createD1TokenStore(db: D1Database, clock: Clock): TokenStore {
  return {
    async add(token) {
      await db
        .prepare(
          `INSERT INTO api_tokens (token_id, token_hash, name, scopes, created_at, expires_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
        )
        .bind(
          token.token_id,
          token.tokenHash,
          token.name,
          token.scopes.join(" "),
          Date.parse(token.created_at),
          Date.parse(token.expires_at),
        )
        .run();
    },
    async find(tokenHash) {
      const row = await db
        .prepare(
          `UPDATE api_tokens SET last_used_at = ?2 WHERE token_hash = ?1 AND revoked_at IS NULL
           RETURNING token_id, scopes, expires_at`,
        )
        .bind(tokenHash, clock.now())
        .first<Pick<Row, "token_id" | "scopes" | "expires_at">>();
      return (
        row && {
          tokenId: row.token_id,
          scopes: toScopes(row.scopes),
          expiresAt: row.expires_at,
        }
      );
    },
    async list() {
      const { results } = await db
        .prepare(
          `SELECT token_id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens
           WHERE revoked_at IS NULL ORDER BY token_id DESC LIMIT 1000`,
        )
        .all<Row>();
      return results.map(toInfo);
    },
    async revoke(tokenId) {
      const { meta } = await db
        .prepare("UPDATE api_tokens SET revoked_at = ?2 WHERE token_id = ?1 AND revoked_at IS NULL")
        .bind(tokenId, clock.now())
        .run();
      return meta.changes === 1;
    },
  };
}

function toInfo(row: Row): TokenInfo {
  return {
    token_id: row.token_id,
    name: row.name,
    scopes: toScopes(row.scopes),
    created_at: toInstant(row.created_at),
    expires_at: toInstant(row.expires_at),
    last_used_at: row.last_used_at === null ? null : toInstant(row.last_used_at),
  };
}

function toScopes(text: string): Scope[] {
  return text.split(" ") as Scope[];
}
