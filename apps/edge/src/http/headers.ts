/** The headers that every response carries. */

/** What an API answer may load: nothing. */
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** What the web app may load: its own files, and pictures by https. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types hi-stranger",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const common: Readonly<Record<string, string>> = {
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "credentialless",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy":
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
};

/** Adds what is missing to `headers`; a route's own policy and caching stand. */
export function addSecurityHeaders(headers: Headers, kind: "api" | "page"): void {
  for (const [name, value] of Object.entries(common)) headers.set(name, value);
  if (!headers.has("Content-Security-Policy")) {
    headers.set("Content-Security-Policy", kind === "page" ? pagePolicy : apiPolicy);
  }
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
}
