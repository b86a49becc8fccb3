/**
 * Telling a page of a session from all else that has, or sends along, its cookies: by its origin, and
 * by the CSRF token that was given to it when the session began.
 */
import { StoreError } from "@hi-stranger/core/errors";
import type { Identity } from "../context.ts";
import { requireOwnOrigin } from "./cross-origin.ts";

const csrfHeader = "X-CSRF-Token";

/** Whether `request` names the token of that session. */
export async function isFromPageOf(
  sessionId: string,
  request: Request,
  { sessions }: Pick<Identity, "sessions">,
): Promise<boolean> {
  const token = request.headers.get(csrfHeader);
  return token !== null && sessions.isCsrfToken(sessionId, token);
}

/** @throws {StoreError} `foreign_origin`, `csrf_token_invalid` */
export async function requirePageOf(
  sessionId: string,
  request: Request,
  identity: Pick<Identity, "sessions">,
): Promise<void> {
  requireOwnOrigin(request);
  if (await isFromPageOf(sessionId, request, identity)) return;
  throw new StoreError(
    "csrf_token_invalid",
    "Send `X-CSRF-Token` with the `csrf_token` that came with signing in.",
  );
}
