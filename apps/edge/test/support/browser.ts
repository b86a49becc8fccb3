/** A browser in front of the application: it keeps cookies, and its page knows the session's CSRF token. */
import type { Clock } from "@hi-stranger/core/clock";
import type { SessionAnswer } from "@hi-stranger/core/contract/identity";
import { expect } from "vitest";
import { cookieHeader, keepCookies } from "../../../../packages/core/test/support/cookies.ts";
import { type App, createApp } from "../../src/app.ts";
import type { Env } from "../../src/env.ts";
import { json } from "./api.ts";
import { env } from "./env.ts";

export const origin = "https://hi.example";
const consents = ["gdpr_terms", "privacy_policy"];

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly link: string;
  readonly token: string;
  readonly at: string;
}

/** A clock that stands still until it is moved. It starts in 2026. */
export function createHeldClock(): Clock & { move(seconds: number): void } {
  let nowMs = Date.UTC(2026, 10, 22);
  return {
    now: () => nowMs,
    move(seconds) {
      nowMs += seconds * 1000;
    },
  };
}

/** The application in LIVE. */
export function openApp(overrides: Partial<Env> = {}, clock = createHeldClock()): App {
  return createApp({ ...env, HS_MODE: "live", ...overrides }, clock);
}

/** The mails of a local server, newest first. */
export async function mailbox(app: App): Promise<Mail[]> {
  const headers = { Accept: "application/json" };
  return json(await app.fetch(new Request(`${origin}/dev/mailbox`, { headers })));
}

export interface Browser {
  readonly cookies: Map<string, string>;
  /** What the page knows of its session. */
  session: SessionAnswer | null;
  /** Sends a request with the cookies and nothing else of its own. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends what a page of ours would: JSON, its origin and its CSRF token; `more` headers where need be. */
  send(
    method: string,
    path: string,
    body?: unknown,
    more?: Record<string, string>,
  ): Promise<Response>;
  /** Asks for a link and gives its token. */
  askLink(email: string): Promise<string>;
  /** Signs in, and up where need be. */
  signIn(email: string): Promise<SessionAnswer>;
}

export function openBrowser(app: App, userAgent = "Mozilla/5.0 (X11; Linux) Firefox/150"): Browser {
  const cookies = new Map<string, string>();
  const browser: Browser = {
    cookies,
    session: null,
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers);
      const cookie = cookieHeader(cookies);
      if (cookie !== "") headers.set("Cookie", cookie);
      headers.set("User-Agent", userAgent);
      const answer = await app.fetch(new Request(new URL(path, origin), { ...init, headers }));
      keepCookies(cookies, answer.headers.getSetCookie());
      return answer;
    },
    send(method, path, body, more) {
      const headers = new Headers({ ...more, Origin: origin, "Sec-Fetch-Site": "same-origin" });
      if (browser.session) headers.set("X-CSRF-Token", browser.session.csrf_token);
      if (body === undefined) return browser.fetch(path, { method, headers });
      headers.set("Content-Type", "application/json");
      return browser.fetch(path, { method, headers, body: JSON.stringify(body) });
    },
    async askLink(email) {
      const answer = await browser.send("POST", "/api/auth/magic-link", { email });
      expect(answer.status).toBe(202);
      const [mail] = await mailbox(app);
      return mail?.token ?? "";
    },
    async signIn(email) {
      const token = await browser.askLink(email);
      const answer = await browser.send("POST", "/api/auth/verify", { token, consents });
      expect(answer.status).toBe(200);
      browser.session = await json<SessionAnswer>(answer);
      return browser.session;
    },
  };
  return browser;
}

/** Gives a person a role, which their next access token knows of. */
export async function grantRole(personId: string, role: "admin" | "moderator"): Promise<void> {
  await env.PII_DB.prepare("INSERT INTO roles (person_id, role, granted_at) VALUES (?1, ?2, 0)")
    .bind(personId, role)
    .run();
}
