/**
 * Sessions: opened by signing in, gone on with by refreshing, ended by logging out.
 *
 * Access tokens are checked without storage; those of a session that has ended are revoked with the
 * person's Gatekeeper, from where every isolate learns it within 10 seconds (without one, a token
 * goes on until it expires, 10 minutes at most). A session ends 30 days after its last refresh, and
 * 90 days after signing in, in any case.
 */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import {
  type SessionAnswer,
  type listSessions,
  maxSessionTtlSeconds,
  sessionTtlSeconds,
} from "@hi-stranger/core/contract/identity";
import type { AnswerOf } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { Person } from "../policy/principal.ts";
import type { RoleStore, SignIn, SignInStore } from "../stores/sign-in-ports.ts";
import type { AccessTokens, IssuedToken } from "./access-tokens.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import { hashOfToken } from "./token-hash.ts";

/** What to do about a CSRF token that is missing or of another session. */
export const csrfAdvice =
  "Send `X-CSRF-Token` with the `csrf_token` that came with signing in, or of `GET /api/auth/session`.";

/** A session as its browser gets it. */
export interface OpenSession {
  readonly answer: SessionAnswer;
  readonly accessToken: string;
  /** Null when the one that the browser has stays. */
  readonly refresh: { readonly token: string; readonly ttlSeconds: number } | null;
}

export type SessionInfo = AnswerOf<typeof listSessions, 200>["sessions"][number];

export interface SessionService {
  /** Opens one for a person who has shown who they are. */
  open(personId: string, label: string): Promise<OpenSession>;
  /** The session that a refresh token was given for, be it over or not; null when we never gave it. */
  sessionOf(refreshToken: string): Promise<string | null>;
  /**
   * Goes on with the session of a refresh token, for a page that has its CSRF token; null when that
   * opens nothing (any more).
   *
   * @throws {StoreError} `csrf_token_invalid`, which leaves the session as it is
   */
  refresh(refreshToken: string, csrfToken: string | null): Promise<OpenSession | null>;
  /** The session with a new access token, which knows the personas and roles of now; null once it has ended. */
  renew(person: Person): Promise<OpenSession | null>;
  /** What a page has to know of the session it is in. */
  describe(person: Person): Promise<SessionAnswer>;
  /** Who sends an access token; null when it isn't good. */
  authenticate(accessToken: string): Promise<Omit<Person, "kind" | "actingAs"> | null>;
  isCsrfToken(sessionId: string, token: string | null): Promise<boolean>;
  list(person: Person): Promise<SessionInfo[]>;
  /**
   * Ends the session that a browser leaves by signing in anew, told by its refresh token and its
   * page's CSRF token; null when those aren't the valid ones of a session that goes on.
   */
  leave(
    refreshToken: string,
    csrfToken: string | null,
  ): Promise<Pick<Person, "personId" | "sessionId"> | null>;
  /** False when the person has no such session. */
  end(person: Person, sessionId: string): Promise<boolean>;
  endAll(person: Pick<Person, "personId">): Promise<void>;
}

export interface SessionServiceOptions {
  readonly signIns: SignInStore;
  readonly roles: RoleStore;
  readonly personasOf: (personId: string) => Promise<readonly string[]>;
  /** Makes the access tokens of these sessions worthless. */
  readonly revoke: (personId: string, families: readonly string[]) => Promise<void>;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  /** Told of a refresh token that came a second time, once its session has ended. */
  readonly onReuse: (personId: string) => Promise<void>;
  readonly clock: Clock;
  readonly newId: (prefix: "sgn") => Id<"sgn">;
}

