/**
 * Sessions: who unlocked the vault gets a token, and the vault stays open while one is valid.
 *
 * Tokens are JWTs (RFC 7519), HS256 alone (RFC 7515), with issuer, audience and a random id. The key
 * that signs them is random, made with this object and held by WebCrypto, so a restart or a lock
 * ends every session.
 *
 * A session ends after the minutes that were chosen without use, and after 12 hours in any case,
 * both on monotonic time: the times in tokens and rows go on from the wall clock's when this object
 * was made, and moving that clock changes nothing.
 */
import { SignJWT, errors, jwtVerify } from "jose";
import { toInstant } from "@hi-stranger/core/clock";
import { toBase64Url, toHex } from "@hi-stranger/core/codec/bytes";
import { userId } from "../auth/auth-database.ts";
import type { Database, VaultPlatform } from "../ports.ts";
import { randomBytes, wipe } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import {
  type SessionRow,
  addSessionRow,
  extendSessionRow,
  listSessionRows,
  removeAllSessionRows,
  removeSessionRow,
} from "./session-rows.ts";

export const sessionMinutesChoices = [5, 15, 30, 60, 120] as const;
export type SessionMinutes = (typeof sessionMinutesChoices)[number];
export const defaultSessionMinutes: SessionMinutes = 30;

const absoluteLimitMs = 12 * 60 * 60 * 1000;
/** A use moves a session's end in the database once it has moved this far. */
const extensionStepMs = 60_000;
const issuer = "hi-stranger-vault";
const tokenIdByteLength = 16;
const signingKeyByteLength = 32;

export interface StartedSession {
  /** A JWT. */
  readonly token: string;
  /** Instant at which it ends unless it is used. */
  readonly expiresAt: string;
}

export interface Sessions {
  start(minutes: SessionMinutes): Promise<StartedSession>;
  /**
   * Counts as a use of the session; answers when it now ends.
   *
   * @throws {VaultError} `session_invalid`.
   */
  verify(token: string): Promise<{ readonly sessionId: number; readonly expiresAt: string }>;
  list(): SessionRow[];
  /** Whether any session is left. */
  areAnyLeft(): boolean;
  /** Ends a session, if there is one; the last one's end locks the vault. */
  end(sessionId: number): void;
  /** Ends all of them, without telling. */
  close(): void;
}

export interface SessionsInput {
  readonly platform: VaultPlatform;
  /** `auth.db`. */
  readonly database: Database;
  /** The vault's id: tokens of another vault are not taken. */
  readonly audience: string;
  /** Called once no session is left. */
  readonly onAllEnded: () => void;
}

interface LiveSession {
  readonly id: number;
  readonly tokenId: string;
  readonly idleMs: number;
  readonly endsAtMs: number;
  idleEndsAtMs: number;
  storedEndMs: number;
}

/** Makes the sessions of a vault that was just unlocked. Those of an earlier process are removed. */
export async function openSessions(input: SessionsInput): Promise<Sessions> {
  const { platform, database, audience, onAllEnded } = input;
  const { subtle, clock, monotonicClock, scheduler } = platform;
  const signingKey = await newSigningKey(platform);
  const offsetMs = clock.now() - monotonicClock.nowMs();
  const nowMs = (): number => offsetMs + monotonicClock.nowMs();
  const live = new Map<string, LiveSession>();
  let cancelTimer: (() => void) | null = null;

  const endOf = (session: LiveSession): number => Math.min(session.endsAtMs, session.idleEndsAtMs);

  const remove = (session: LiveSession): void => {
    live.delete(session.tokenId);
    try {
      removeSessionRow(database, session.id);
    } catch (error) {
      // It has ended all the same, and the next unlocking removes every row.
      if (!(error instanceof VaultError)) throw error;
    }
  };

  const sweep = (): void => {
    for (const session of live.values()) if (endOf(session) <= nowMs()) remove(session);
    watch();
    if (live.size === 0) onAllEnded();
  };

  const watch = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    if (live.size === 0) return;
    const nextEndMs = Math.min(...Array.from(live.values(), endOf));
    cancelTimer = scheduler.after(Math.max(0, nextEndMs - nowMs()), sweep);
  };

  removeAllSessionRows(database);

  return {
    async start(minutes) {
      const startMs = nowMs();
      const tokenId = toBase64Url(randomBytes(platform.fillRandom, tokenIdByteLength));
      const idleMs = minutes * 60_000;
      const endsAtMs = startMs + absoluteLimitMs;
      const idleEndsAtMs = startMs + idleMs;
      const token = await signToken(signingKey, { tokenId, audience, startMs, endsAtMs });
      const expiresAt = toInstant(idleEndsAtMs);
      const id = addSessionRow(database, {
        tokenHash: await hashTokenId(subtle, tokenId),
        createdAt: toInstant(startMs),
        expiresAt,
      });
      live.set(tokenId, { id, tokenId, idleMs, endsAtMs, idleEndsAtMs, storedEndMs: idleEndsAtMs });
      watch();
      return { token, expiresAt };
    },

    async verify(token) {
      const tokenId = await readTokenId(signingKey, token, audience, nowMs());
      const session = tokenId === null ? undefined : live.get(tokenId);
      if (!session || endOf(session) <= nowMs()) throw new VaultError("session_invalid");
      session.idleEndsAtMs = nowMs() + session.idleMs;
      const endMs = endOf(session);
      if (endMs - session.storedEndMs >= extensionStepMs) {
        extendSessionRow(database, session.id, toInstant(endMs));
        session.storedEndMs = endMs;
      }
      watch();
      return { sessionId: session.id, expiresAt: toInstant(endMs) };
    },

    list: () => listSessionRows(database),

    areAnyLeft: () => live.size > 0,

    end(sessionId) {
      for (const session of live.values()) if (session.id === sessionId) remove(session);
      sweep();
    },

    close() {
      cancelTimer?.();
      cancelTimer = null;
      live.clear();
      removeAllSessionRows(database);
    },
  };
}

async function newSigningKey({ subtle, fillRandom }: VaultPlatform): Promise<CryptoKey> {
  const bytes = randomBytes(fillRandom, signingKeyByteLength);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
  wipe(bytes);
  return key;
}

interface TokenInput {
  readonly tokenId: string;
  readonly audience: string;
  readonly startMs: number;
  readonly endsAtMs: number;
}

async function signToken(
  key: CryptoKey,
  { tokenId, audience, startMs, endsAtMs }: TokenInput,
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(String(userId))
    .setJti(tokenId)
    .setIssuedAt(Math.floor(startMs / 1000))
    .setExpirationTime(Math.ceil(endsAtMs / 1000))
    .sign(key);
}

/** The id in a token that we signed and that hasn't reached its last end, or null. */
async function readTokenId(
  key: CryptoKey,
  token: string,
  audience: string,
  nowMs: number,
): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      typ: "JWT",
      issuer,
      audience,
      currentDate: new Date(nowMs),
      requiredClaims: ["exp", "iat", "jti", "sub"],
    });
    return payload.jti ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

async function hashTokenId(subtle: SubtleCrypto, tokenId: string): Promise<string> {
  return toHex(new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(tokenId))));
}
