/**
 * Refresh tokens and CSRF tokens, in the forms of docs/envelope.md.
 *
 * A refresh token is 32 random bytes with a tag by a key of ours. The tag tells one that we gave
 * from one that somebody made up, before the database is asked: so only a token that was truly used
 * before can end its session. CSRF tokens are an HMAC of the session's id; they last as long as it.
 */
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import { type FillRandom, isId } from "@hi-stranger/core/codec/ids";
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import type { SessionKeys } from "./session-keys.ts";

const secretByteLength = 32;
const tagByteLength = 16;
const refreshPattern = /^hsr_([1-9]\d{0,3})\.([A-Za-z0-9_-]{64})\.(sgn_[0-9a-z]{26})$/;
const csrfPattern = /^([1-9]\d{0,3})\.([A-Za-z0-9_-]{43})$/;

export interface RefreshTokens {
  /** A new token of a session. */
  make(family: string): Promise<string>;
  /** The session that a token is of; null when we never gave it. */
  familyOf(token: string): Promise<string | null>;
  /** The CSRF token of a session. */
  csrfToken(family: string): Promise<string>;
  isCsrfToken(family: string, token: string): Promise<boolean>;
}

export interface RefreshTokenOptions {
  readonly keys: SessionKeys;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
}

export function createRefreshTokens({
  keys,
  subtle,
  fillRandom,
}: RefreshTokenOptions): RefreshTokens {
  async function tagOf(key: CryptoKey, family: string, secret: Uint8Array): Promise<Uint8Array> {
    const mac = await subtle.sign("HMAC", key, lengthPrefixed(family, secret));
    return new Uint8Array(mac, 0, tagByteLength);
  }

  return {
    async make(family) {
      const bytes = new Uint8Array(secretByteLength + tagByteLength);
      const secret = bytes.subarray(0, secretByteLength);
      fillRandom(secret);
      bytes.set(
        await tagOf(await keys.active(keyLabels.refreshToken), family, secret),
        secretByteLength,
      );
      const text = toBase64Url(bytes);
      bytes.fill(0);
      return `hsr_${keys.activeVersion}.${text}.${family}`;
    },
    async familyOf(token) {
      const [, version, body = "", family = ""] = refreshPattern.exec(token) ?? [];
      const bytes = fromBase64Url(body);
      if (!bytes || !isId("sgn", family)) return null;
      const key = await keys.find(keyLabels.refreshToken, Number(version));
      if (!key) return null;
      const tag = await tagOf(key, family, bytes.subarray(0, secretByteLength));
      return equalBytes(tag, bytes.subarray(secretByteLength)) ? family : null;
    },
    async csrfToken(family) {
      const key = await keys.active(keyLabels.csrfToken);
      const mac = new Uint8Array(await subtle.sign("HMAC", key, lengthPrefixed(family)));
      return `${keys.activeVersion}.${toBase64Url(mac)}`;
    },
    async isCsrfToken(family, token) {
      const [, version, text = ""] = csrfPattern.exec(token) ?? [];
      const mac = fromBase64Url(text);
      const key = await keys.find(keyLabels.csrfToken, Number(version));
      // WebCrypto compares in constant time.
      return (
        mac !== null && key !== null && subtle.verify("HMAC", key, mac, lengthPrefixed(family))
      );
    },
  };
}
