/** A server with limits, and networks that ask it. */
import { createApp } from "../../src/app.ts";
import type { Env } from "../../src/env.ts";
import { json, makeToken } from "./api.ts";
import { createHeldClock, origin } from "./browser.ts";
import { env } from "./env.ts";

let networks = 0;

/** A network that has sent nothing yet. */
export function newNetwork(): string {
  networks += 1;
  return `198.51.${Math.floor(networks / 256)}.${networks % 256}`;
}

export interface LimitedServer {
  readonly clock: ReturnType<typeof createHeldClock>;
  fetch(path: string, init?: RequestInit & { network?: string }): Promise<Response>;
}

/** An isolate with the product's own limits, or those that are given. */
export function openLimited(
  limits: object = {},
  clock = createHeldClock(),
  overrides: Partial<Env> = {},
): LimitedServer {
  const bindings = { ...env, HS_MODE: "live", RATE_LIMITS: JSON.stringify(limits) } as const;
  const app = createApp({ ...bindings, ...overrides }, clock);
  const network = newNetwork();
  return {
    clock,
    fetch(path, { network: from = network, ...init } = {}) {
      const headers = new Headers(init.headers);
      headers.set("CF-Connecting-IP", from);
      return app.fetch(new Request(new URL(path, origin), { ...init, headers }));
    },
  };
}

export const perMinute = (requests: number) => ({ requests, window_seconds: 60 });

/** How many of `count` requests, sent one after the other, are answered other than 429. */
export async function letThrough(count: number, send: () => Promise<Response>): Promise<number> {
  let through = 0;
  for (let sent = 0; sent < count; sent++) if ((await send()).status !== 429) through += 1;
  return through;
}

export function askLink(server: LimitedServer, email: string, network?: string): Promise<Response> {
  return server.fetch("/api/auth/magic-link", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email }),
    ...(network === undefined ? {} : { network }),
  });
}

/** How many mails were sent to an address. */
export async function mailsTo(server: LimitedServer, email: string): Promise<number> {
  const answer = await server.fetch("/dev/mailbox", { headers: { Accept: "application/json" } });
  const mails = await json<{ to: string }[]>(answer);
  return mails.filter(({ to }) => to === email).length;
}

export async function tokenHeaders(server: LimitedServer): Promise<Record<string, string>> {
  const token = await makeToken((path, init) => server.fetch(path, init), {
    name: "test",
    scopes: ["profiles:read"],
  });
  return { Authorization: `Bearer ${token}` };
}
