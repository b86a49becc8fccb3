/**
 * One structured line a request. It holds the route, never the address or its parameters, no
 * header, no body and no message of a foreign error, any of which could carry personal data.
 */
import { StoreError } from "@hi-stranger/core/errors";

export interface LoggedRequest {
  readonly environment: string;
  readonly method: string;
  /** The contract's id of the route, or `other`. */
  readonly routeId: string;
  readonly status: number;
  readonly ms: number;
  /** What was thrown, if anything. */
  readonly cause: unknown;
}

/** Writes the line. Locally, only failures are worth one. */
export function logRequest({ environment, cause, ...request }: LoggedRequest): void {
  const isFailure = request.status >= 500 && request.status !== 501;
  if (environment === "local" && !isFailure) return;
  const line = {
    event: "request",
    ...request,
    ...(cause instanceof StoreError ? { code: cause.code } : {}),
    ...(isFailure ? { stack: stackOf(cause) } : {}),
  };
  if (isFailure) console.error(JSON.stringify(line));
  else console.log(JSON.stringify(line));
}

/** Writes that a caller was throttled or blocked; who it was stands in the audit log. */
export function logBreach(breach: {
  readonly tier: string;
  readonly signal: string;
  readonly kind: string;
}): void {
  console.warn(JSON.stringify({ event: "access_breach", ...breach }));
}

/** Writes that a caller's Gatekeeper couldn't be reached. */
export function logSilence(error: unknown): void {
  console.error(JSON.stringify({ event: "gatekeeper_silent", stack: stackOf(error) }));
}

/** Writes that a mail couldn't be handed over. Whoever waits for it was told that it is on its way. */
export function logUnsent(error: unknown): void {
  console.error(JSON.stringify({ event: "mail_unsent", stack: stackOf(error) }));
}

/** Where an error came from: the class and the frames, without its message. */
function stackOf(error: unknown): string[] {
  const origin = error instanceof StoreError && error.extra.cause ? error.extra.cause : error;
  if (!(origin instanceof Error)) return [];
  const frames = (origin.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [origin.name, ...frames.slice(0, 8).map((line) => line.trim())];
}
