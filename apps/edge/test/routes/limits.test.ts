import type { Clock } from "@hi-stranger/core/clock";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Env } from "../../src/env.ts";
import type { Gatekeeper } from "../../src/gatekeeper/gatekeeper.ts";
import { expectProblem, json, makeToken } from "../support/api.ts";
import { createHeldClock, openBrowser, origin } from "../support/browser.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { gatekeepers } from "../support/gatekeepers.ts";

let networks = 0;

/** A network that has sent nothing yet. */
function newNetwork(): string {
  networks += 1;
  return `198.51.${Math.floor(networks / 256)}.${networks % 256}`;
}

interface Server {
  readonly clock: ReturnType<typeof createHeldClock>;
  fetch(path: string, init?: RequestInit & { network?: string }): Promise<Response>;
}

/** An isolate with the product's own limits, or those that are given. */
function open(
  limits: object = {},
  clock = createHeldClock(),
  overrides: Partial<Env> = {},
): Server {
  const bindings = { ...env, HS_MODE: "live", RATE_LIMITS: JSON.stringify(limits) } as const;
  const app = createApp({ ...bindings, ...overrides }, clock satisfies Clock);
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

const perMinute = (requests: number) => ({ requests, window_seconds: 60 });

/** How many of `count` requests, sent one after the other, are answered other than 429. */
async function letThrough(count: number, send: () => Promise<Response>): Promise<number> {
  let through = 0;
  for (let sent = 0; sent < count; sent++) if ((await send()).status !== 429) through += 1;
  return through;
}

function askLink(server: Server, email: string, network?: string): Promise<Response> {
  return server.fetch("/api/auth/magic-link", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email }),
    ...(network === undefined ? {} : { network }),
  });
}

/** How many mails were sent to an address. */
async function mailsTo(server: Server, email: string): Promise<number> {
  const answer = await server.fetch("/dev/mailbox", { headers: { Accept: "application/json" } });
  const mails = await json<{ to: string }[]>(answer);
  return mails.filter(({ to }) => to === email).length;
}

async function tokenHeaders(server: Server): Promise<Record<string, string>> {
  const token = await makeToken((path, init) => server.fetch(path, init), {
    name: "test",
    scopes: ["profiles:read"],
  });
  return { Authorization: `Bearer ${token}` };
}

const nobody = () => `usr_${crypto.randomUUID().replaceAll("-", "")}`;

beforeEach(() => emptyPeople(env.PII_DB));

describe("every answer that counts", () => {
  it("says by RateLimit-Policy and RateLimit what is allowed and what is left", async () => {
    const server = open({ address: { read: perMinute(100) } });
    const answer = await server.fetch("/api/ping");
    expect(answer.headers.get("RateLimit-Policy")).toBe('"read";q=100;w=60');
    expect(answer.headers.get("RateLimit")).toMatch(/^"read";r=99;t=\d+$/);
    expect((await server.fetch("/api/ping")).headers.get("RateLimit")).toMatch(/^"read";r=98;/);
    const refused = await server.fetch("/api/profiles/count");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("RateLimit")).toMatch(/^"read";r=97;/);
  });

  it("counts a page of a list by the hundred entries that it asks for", async () => {
    const server = open({ service: { read: perMinute(1_000) } });
    const headers = await tokenHeaders(server);
    const leftAfter = async (path: string) => {
      const answer = await server.fetch(path, { headers });
      expect(answer.status).toBe(200);
      return Number(/r=(\d+)/.exec(answer.headers.get("RateLimit") ?? "")?.[1]);
    };
    let left = await leftAfter("/api/profiles?limit=1");
    const costs: number[] = [];
    for (const query of ["", "?limit=100", "?limit=101", "?limit=1000"]) {
      const next = await leftAfter(`/api/profiles${query}`);
      costs.push(left - next);
      left = next;
    }
    expect(costs).toEqual([1, 1, 2, 10]);
  });

  it("lets in no page that is more than what is left", async () => {
    const server = open({ service: { read: perMinute(25) } });
    const headers = await tokenHeaders(server);
    const list = () => server.fetch("/api/profiles?limit=1000", { headers });
    expect(await letThrough(5, list)).toBe(2);
    await expectProblem(await list(), "rate_limited");
  });

  it("includes documents, unknown paths and wrong methods, and no file of the web app", async () => {
    const server = open({ address: { read: perMinute(100) } });
    const left: (string | null)[] = [];
    for (const [method, path] of [
      ["GET", "/api/openapi.json"],
      ["GET", "/api/nothing"],
      ["PATCH", "/api/ping"],
      ["GET", "/"],
    ] as const) {
      left.push((await server.fetch(path, { method })).headers.get("RateLimit"));
    }
    expect(left.map((value) => /r=\d+/.exec(value ?? "")?.[0])).toEqual([
      "r=99",
      "r=98",
      "r=97",
      undefined,
    ]);
  });
});

