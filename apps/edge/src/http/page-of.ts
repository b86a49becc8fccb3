/**
 * Telling a page of a session from all else that has, or sends along, its cookies: by its origin, and
 * by the session's CSRF token.
 */
import { StoreError } from "@hi-stranger/core/errors";
import type { Identity } from "../context.ts";
import { csrfAdvice } from "../services/sessions.ts";
import { requireOwnOrigin } from "./cross-origin.ts";

/** The CSRF token that a request names, whatever it is worth. */
export function csrfTokenOf(request: Request): string | null {
  return request.headers.get("X-CSRF-Token");
}

/** Whether `request` names the token of that session. */
export function isFromPageOf(
  sessionId: string,
  request: Request,
  { sessions }: Pick<Identity, "sessions">,
): Promise<boolean> {
  return sessions.isCsrfToken(sessionId, csrfTokenOf(request));
}

/** @throws {StoreError} `foreign_origin`, `csrf_token_invalid` */
export async function requirePageOf(
  sessionId: string,
  request: Request,
  identity: Pick<Identity, "sessions">,
): Promise<void> {
  requireOwnOrigin(request);
  if (await isFromPageOf(sessionId, request, identity)) return;
  throw new StoreError("csrf_token_invalid", csrfAdvice);
}
