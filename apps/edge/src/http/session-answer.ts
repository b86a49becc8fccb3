/** Answers that give a browser its session, or take it away. */
import { accessTtlSeconds } from "@hi-stranger/core/contract/identity";
import type { OpenSession } from "../services/sessions.ts";
import { jsonAnswer } from "./answers.ts";
import { accessCookie, clearedSessionCookies, refreshCookie, setCookie } from "./cookies.ts";

/** The session's answer, with its cookies. */
export function sessionAnswer(session: OpenSession): Response {
  const answer = jsonAnswer(session.answer);
  addSessionCookies(answer.headers, session);
  return answer;
}

/** Adds the cookies of a session. */
export function addSessionCookies(
  headers: Headers,
  { accessToken, refresh }: Pick<OpenSession, "accessToken" | "refresh">,
): void {
  headers.append("Set-Cookie", setCookie(accessCookie, accessToken, accessTtlSeconds));
  if (refresh) {
    headers.append("Set-Cookie", setCookie(refreshCookie, refresh.token, refresh.ttlSeconds));
  }
}

/** 204 that takes the cookies away. */
export function signedOutAnswer(): Response {
  const answer = new Response(null, { status: 204 });
  for (const cookie of clearedSessionCookies()) answer.headers.append("Set-Cookie", cookie);
  return answer;
}