export function createSessionService(options: SessionServiceOptions): SessionService {
  const { signIns, roles, accessTokens, refreshTokens, clock } = options;

  async function issue(personId: string, sessionId: string): Promise<IssuedToken> {
    const [personas, granted] = await Promise.all([
      options.personasOf(personId),
      roles.of(personId),
    ]);
    return accessTokens.issue({ personId, sessionId, personas, roles: granted });
  }

  async function answerOf(personId: string, sessionId: string, expiresAtMs: number) {
    return {
      person_id: personId,
      csrf_token: await refreshTokens.csrfToken(sessionId),
      expires_at: toInstant(expiresAtMs),
    };
  }

  async function toOpen(
    { personId, family }: Pick<SignIn, "personId" | "family">,
    refresh: OpenSession["refresh"],
  ): Promise<OpenSession> {
    const { token, expiresAtMs } = await issue(personId, family);
    return { answer: await answerOf(personId, family, expiresAtMs), accessToken: token, refresh };
  }

  /** When a session that is used now ends, in epoch milliseconds. */
  function endOf(createdAtMs: number): number {
    const idleEndMs = clock.now() + sessionTtlSeconds * 1000;
    return Math.min(idleEndMs, createdAtMs + maxSessionTtlSeconds * 1000);
  }

  async function isCsrfToken(sessionId: string, token: string | null): Promise<boolean> {
    return token !== null && refreshTokens.isCsrfToken(sessionId, token);
  }

  const ttlOf = (expiresAtMs: number) => Math.ceil((expiresAtMs - clock.now()) / 1000);

  return {
    async open(personId, label) {
      const family = options.newId("sgn");
      const token = await refreshTokens.make(family);
      const now = clock.now();
      const expiresAtMs = endOf(now);
      const times = { createdAtMs: now, lastUsedAtMs: now, expiresAtMs };
      const signIn = { family, personId, label, ...times };
      await signIns.add(signIn, hashOfToken(token));
      return toOpen(signIn, { token, ttlSeconds: ttlOf(expiresAtMs) });
    },

    sessionOf: (refreshToken) => refreshTokens.familyOf(refreshToken),

    async refresh(refreshToken, csrfToken) {
      const family = await refreshTokens.familyOf(refreshToken);
      const signIn = family === null ? null : await signIns.find(family);
      if (!signIn) return null;
      const from = hashOfToken(refreshToken);
      // One that was used before is found out below, whoever sends it.
      if (signIn.tokenHash === from && !(await isCsrfToken(signIn.family, csrfToken))) {
        throw new StoreError("csrf_token_invalid", csrfAdvice);
      }
      const token = await refreshTokens.make(signIn.family);
      const expiresAtMs = endOf(signIn.createdAtMs);
      const change = { from, to: hashOfToken(token), expiresAtMs };
      if (await signIns.rotate(signIn.family, change)) {
        return toOpen(signIn, { token, ttlSeconds: ttlOf(expiresAtMs) });
      }
      // We gave this token and it was used before: one of the two who used it has stolen it.
      await signIns.revoke(signIn.family);
      await options.revoke(signIn.personId, [signIn.family]);
      await options.onReuse(signIn.personId);
      return null;
    },

    async renew({ sessionId }) {
      // An access token outlives its session by minutes, and must not make another.
      const signIn = await signIns.find(sessionId);
      return signIn && toOpen(signIn, null);
    },
    describe: ({ personId, sessionId, expiresAtMs }) => answerOf(personId, sessionId, expiresAtMs),
    authenticate: (accessToken) => accessTokens.verify(accessToken),
    isCsrfToken,

    async list({ personId, sessionId }) {
      const all = await signIns.list(personId);
      return all.map((signIn) => ({
        session_id: signIn.family,
        label: signIn.label,
        created_at: toInstant(signIn.createdAtMs),
        last_used_at: toInstant(signIn.lastUsedAtMs),
        expires_at: toInstant(signIn.expiresAtMs),
        is_current: signIn.family === sessionId,
      }));
    },

    async leave(refreshToken, csrfToken) {
      const family = await refreshTokens.familyOf(refreshToken);
      if (family === null || !(await isCsrfToken(family, csrfToken))) return null;
      const signIn = await signIns.find(family);
      if (signIn?.tokenHash !== hashOfToken(refreshToken)) return null;
      await signIns.revoke(signIn.family);
      await options.revoke(signIn.personId, [signIn.family]);
      return { personId: signIn.personId, sessionId: signIn.family };
    },

    async end({ personId }, sessionId) {
      const isEnded = await signIns.revokeOwn(personId, sessionId);
      if (isEnded) await options.revoke(personId, [sessionId]);
      return isEnded;
    },
    async endAll({ personId }) {
      await options.revoke(personId, await signIns.revokeAll(personId));
    },
  };
}
