/** What a page of the store's own has: `fetch` with its cookies and its origin, and a place for the CSRF token. */
import { cookieHeader, keepCookies } from "../../../core/test/support/cookies.ts";
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
      headers.set("Cookie", cookieHeader(cookies));
      headers.set("Sec-Fetch-Site", "same-origin");
      if (method !== "GET") headers.set("Origin", origin);
      const answer = await fetch(url, { ...init, headers });
      keepCookies(cookies, answer.headers.getSetCookie());
      return answer;
    },
  };
}
