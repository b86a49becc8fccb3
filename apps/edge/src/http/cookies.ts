/**
 * The cookies of people who sign in (RFC 6265bis). `__Host-` ties them to this host, `Secure` and
 * `Path=/`; no script reads them, and other sites' unsafe requests come without them (`SameSite=Lax`).
 */

export const accessCookie = "__Host-hs_session";
export const refreshCookie = "__Host-hs_refresh";
/** Tells the browser that asked for a link. */
export const browserCookie = "__Host-hs_browser";

type CookieName = typeof accessCookie | typeof refreshCookie | typeof browserCookie;

/** The value of a cookie, or null when the request has none or an empty one. */
export function readCookie(request: Request, name: CookieName): string | null {
  for (const pair of (request.headers.get("Cookie") ?? "").split(";")) {
    const separator = pair.indexOf("=");
    if (separator > 0 && pair.slice(0, separator).trim() === name) {
      return pair.slice(separator + 1).trim() || null;
    }
  }
  return null;
}

/** A `Set-Cookie` that keeps `value`, which holds no character that cookies can't, for `ttlSeconds`. */
export function setCookie(name: CookieName, value: string, ttlSeconds: number): string {
  return `${name}=${value}; Max-Age=${ttlSeconds}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}

/** The `Set-Cookie` headers that end a session in a browser. */
export function clearedSessionCookies(): string[] {
  return [setCookie(accessCookie, "", 0), setCookie(refreshCookie, "", 0)];
}