describe("a caller over the limit", () => {
  it("gets 429 with Retry-After, and is let in again after that", async () => {
    const server = open({ address: { read: perMinute(10) } });
    const ping = () => server.fetch("/api/ping");
    expect(await letThrough(30, ping)).toBe(10);
    const refused = await ping();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("Retry-After"));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get("RateLimit")).toMatch(/^"read";r=0;t=\d+$/);
    expect(await expectProblem(refused, "rate_limited")).toMatchObject({
      "violated-policies": ["read"],
    });
    server.clock.move(seconds);
    expect((await ping()).status).toBe(200);
  });

  it("gets no more by asking in parts of the world at once", async () => {
    const clock = createHeldClock();
    const limits = { address: { read: perMinute(100) } };
    const isolates = Array.from({ length: 5 }, () => open(limits, clock));
    const network = newNetwork();
    const answers = await Promise.all(
      isolates.flatMap((isolate) =>
        Array.from({ length: 100 }, () => isolate.fetch("/api/ping", { network })),
      ),
    );
    const through = answers.filter(({ status }) => status === 200).length;
    expect(through).toBeLessThanOrEqual(100);
    // What other isolates have in their leases is lost to the one that asks: a tenth each at most.
    expect(through).toBeGreaterThanOrEqual(50);
  });

  it("has at most what isolates hold in leases on top of the limit in any window", async () => {
    const clock = createHeldClock();
    const limits = { address: { read: perMinute(100) } };
    const isolates = Array.from({ length: 4 }, () => open(limits, clock));
    const network = newNetwork();
    const ping = (server: Server | undefined) => server?.fetch("/api/ping", { network });
    // Each takes a lease, spends one of it, and comes back for the rest when the bucket is full again.
    for (const isolate of isolates) await ping(isolate);
    clock.move(9.9);
    let through = 0;
    for (const isolate of isolates) {
      for (let sent = 0; sent < 200; sent++) {
        if ((await ping(isolate))?.status === 200) through += 1;
      }
    }
    const overshoot = isolates.length * 10;
    expect(through).toBeLessThanOrEqual(100 + overshoot);
    expect(through).toBeGreaterThanOrEqual(100);
  });

  it("doesn't use up what others have: other networks, services, people", async () => {
    const server = open({ address: { read: perMinute(5) }, service: { read: perMinute(50) } });
    expect(await letThrough(10, () => server.fetch("/api/ping"))).toBe(5);
    expect((await server.fetch("/api/ping", { network: newNetwork() })).status).toBe(200);
    const headers = await tokenHeaders(server);
    const count = () => server.fetch("/api/profiles/count", { headers });
    expect(await letThrough(60, count)).toBe(50);
  });

  it("is the same one anywhere in an IPv6 network of 64 bits", async () => {
    const server = open({ address: { read: perMinute(5) } });
    let host = 0;
    const from = (prefix: string) => {
      host += 1;
      return server.fetch("/api/ping", { network: `${prefix}::${host.toString(16)}` });
    };
    expect(await letThrough(20, () => from("2001:db8:1:1"))).toBe(5);
    expect((await from("2001:db8:1:2")).status).toBe(200);
  });

  it("asks for links to sign in as little from many networks for one address as for many from one", async () => {
    const server = open({ address: { sign_in: perMinute(8) }, mail: { sign_in: perMinute(3) } });
    const known = "often@example.org";
    for (const email of [known, ...Array.from({ length: 6 }, () => "often@Example.ORG")]) {
      expect((await askLink(server, email, newNetwork())).status).toBe(202);
    }
    expect(await mailsTo(server, known)).toBe(3);
    let other = 0;
    const another = () => askLink(server, `nobody${(other += 1)}@example.org`);
    expect(await letThrough(20, another)).toBe(8);
  });

  it("learns by no answer that an address was sent too many links, or any", async () => {
    const server = open({ mail: { sign_in: perMinute(2) } });
    const seenOf = async (email: string) => {
      const answer = await askLink(server, email, newNetwork());
      const { "set-cookie": _, ...headers } = Object.fromEntries(answer.headers);
      return [answer.status, headers, await answer.text()];
    };
    for (let sent = 0; sent < 4; sent++) await seenOf("busy@example.org");
    expect(await mailsTo(server, "busy@example.org")).toBe(2);
    expect(await seenOf("busy@example.org")).toEqual(await seenOf("idle@example.org"));
    expect(await mailsTo(server, "busy@example.org")).toBe(2);
    expect(await mailsTo(server, "idle@example.org")).toBe(1);
  });

  it("learns by no limit whether an address has an account", async () => {
    const limits = { mail: { sign_in: perMinute(2) } };
    const clock = createHeldClock();
    const app = createApp({ ...env, HS_MODE: "live" }, clock);
    await openBrowser(app).signIn("known@example.org");
    const answersFor = async (email: string) => {
      const server = open(limits, clock);
      const seen: unknown[] = [];
      for (let sent = 0; sent < 4; sent++) {
        const answer = await askLink(server, email);
        const { Date: _, ...headers } = Object.fromEntries(answer.headers);
        seen.push([answer.status, Object.keys(headers), headers["ratelimit"], await answer.text()]);
      }
      return seen;
    };
    expect(await answersFor("known@example.org")).toEqual(await answersFor("unknown@example.org"));
  });
});

