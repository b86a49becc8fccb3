/**
 * Sends requests with the session that a browser's cookies hold.
 *
 * Unsafe requests, and the refresh, take the session's CSRF token. The server gives it while the
 * access token is good, so it is kept where a page finds it that is opened later. A request that is
 * refused as its access token has run out is sent once more after the session has been refreshed, by
 * one refresh for all that wait for it. Across tabs, refreshes must take turns, since a refresh token
 * that is used twice ends its session: `exclusively` is the port for that.
 *
 * A sender is one person's, from when it first finds or begins a session. When the cookies turn out
 * to be another person's (who signed in in another tab), it finds nobody: what one person began must
 * not be done as another.
 */
import type { SessionAnswer } from "@hi-stranger/core/contract/identity";
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
  /** The person's session that the cookies hold, refreshed where need be; null when they hold none. */
  find(signal?: AbortSignal): Promise<SessionAnswer | null>;
  /** Takes over the session that an answer began, whosever it is. */
  keep(session: SessionAnswer): void;
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
  let ownerId: string | null = null;
  let session: SessionAnswer | null = null;
  let personaId: string | null = null;
  let refreshing: { readonly token: string; readonly found: Promise<SessionAnswer | null> } | null =
    null;
  // Counts refreshes, so that who was refused before one doesn't ask for another after it.
  let generation = 0;

  function keep(next: SessionAnswer): void {
    ownerId = next.person_id;
    session = next;
    csrfTokens.set(next.csrf_token);
  }

  /** Keeps a session that was found, unless it is of somebody else than this sender. */
  function take(found: SessionAnswer): SessionAnswer | null {
    if (ownerId !== null && found.person_id !== ownerId) {
      session = null;
      return null;
    }
    keep(found);
    return found;
  }

  /** Forgets the session, and `token` unless another tab keeps the one of another session by now. */
  function forget(token: string | null = session?.csrf_token ?? null): void {
    session = null;
    if (token !== null && csrfTokens.get() === token) csrfTokens.set(null);
  }

  /** One refresh at a time; null when there is nothing to refresh, or it is another session than the token's. */
  function refresh(token: string): Promise<SessionAnswer | null> {
    if (refreshing?.token === token) return refreshing.found;
    const request = { ...calls.refreshSession, headers: { [csrfHeader]: token } };
    const found = options
      .exclusively(() => orNobody(() => sendForJson<SessionAnswer>(plainSend, request)))
      .then((answer) => {
        generation += 1;
        return answer;
      })
      .finally(() => {
        if (refreshing?.token === token) refreshing = null;
      });
    refreshing = { token, found };
    return found;
  }

  async function find(signal?: AbortSignal): Promise<SessionAnswer | null> {
    const request = { ...calls.getSession, signal };
    const found = await orNobody(() => sendForJson<SessionAnswer>(plainSend, request));
    if (found) return take(found);
    // Another tab may have begun another session since, or the browser may keep nothing.
    const tokens = new Set([csrfTokens.get(), session?.csrf_token ?? null]);
    for (const token of tokens) {
      const renewed = token === null ? null : await refresh(token);
      if (renewed) return take(renewed);
      forget(token);
    }
    return null;
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
    // What is kept may be another person's by now.
    const token = session?.csrf_token ?? (ownerId === null ? csrfTokens.get() : null);
    const found = token === null ? null : await refresh(token);
    if (found && take(found)) return true;
    forget(token);
    return false;
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
      const token = csrfTokens.get();
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
