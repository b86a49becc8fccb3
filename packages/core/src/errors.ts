/**
 * Every error a caller of the store can meet, by its stable code.
 *
 * Inside, code throws {@link StoreError} with a code and, where it helps, a detail that says what
 * to do. Outside, the code decides the HTTP status. Details never hold a record's content.
 */

/** Status and title of each code (RFC 9457 `status` and `title`). */
export const errorKindsByCode = {
  invalid_parameter: { status: 400, title: "A parameter is missing or wrong" },
  invalid_header: { status: 400, title: "A header is malformed" },
  invalid_cursor: { status: 400, title: "The cursor is not one of this list's" },
  invalid_gzip: { status: 400, title: "The body is not a whole gzip stream" },
  invalid_body: { status: 400, title: "The body is not what this endpoint takes" },
  body_incomplete: { status: 400, title: "The body ended too early" },
  token_missing: { status: 401, title: "A token is required" },
  token_invalid: { status: 401, title: "The token is not known" },
  token_expired: { status: 401, title: "The token has expired" },
  session_missing: { status: 401, title: "Nobody is signed in" },
  scope_missing: { status: 403, title: "The token lacks a scope" },
  foreign_origin: { status: 403, title: "The request comes from a foreign page" },
  https_required: { status: 403, title: "This address is answered by HTTPS alone" },
  role_missing: { status: 403, title: "This takes a role that the account hasn't" },
  csrf_token_invalid: { status: 403, title: "The request lacks its page's token" },
  persona_not_yours: { status: 403, title: "The acting persona is not one of the account's" },
  not_found: { status: 404, title: "There is nothing at this address" },
  profile_not_found: { status: 404, title: "There is no such profile" },
  report_not_found: { status: 404, title: "There is no such report" },
  token_not_found: { status: 404, title: "There is no such token" },
  person_not_found: { status: 404, title: "Nobody has an account here by that" },
  role_not_found: { status: 404, title: "The account has no such role" },
  rotation_not_found: { status: 404, title: "There is no such rotation" },
  session_not_found: { status: 404, title: "There is no such session" },
  method_not_allowed: { status: 405, title: "The method is not allowed here" },
  idempotency_in_progress: { status: 409, title: "A request with this key is still running" },
  answer_not_kept: { status: 409, title: "The answer was given once and isn't kept" },
  confirmation_required: { status: 409, title: "Signing in here has to be confirmed" },
  rotation_impossible: { status: 409, title: "There is no key to rotate to" },
  too_many_personas: { status: 409, title: "The account has as many personas as it can" },
  link_invalid: { status: 410, title: "The link has been used or has expired" },
  body_too_large: { status: 413, title: "The body is too large" },
  unpacked_too_large: { status: 413, title: "The body is too large once unpacked" },
  unsupported_media_type: { status: 415, title: "The body has a type that is not accepted" },
  empty_body: { status: 422, title: "The body holds no line" },
  no_valid_lines: { status: 422, title: "No line is valid" },
  invalid_lines: { status: 422, title: "A line is invalid and the import is atomic" },
  checksum_mismatch: { status: 422, title: "The body does not match its checksum" },
  idempotency_key_reused: { status: 422, title: "The key was used for another request" },
  consent_required: { status: 422, title: "An account takes these consents" },
  personal_data_refused: { status: 422, title: "The text looks like personal data" },
  invalid_manifest: { status: 422, title: "The bulk file's frame is broken" },
  rate_limited: { status: 429, title: "Too many requests" },
  access_blocked: { status: 429, title: "Access is blocked for a while" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
  not_supported: { status: 501, title: "This mode of the store can't do that" },
  store_unavailable: { status: 503, title: "The store can't be reached" },
  quota_exceeded: { status: 507, title: "There is no room left" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorKindsByCode;

/** What an error carries besides its code. */
export interface ErrorExtra {
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Headers that the answer needs, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error with a code, to be answered or shown. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: ErrorCode;
  readonly status: number;
  /** What went wrong here and what to do about it, for the person who called. */
  readonly detail: string;
  readonly extra: ErrorExtra;

  constructor(code: ErrorCode, detail: string, extra: ErrorExtra = {}) {
    super(detail, { cause: extra.cause });
    this.code = code;
    this.status = errorKindsByCode[code].status;
    this.detail = detail;
    this.extra = extra;
  }
}

/** An error as it travels: `application/problem+json` (RFC 9457) with a stable `code`. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** The problem document for `error`, its extra members included. */
export function toProblem(error: StoreError): ProblemDetails & Record<string, unknown> {
  return {
    ...error.extra.members,
    type: `/api/docs#problem-${error.code}`,
    title: errorKindsByCode[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.detail,
  };
}

/** Whether `text` is one of our codes. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === "string" && Object.hasOwn(errorKindsByCode, text);
}
