/** What a page of the store's own has: `fetch` with its cookies and its origin, and a place for the CSRF token. */
import type { CsrfTokenStore } from "../../src/session-sender.ts";

export interface BrowserFetch {
  readonly fetch: typeof fetch;
  /** By name. A test takes one away as a browser does whose time is over. */
  readonly cookies: Map<string, string>;
  readonly csrfTokens: CsrfTokenStore;
  /** Method and path of each request, in order. */
  readonly requests: string[];
}

export function createBrowserFetch(origin: string): BrowserFetch {
  const cookies = new Map<string, string>();
  const requests: string[] = [];
  let csrfToken: string | null = null;
  return {
    cookies,
    requests,
    csrfTokens: {
      get: () => csrfToken,
      set(token) {
        csrfToken = token;
      },
    },
    async fetch(input, init = {}) {
      const url = new URL(input instanceof Request ? input.url : input);
      const method = init.method ?? "GET";
      requests.push(`${method} ${url.pathname}`);
      const headers = new Headers(init.headers);
      headers.set("Cookie", Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; "));
      headers.set("Sec-Fetch-Site", "same-origin");
      if (method !== "GET") headers.set("Origin", origin);
      const answer = await fetch(url, { ...init, headers });
      for (const line of answer.headers.getSetCookie()) keep(cookies, line);
      return answer;
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split("; ");
  const separator = pair.indexOf("=");
  const name = pair.slice(0, separator);
  if (attributes.includes("Max-Age=0")) cookies.delete(name);
  else cookies.set(name, pair.slice(separator + 1));
}
