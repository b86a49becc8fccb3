/** `POST /api/auth/refresh`. */
import { refreshSession } from "@hi-stranger/core/contract/identity";
import { StoreError } from "@hi-stranger/core/errors";
import { problemAnswer } from "../http/answers.ts";
import { clearedSessionCookies, readCookie, refreshCookie } from "../http/cookies.ts";
import { requireOwnOrigin } from "../http/cross-origin.ts";
import { endpoint } from "../http/endpoint.ts";
import { csrfTokenOf } from "../http/page-of.ts";
import { sessionAnswer } from "../http/session-answer.ts";

export const refreshSessionEndpoint = endpoint(refreshSession, async ({ request, context }) => {
  requireOwnOrigin(request);
  const { sessions } = context.requireIdentity();
  const token = readCookie(request, refreshCookie);
  const session = token === null ? null : await sessions.refresh(token, csrfTokenOf(request));
  if (session) return sessionAnswer(session);
  const answer = problemAnswer(new StoreError("session_missing", "Sign in again."));
  for (const cookie of clearedSessionCookies()) answer.headers.append("Set-Cookie", cookie);
  return answer;
});
