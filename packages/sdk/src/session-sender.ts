/**
 * Sends requests with the session that a browser's cookies hold.
 *
 * Unsafe requests get the session's CSRF token. The server gives it once the session begins, and not
 * for the cookies alone, so it is kept where pages of the same origin find it: a page that was
 * reloaded, or another tab. A request that is refused as its access token has run out is sent once more after
 * the session has been refreshed, by one refresh for all that wait for it. Across tabs, refreshes
 * must take turns, since a refresh token that is used twice ends its session: `exclusively` is the
 * port for that.
 *
 * When the cookies turn out to be another person's (who signed in in another tab), nothing is sent
 * again: what one person began must not be done as another.
 */
import type { OpenSessionAnswer, SessionAnswer } from "@hi-stranger/core/contract/identity";
import { ClientError } from "./client-error.ts";
import type { CallTable } from "./call-table.ts";
import {
  type Request,
  type Send,
  type SenderOptions,
  createSender,
  sendForJson,
} from "./transport.ts";

/** Where the CSRF token of this browser's session is kept, such as in localStorage. It is worth nothing without the cookies. */
export interface CsrfTokenStore {
  get(): string | null;
  /** Null forgets it. */
  set(token: string | null): void;
}

export interface SessionSenderOptions extends Pick<SenderOptions, "baseUrl" | "fetch" | "pace"> {
  /** Runs `work` when no other tab runs its own, such as by the Web Locks API. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  readonly csrfTokens: CsrfTokenStore;
  /** Told each time the server says that the session is over. */
  readonly onEnd?: () => void;
}

export interface SessionSender {
  readonly send: Send;
  /** The session that the cookies hold, refreshed where need be; null when they hold none. */
  find(signal?: AbortSignal): Promise<SessionAnswer | null>;
  /** Takes over the session that an answer began. */
  keep(session: OpenSessionAnswer): void;
  /** Forgets the session, which is over. */
  forget(): void;
  /** The headers that end the session of this browser when another one begins. */
  formerHeaders(): Readonly<Record<string, string>>;
  /** The persona to act as from now on; null leaves it to the server. */
  actAs(profileId: string | null): void;
}

const csrfHeader = "X-CSRF-Token";

const calls: CallTable<"getSession" | "refreshSession"> = {
  getSession: { method: "GET", path: "/api/auth/session" },
  refreshSession: { method: "POST", path: "/api/auth/refresh" },
};

export function createSessionSender(options: SessionSenderOptions): SessionSender {
  const { csrfTokens } = options;
  const plainSend = createSender(options);
  let session: Pick<OpenSessionAnswer, "person_id" | "csrf_token"> | null = null;
  let personaId: string | null = null;
  let refreshing: Promise<OpenSessionAnswer | null> | null = null;
  // Counts refreshes, so that who was refused before one doesn't ask for another after it.
  let generation = 0;

  const csrfToken = () => session?.csrf_token ?? csrfTokens.get();

  function keep(next: OpenSessionAnswer): void {
    session = next;
    csrfTokens.set(next.csrf_token);
  }

  /** Forgets the session, and its token unless another tab keeps the one of another session by now. */
  function forget(token = session?.csrf_token): void {
    session = null;
    if (token !== undefined && csrfTokens.get() === token) csrfTokens.set(null);
  }

  /** One refresh at a time; null when there is nothing to refresh, or it is another session than the token's. */
  function refresh(token: string): Promise<OpenSessionAnswer | null> {
    const request = { ...calls.refreshSession, headers: { [csrfHeader]: token } };
    refreshing ??= options
      .exclusively(() => orNobody(() => sendForJson<OpenSessionAnswer>(plainSend, request)))
      .then((found) => {
        generation += 1;
        return found;
      })
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  }

  async function find(signal?: AbortSignal): Promise<SessionAnswer | null> {
    // What is kept, rather than what this tab knew: somebody else may have signed in in another.
    const token = csrfTokens.get();
    if (token === null) {
      session = null;
      return null;
    }
    const request = { ...calls.getSession, signal };
    const found = await orNobody(() => sendForJson<SessionAnswer>(plainSend, request));
    if (found) {
      session = { person_id: found.person_id, csrf_token: token };
      return found;
    }
    const renewed = await refresh(token);
    if (renewed) keep(renewed);
    else forget(token);
    return renewed;
  }

  async function toSigned(request: Request): Promise<Request> {
    const isUnsafe = request.method !== "GET";
    if (isUnsafe && session === null) await find(request.signal);
    return {
      ...request,
      headers: {
        ...request.headers,
        ...(isUnsafe && session !== null ? { [csrfHeader]: session.csrf_token } : {}),
        ...(personaId === null ? {} : { "HS-Persona": personaId }),
      },
    };
  }

  /** Whether the session goes on, for the person who had it. */
  async function canGoOn(sentIn: number): Promise<boolean> {
    if (sentIn !== generation) return session !== null;
    const before = session;
    const token = csrfToken();
    const found = token === null ? null : await refresh(token);
    const isSame = found !== null && (before === null || before.person_id === found.person_id);
    if (isSame) keep(found);
    else forget(token ?? undefined);
    return isSame;
  }

  async function send(request: Request): Promise<Response> {
    const sentIn = generation;
    try {
      return await plainSend(await toSigned(request));
    } catch (error) {
      // A stream has been read by now, and can't be sent again.
      if (!isRefusal(error) || request.body instanceof ReadableStream) throw error;
      if (await canGoOn(sentIn)) return plainSend(await toSigned(request));
      options.onEnd?.();
      throw error;
    }
  }

  return {
    send,
    find,
    keep,
    forget: () => forget(),
    formerHeaders() {
      const token = csrfToken();
      return token === null ? {} : { [csrfHeader]: token };
    },
    actAs(profileId) {
      personaId = profileId;
    },
  };
}

/** Whether `error` says that nobody is signed in (any more). */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ClientError &&
    error.httpStatus === 401 &&
    (error.code === "session_missing" || error.code === "token_missing")
  );
}

/** What was asked for; null when nobody is signed in, or somebody else than the CSRF token is of. */
async function orNobody<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const isOther = error instanceof ClientError && error.code === "csrf_token_invalid";
    if (isRefusal(error) || isOther) return null;
    throw error;
  }
}