describe("what is unusual", () => {
  it("such as one unknown id a second is noticed and blocked, and stands in the audit log", async () => {
    await env.DB.prepare("DELETE FROM audit_log").run();
    const clock = createHeldClock();
    const app = createApp({ ...env, HS_MODE: "live", RATE_LIMITS: "{}" }, clock);
    const person = openBrowser(app);
    await person.signIn("curious@example.org");
    let blockedAfter: number | null = null;
    for (let second = 0; second < 3_600 && blockedAfter === null; second++) {
      clock.move(1);
      // A page that goes on refreshes its session.
      if (second % 500 === 499) await person.send("POST", "/api/auth/refresh");
      const answer = await person.fetch(`/api/profiles/item?id=${nobody()}`);
      if (answer.status === 404) continue;
      await expectProblem(answer, "access_blocked");
      expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(14 * 60);
      blockedAfter = second;
    }
    // Twice the floor, and what is noted between two questions.
    expect(blockedAfter).toBeGreaterThan(200);
    expect(blockedAfter).toBeLessThan(230);
    expect((await person.fetch("/api/auth/session")).status).toBe(429);
    await vi.waitFor(async () => {
      const { results } = await env.DB.prepare("SELECT * FROM audit_log").all();
      expect(JSON.stringify(results)).toContain("access.blocked");
    });
    clock.move(15 * 60 + 1);
    await person.send("POST", "/api/auth/refresh");
    expect((await person.fetch("/api/auth/session")).status).toBe(200);
  });

  it("isn't a person who goes on looking at what exists", async () => {
    const clock = createHeldClock();
    const app = createApp({ ...env, HS_MODE: "live", RATE_LIMITS: "{}" }, clock);
    const person = openBrowser(app);
    await person.signIn("patient@example.org");
    for (let look = 0; look < 250; look++) {
      clock.move(1);
      expect((await person.fetch("/api/profiles?limit=1")).status).toBe(200);
    }
  });

  it("such as wrong tokens ends what their network may try, without a look at the database", async () => {
    const server = open({ signals: { failed_sign_in: { floor: 5, ceiling: 5 } } });
    const guess = () =>
      server.fetch("/api/profiles/count", {
        headers: { Authorization: `Bearer hst_${"A".repeat(43)}` },
      });
    const statuses: number[] = [];
    for (let sent = 0; sent < 15; sent++) statuses.push((await guess()).status);
    expect(statuses.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 401));
    expect(statuses.slice(11)).toEqual([429, 429, 429, 429]);
    await expectProblem(await guess(), "access_blocked");
    // Whoever has a token that is known goes on from there.
    const other = open({}, server.clock);
    const headers = await tokenHeaders(other);
    expect((await other.fetch("/api/profiles/count", { headers })).status).toBe(200);
  });

  it("such as links that nobody sent blocks their network", async () => {
    const server = open({ signals: { failed_sign_in: { floor: 3, ceiling: 3 } } });
    const guess = () =>
      server.fetch("/api/auth/verify", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: "A".repeat(43), confirmed: true }),
      });
    const statuses: number[] = [];
    for (let sent = 0; sent < 9; sent++) statuses.push((await guess()).status);
    expect(statuses).toEqual([410, 410, 410, 410, 410, 410, 410, 429, 429]);
  });
});

