/** `POST /api/auth/refresh`. */
import { refreshSession } from "@hi-stranger/core/contract/identity";
import { StoreError } from "@hi-stranger/core/errors";
import { problemAnswer } from "../http/answers.ts";
import { clearedSessionCookies, readCookie, refreshCookie } from "../http/cookies.ts";
import { requireOwnOrigin } from "../http/cross-origin.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePageOf } from "../http/page-of.ts";
import { sessionAnswer } from "../http/session-answer.ts";

export const refreshSessionEndpoint = endpoint(refreshSession, async ({ request, context }) => {
  requireOwnOrigin(request);
  const identity = context.requireIdentity();
  const { sessions } = identity;
  const token = readCookie(request, refreshCookie) ?? "";
  const sessionId = await sessions.sessionOf(token);
  // Before the token is used: who has nothing but the cookie can neither go on with the session nor end it.
  if (sessionId !== null) await requirePageOf(sessionId, request, identity);
  const session = sessionId === null ? null : await sessions.refresh(token);
  if (session) return sessionAnswer(session);
  const answer = problemAnswer(new StoreError("session_missing", "Sign in again."));
  for (const cookie of clearedSessionCookies()) answer.headers.append("Set-Cookie", cookie);
  return answer;
});
