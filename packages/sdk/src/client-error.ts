/**
 * What goes wrong between a client and the store, as errors with the API's own codes.
 *
 * An answer that is not one of the API's problem documents (a proxy's page, another server's 404)
 * gets the nearest code and a detail that says so, so that callers have one thing to handle.
 */
import { type ErrorCode, StoreError, isErrorCode } from "@hi-stranger/core/errors";

/** What an HTTP answer adds to an error. */
export interface AnswerFacts {
  /** The status of the answer; null when there was none. */
  readonly httpStatus: number | null;
  /** How long the server asks to wait, from `Retry-After`; null when it doesn't say. */
  readonly retryAfterSeconds: number | null;
  /** Whether the answer is that of an earlier request with the same idempotency key. */
  readonly isReplayed: boolean;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A {@link StoreError} that a client throws: it also knows the answer it comes from. */
export class ClientError extends StoreError {
  readonly httpStatus: number | null;
  readonly retryAfterSeconds: number | null;
  readonly isReplayed: boolean;

  constructor(code: ErrorCode, detail: string, facts: AnswerFacts) {
    super(code, detail, { members: facts.members ?? {}, cause: facts.cause });
    this.httpStatus = facts.httpStatus;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.isReplayed = facts.isReplayed;
  }
}

/** Nobody answered. `cause` is what the platform threw. */
export function toNetworkError(cause: unknown): ClientError {
  return new ClientError("store_unavailable", "The store can't be reached over the network.", {
    httpStatus: null,
    retryAfterSeconds: null,
    isReplayed: false,
    cause,
  });
}

/** The error that `response`, whose body is `body` when that was JSON, stands for. */
export function toAnswerError(response: Response, body: unknown): ClientError {
  const facts = {
    httpStatus: response.status,
    retryAfterSeconds: readRetryAfterSeconds(response.headers),
    isReplayed: isReplayed(response),
  };
  if (isRecord(body) && isErrorCode(body["code"])) {
    const { code, detail, type: _type, title: _title, status: _status, ...members } = body;
    const text = typeof detail === "string" ? detail : `The store answered ${response.status}.`;
    return new ClientError(code, text, { ...facts, members });
  }
  const text = `The answer (HTTP ${response.status}) does not come from a Hi Stranger store; check its address.`;
  return new ClientError(nearestCode(response.status), text, facts);
}

/** Whether `response` is the stored answer of an earlier request. */
export function isReplayed(response: Response): boolean {
  return response.headers.get("idempotency-replayed") === "true";
}

/** Seconds of a `Retry-After` header (RFC 9110 section 10.2.3), or null. Our store never sends the date form. */
function readRetryAfterSeconds(headers: Headers): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function nearestCode(status: number): ErrorCode {
  if (status === 401) return "token_invalid";
  if (status === 404) return "not_found";
  if (status === 405) return "method_not_allowed";
  if (status === 413) return "body_too_large";
  return "store_unavailable";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