describe("when a Gatekeeper can't be reached", () => {
  /** A namespace whose objects fail. */
  const silent = new Proxy(gatekeepers(), {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      return () => {
        throw new Error("no such object");
      };
    },
  }) satisfies DurableObjectNamespace<Gatekeeper>;
  const limits = { address: { read: perMinute(7) } };

  it("reads go on, by limits that each isolate keeps, and the log says so", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const server = open(limits, createHeldClock(), { GATEKEEPER: silent });
    expect(await letThrough(20, () => server.fetch("/api/ping"))).toBe(7);
    expect(errors.mock.calls.flat().join()).toContain('"event":"gatekeeper_silent"');
    errors.mockRestore();
  });

  it("signing in, exports, imports and what admins do are refused with 503", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const headers = await tokenHeaders(open());
    const server = open(limits, createHeldClock(), { GATEKEEPER: silent });
    const operator = { Authorization: `Bearer ${env.OPERATOR_SECRET}` };
    for (const answer of [
      await askLink(server, "ada@example.org"),
      await server.fetch("/api/profiles/export", { headers }),
      await server.fetch("/api/profiles/import", { method: "POST", headers, body: "{}" }),
      await server.fetch("/api/tokens", { headers: operator }),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("Retry-After")).toBe("5");
      await expectProblem(answer, "store_unavailable");
    }
    errors.mockRestore();
  });
});

describe("a deployment", () => {
  it("without the binding limits nothing, and says nothing of limits", async () => {
    const { GATEKEEPER: _, ...rest } = env;
    const app = createApp({ ...rest, HS_MODE: "live", RATE_LIMITS: "{}" });
    const answer = await app.fetch(new Request(`${origin}/api/ping`));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("RateLimit")).toBeNull();
  });

  it("with wrong RATE_LIMITS says so at its first request", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const server = open({ people: {} });
    const answer = await server.fetch("/api/ping");
    expect(answer.status).toBe(503);
    expect(await json(answer)).toMatchObject({
      detail: expect.stringContaining("RATE_LIMITS") as string,
    });
    errors.mockRestore();
  });
});
