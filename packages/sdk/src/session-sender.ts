/**
 * Sends requests with the session that a browser's cookies hold.
 *
 * Unsafe requests get the session's CSRF token, which is asked for when it isn't known and kept in
 * memory alone. A request that is refused as its access token has run out is sent once more after
 * the session has been refreshed, by one refresh for all that wait for it. Across tabs, refreshes
 * must take turns, since a refresh token that is used twice ends its session: `exclusively` is the
 * port for that.
 *
 * When the cookies turn out to be another person's (who signed in in another tab), nothing is sent
 * again: what one person began must not be done as another.
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

export interface SessionSenderOptions extends Pick<SenderOptions, "baseUrl" | "fetch" | "pace"> {
  /** Runs `work` when no other tab runs its own, such as by the Web Locks API. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Told each time the server says that the session is over. */
  readonly onEnd?: () => void;
}

export interface SessionSender {
  readonly send: Send;
  /** The session that the cookies hold, refreshed where need be; null when they hold none. */
  find(signal?: AbortSignal): Promise<SessionAnswer | null>;
  /** Takes over what an answer says of the session; null once it is over. */
  keep(session: SessionAnswer | null): void;
  /** The persona to act as from now on; null leaves it to the server. */
  actAs(profileId: string | null): void;
}

const calls: CallTable<"getSession" | "refreshSession"> = {
  getSession: { method: "GET", path: "/api/auth/session" },
  refreshSession: { method: "POST", path: "/api/auth/refresh" },
};

export function createSessionSender(options: SessionSenderOptions): SessionSender {
  const plainSend = createSender(options);
  let session: SessionAnswer | null = null;
  let personaId: string | null = null;
  let refreshing: Promise<SessionAnswer | null> | null = null;
  // Counts refreshes, so that who was refused before one doesn't ask for another after it.
  let generation = 0;

  /** One refresh at a time; null when there is nothing to refresh. */
  function refresh(): Promise<SessionAnswer | null> {
    refreshing ??= options
      .exclusively(() =>
        orNobody(() => sendForJson<SessionAnswer>(plainSend, calls.refreshSession)),
      )
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
    const request = { ...calls.getSession, signal };
    const found =
      (await orNobody(() => sendForJson<SessionAnswer>(plainSend, request))) ?? (await refresh());
    session = found;
    return found;
  }

  async function toSigned(request: Request): Promise<Request> {
    const isUnsafe = request.method !== "GET";
    if (isUnsafe && session === null) await find(request.signal);
    return {
      ...request,
      headers: {
        ...request.headers,
        ...(isUnsafe && session !== null ? { "X-CSRF-Token": session.csrf_token } : {}),
        ...(personaId === null ? {} : { "HS-Persona": personaId }),
      },
    };
  }

  /** Whether the session goes on, for the person who had it. */
  async function canGoOn(sentIn: number): Promise<boolean> {
    const before = session;
    const found = sentIn === generation ? await refresh() : session;
    const isSame = found !== null && (before === null || before.person_id === found.person_id);
    session = isSame ? found : null;
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
    keep(next) {
      session = next;
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

async function orNobody<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}
