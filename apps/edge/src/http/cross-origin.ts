/** Requests from other pages: refused when unsafe, unless their origin is configured. */
import { StoreError } from "@hi-stranger/core/errors";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

/** Whether `origin` is the server's own or one of `allowedOrigins`, separated by spaces. */
function isKnownOrigin(
  origin: string,
  request: Request,
  allowedOrigins: string | undefined,
): boolean {
  if (origin === new URL(request.url).origin) return true;
  return (allowedOrigins ?? "").split(/\s+/).includes(origin);
}

/**
 * Refuses an unsafe request that a foreign page sent: by `Origin`, which browsers send with every
 * such request, and by `Sec-Fetch-Site` should one come without it. Programs send neither.
 *
 * @throws {StoreError} `foreign_origin`
 */
export function refuseForeignOrigin(request: Request, allowedOrigins: string | undefined): void {
  if (safeMethods.includes(request.method)) return;
  const origin = request.headers.get("Origin");
  const site = request.headers.get("Sec-Fetch-Site") ?? "none";
  const isKnown =
    origin === null
      ? site === "same-origin" || site === "none"
      : isKnownOrigin(origin, request, allowedOrigins);
  if (!isKnown) throw refusal();
}

/** Refuses what any other origin sends with a person's cookies, configured ones included. */
export function requireOwnOrigin(request: Request): void {
  refuseForeignOrigin(request, undefined);
}

function refusal(): StoreError {
  return new StoreError("foreign_origin", "Pages of other sites may not write here.");
}

/** The answer to a CORS preflight, or null when the request is none. */
export function answerPreflight(
  request: Request,
  allowedOrigins: string | undefined,
): Response | null {
  const origin = request.headers.get("Origin");
  const isPreflight =
    request.method === "OPTIONS" && request.headers.has("Access-Control-Request-Method");
  if (!isPreflight || origin === null) return null;
  if (!isKnownOrigin(origin, request, allowedOrigins)) return new Response(null, { status: 204 });
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
      "Access-Control-Allow-Headers":
        "Authorization, Cache-Control, Content-Encoding, Content-Type, Idempotency-Key, If-None-Match, X-Checksum-Sha256, X-Shard-Id, X-Import-Notes",
      "Access-Control-Max-Age": "600",
    },
  });
}

/** Lets a configured origin read the answer. */
export function allowOrigin(
  request: Request,
  headers: Headers,
  allowedOrigins: string | undefined,
): void {
  if ((allowedOrigins ?? "").trim() === "") return;
  headers.append("Vary", "Origin");
  const origin = request.headers.get("Origin");
  if (origin === null || !isKnownOrigin(origin, request, allowedOrigins)) return;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set(
    "Access-Control-Expose-Headers",
    "ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After",
  );
  headers.set("Cross-Origin-Resource-Policy", "cross-origin");
}
