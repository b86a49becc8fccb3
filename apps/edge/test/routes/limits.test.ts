import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { expectProblem } from "../support/api.ts";
import { createHeldClock, openBrowser } from "../support/browser.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import {
  askLink,
  letThrough,
  mailsTo,
  newNetwork,
  openLimited,
  perMinute,
  tokenHeaders,
} from "../support/limited-server.ts";

const nobody = () => `usr_${crypto.randomUUID().replaceAll("-", "")}`;

beforeEach(() => emptyPeople(env.PII_DB));

describe("a caller over the limit", () => {
  it("gets 429 with Retry-After, and is let in again after that", async () => {
    const server = openLimited({ address: { read: perMinute(10) } });
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

  it("doesn't use up what others have: other networks, services, people", async () => {
    const server = openLimited({
      address: { read: perMinute(5) },
      service: { read: perMinute(50) },
    });
    expect(await letThrough(10, () => server.fetch("/api/ping"))).toBe(5);
    expect((await server.fetch("/api/ping", { network: newNetwork() })).status).toBe(200);
    const headers = await tokenHeaders(server);
    const count = () => server.fetch("/api/profiles/count", { headers });
    expect(await letThrough(60, count)).toBe(50);
  });

  it("is the same one anywhere in an IPv6 network of 64 bits", async () => {
    const server = openLimited({ address: { read: perMinute(5) } });
    let host = 0;
    const from = (prefix: string) => {
      host += 1;
      return server.fetch("/api/ping", { network: `${prefix}::${host.toString(16)}` });
    };
    expect(await letThrough(20, () => from("2001:db8:1:1"))).toBe(5);
    expect((await from("2001:db8:1:2")).status).toBe(200);
  });

  it("asks for links to sign in as little from many networks for one address as for many from one", async () => {
    const server = openLimited({
      address: { sign_in: perMinute(8) },
      mail: { sign_in: perMinute(3) },
    });
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
    const server = openLimited({ mail: { sign_in: perMinute(2) } });
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
      const server = openLimited(limits, clock);
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

  it("such as an unknown id a minute, which no hour notices, is blocked within a day", async () => {
    const clock = createHeldClock();
    const app = createApp({ ...env, HS_MODE: "live", RATE_LIMITS: "{}" }, clock);
    const person = openBrowser(app);
    await person.signIn("slow@example.org");
    let blockedAfter: number | null = null;
    for (let minute = 0; minute < 24 * 60 && blockedAfter === null; minute++) {
      clock.move(60);
      if (minute % 8 === 7) await person.send("POST", "/api/auth/refresh");
      const answer = await person.fetch(`/api/profiles/item?id=${nobody()}`);
      if (answer.status === 404) continue;
      await expectProblem(answer, "access_blocked");
      blockedAfter = minute;
    }
    expect(blockedAfter).toBeGreaterThanOrEqual(500);
    expect(blockedAfter).toBeLessThan(530);
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
    const server = openLimited({ signals: { failed_sign_in: { floor: 5, ceiling: 5 } } });
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
    const other = openLimited({}, server.clock);
    const headers = await tokenHeaders(other);
    expect((await other.fetch("/api/profiles/count", { headers })).status).toBe(200);
  });

  it("such as links that nobody sent blocks their network", async () => {
    const server = openLimited({ signals: { failed_sign_in: { floor: 3, ceiling: 3 } } });
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
