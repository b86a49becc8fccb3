/**
 * Access tokens: JWTs (RFC 7519) signed with HMAC-SHA-256 (RFC 7515), which say who calls and as
 * which personas, so that a request needs no look-up. Algorithm, type, issuer and audience are
 * pinned; the key is named by `kid`, the version of the root.
 *
 * A session sends its token with every request, so those that were found good are remembered until
 * they expire, by their exact text and in this isolate alone. Whether a session was ended meanwhile
 * isn't asked here.
 */
import { SignJWT, errors, jwtVerify } from "jose";
import type { Clock } from "@hi-stranger/core/clock";
import { type Role, roles } from "@hi-stranger/core/contract/actions";
import { accessTtlSeconds } from "@hi-stranger/core/contract/identity";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import type { SessionKeys } from "./session-keys.ts";

const algorithm = "HS256";
const type = "at+jwt";
const audience = "hi-stranger-api";
const maxTokenLength = 8_192;
const maxRememberedTokens = 1_000;

/** What a token says. */
export interface AccessClaims {
  readonly personId: string;
  readonly sessionId: string;
  readonly personas: readonly string[];
  readonly roles: readonly Role[];
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<IssuedToken>;
  /** Null for anything that isn't a token of ours, or has expired. */
  verify(token: string): Promise<(AccessClaims & { readonly expiresAtMs: number }) | null>;
}

export interface AccessTokenOptions {
  /** Part of the issuer's name: a token of one environment is none of another. */
  readonly environment: string;
  readonly keys: SessionKeys;
  readonly clock: Clock;
}

type Verified = AccessClaims & { readonly expiresAtMs: number };

export function createAccessTokens({ environment, keys, clock }: AccessTokenOptions): AccessTokens {
  const issuer = `hi-stranger-${environment}`;
  const verifiedByToken = new Map<string, Verified>();

  async function check(token: string): Promise<Verified | null> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = await keys.find(keyLabels.accessToken, Number(kid));
          if (!key) throw new errors.JWKSNoMatchingKey();
          return key;
        },
        {
          algorithms: [algorithm],
          typ: type,
          issuer,
          audience,
          currentDate: new Date(clock.now()),
          requiredClaims: ["sub", "sid", "personas", "roles", "exp"],
        },
      );
      return toClaims(payload);
    } catch (error) {
      // Why a token isn't good helps nobody but its forger; faults of our own are no JOSEError.
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  return {
    async issue({ personId, sessionId, personas, roles: granted }) {
      const nowSeconds = Math.floor(clock.now() / 1000);
      const expiresAtSeconds = nowSeconds + accessTtlSeconds;
      const token = await new SignJWT({ sid: sessionId, personas, roles: granted })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: String(keys.activeVersion) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(personId)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(await keys.active(keyLabels.accessToken));
      return { token, expiresAtMs: expiresAtSeconds * 1000 };
    },
    async verify(token) {
      if (token.length > maxTokenLength) return null;
      const known = verifiedByToken.get(token);
      if (known && known.expiresAtMs > clock.now()) return known;
      const verified = await check(token);
      verifiedByToken.delete(token);
      if (verified) {
        if (verifiedByToken.size >= maxRememberedTokens) verifiedByToken.clear();
        verifiedByToken.set(token, verified);
      }
      return verified;
    },
  };
}

function toClaims({ sub, exp, sid, personas, roles: granted }: Record<string, unknown>) {
  if (typeof sub !== "string" || typeof sid !== "string" || typeof exp !== "number") return null;
  if (!isTexts(personas) || !isTexts(granted)) return null;
  const isRole = (name: string): name is Role => roles.some((role) => role === name);
  return {
    personId: sub,
    sessionId: sid,
    personas,
    roles: granted.filter(isRole),
    expiresAtMs: exp * 1000,
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
