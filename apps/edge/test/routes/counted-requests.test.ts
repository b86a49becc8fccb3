import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { expectProblem, json } from "../support/api.ts";
import { openBrowser, origin } from "../support/browser.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { letThrough, openLimited, perMinute, tokenHeaders } from "../support/limited-server.ts";

beforeEach(() => emptyPeople(env.PII_DB));

describe("every answer that counts", () => {
  it("says by RateLimit-Policy and RateLimit what is allowed and what is left", async () => {
    const server = openLimited({ address: { read: perMinute(100) } });
    const answer = await server.fetch("/api/ping");
    expect(answer.headers.get("RateLimit-Policy")).toBe('"read";q=100;w=60');
    expect(answer.headers.get("RateLimit")).toMatch(/^"read";r=99;t=\d+$/);
    expect((await server.fetch("/api/ping")).headers.get("RateLimit")).toMatch(/^"read";r=98;/);
    const refused = await server.fetch("/api/profiles/count");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("RateLimit")).toMatch(/^"read";r=97;/);
  });

  it("counts a page of a list by the hundred entries that it asks for", async () => {
    const server = openLimited({ service: { read: perMinute(1_000) } });
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

  it("counts refreshes with the session for its own page alone, and else with the network", async () => {
    const app = createApp({
      ...env,
      HS_MODE: "live",
      RATE_LIMITS: JSON.stringify({
        person: { write: perMinute(3) },
        address: { write: perMinute(9) },
      }),
    });
    const owner = openBrowser(app);
    await owner.signIn("ada@example.org");
    const thief = openBrowser(app);
    for (const [name, value] of owner.cookies) thief.cookies.set(name, value);
    const statuses: number[] = [];
    for (let sent = 0; sent < 12; sent += 1) {
      statuses.push((await thief.send("POST", "/api/auth/refresh")).status);
    }
    expect(statuses.filter((status) => status === 403).length).toBeLessThan(12);
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect((await owner.send("POST", "/api/auth/refresh")).status).toBe(200);
  });

  it("lets in no page that is more than what is left", async () => {
    const server = openLimited({ service: { read: perMinute(25) } });
    const headers = await tokenHeaders(server);
    const list = () => server.fetch("/api/profiles?limit=1000", { headers });
    expect(await letThrough(5, list)).toBe(2);
    await expectProblem(await list(), "rate_limited");
  });

  it("includes documents, unknown paths and wrong methods, and no file of the web app", async () => {
    const server = openLimited({ address: { read: perMinute(100) } });
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
    const server = openLimited({ people: {} });
    const answer = await server.fetch("/api/ping");
    expect(answer.status).toBe(503);
    expect(await json(answer)).toMatchObject({
      detail: expect.stringContaining("RATE_LIMITS") as string,
    });
    errors.mockRestore();
  });
});
