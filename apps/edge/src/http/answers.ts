/** Answers in the shapes of the API. */
import { StoreError, toProblem } from "@hi-stranger/core/errors";

/** JSON from a value. */
export function jsonAnswer(value: unknown, init: ResponseInit = {}): Response {
  return jsonTextAnswer(JSON.stringify(value), init);
}

/** JSON from text that is JSON already. */
export function jsonTextAnswer(text: string, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set("Content-Type", "application/json; charset=utf-8");
  return new Response(text, { ...init, headers });
}

/** The problem document of `error` (RFC 9457). */
export function problemAnswer(error: StoreError): Response {
  const headers = new Headers(error.extra.headers);
  headers.set("Content-Type", "application/problem+json; charset=utf-8");
  // RFC 6750: a refused token names its scheme.
  if (error.status === 401) headers.set("WWW-Authenticate", 'Bearer realm="hi-stranger"');
  return new Response(JSON.stringify(toProblem(error)), { status: error.status, headers });
}

/** Whether D1 or KV said that trying again may help, in the words of their documentation. */
function isOutOfReach(error: unknown): boolean {
  const message = error instanceof Error ? error.message : "";
  return /overloaded|Network connection lost|reset because|Too Many Requests|storage caused object to be reset/i.test(
    message,
  );
}

/** Anything thrown, as an error that may leave the house. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (isOutOfReach(error)) {
    return new StoreError(
      "store_unavailable",
      "The database is overloaded or out of reach; try again.",
      {
        cause: error,
        headers: { "Retry-After": "1" },
      },
    );
  }
  return new StoreError("internal_error", "The request failed; nothing you sent is at fault.", {
    cause: error,
  });
}
