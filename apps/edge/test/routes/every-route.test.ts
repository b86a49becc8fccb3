import { createApp, endpoints } from "../../src/app.ts";
import { scopes } from "@hi-stranger/core/contract/actions";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  createApi,
  expectProblem,
  json,
  makeToken,
  modes,
  pathOf,
  routes,
} from "../support/api.ts";
import { env } from "../support/env.ts";

describe("the route table", () => {
  it("serves every route of the contract, and no other", () => {
    expect(endpoints.map(({ route }) => route)).toEqual([...routes]);
  });
});

describe.each(modes)("every route in %s", (mode) => {
  let api: Api;
  beforeAll(async () => {
    api = await createApi(mode);
  });

  it.each(routes.flatMap((route) => [route.path, ...("aliases" in route ? route.aliases : [])]))(
    "%s refuses other methods with 405 and says which it takes",
    async (path) => {
      const taking = routes.filter(
        (route) =>
          route.path === path || ("aliases" in route && route.aliases.includes(path as never)),
      );
      const taken = new Set<string>(taking.map(({ method }) => method));
      for (const method of ["PUT", "PATCH", "PURGE"].filter((each) => !taken.has(each))) {
        const answer = await api.call(path.replaceAll(/\{\w+\}/g, "x"), { method });
        expect(answer.status).toBe(405);
        for (const route of taking) expect(answer.headers.get("Allow")).toContain(route.method);
        await expectProblem(answer, "method_not_allowed");
      }
    },
  );

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s carries the security headers and is not cached",
    async (_, route) => {
      const answer = await api.fetch(pathOf(route), { method: route.method });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "strict-transport-security": expect.stringContaining("max-age=") as string,
        "content-security-policy": expect.stringContaining("default-src 'none'") as string,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "credentialless",
        "permissions-policy": expect.stringContaining("camera=()") as string,
        "cache-control": "no-store",
        "server-timing": expect.stringContaining("app;dur=") as string,
      });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    },
  );

  it("refuses an unsafe request of a foreign page, and lets its reads go unread", async () => {
    for (const route of routes.filter(({ method }) => method !== "GET")) {
      const answer = await api.call(pathOf(route), {
        method: route.method,
        headers: { Origin: "https://evil.example" },
      });
      expect(answer.status).toBe(403);
      await expectProblem(answer, "foreign_origin");
      for (const site of ["cross-site", "same-site"]) {
        const headers = { "Sec-Fetch-Site": site };
        const told = await api.call(pathOf(route), { method: route.method, headers });
        await expectProblem(told, "foreign_origin");
      }
    }
    const read = await api.call("/api/ping", { headers: { Origin: "https://evil.example" } });
    expect(read.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("answers CORS to configured origins alone", async () => {
    const open = await createApi(mode, scopes, { ALLOWED_ORIGINS: "https://chat.example" });
    const preflight = (origin: string) =>
      open.fetch("/api/profiles/import", {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
      });
    const allowed = await preflight("https://chat.example");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("Access-Control-Allow-Origin")).toBe("https://chat.example");
    expect(allowed.headers.get("Access-Control-Allow-Headers")).toContain("Idempotency-Key");
    const refused = await preflight("https://evil.example");
    expect(refused.headers.get("Access-Control-Allow-Origin")).toBeNull();
    expect(refused.headers.get("Access-Control-Allow-Methods")).toBeNull();
  });

  it("says 404 as a problem where there is nothing", async () => {
    for (const path of [
      "/api",
      "/api/nothing",
      "/bulk",
      "/schemas/x.schema.json",
      "/api/profiles/",
    ]) {
      const answer = await api.call(path);
      expect(answer.status).toBe(404);
      await expectProblem(answer, "not_found");
    }
    const posted = await api.call("/", { method: "POST" });
    expect(posted.status).toBe(404);
  });
});

describe("a deployment without its database", () => {
  it("says 503 as a problem, with the headers of any answer", async () => {
    const { DB: _, ...rest } = env;
    const app = createApp({ ...rest, HS_MODE: "live" });
    const answer = await app.fetch(new Request("https://hi.example/api/ping"));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    await expectProblem(answer, "store_unavailable");
  });
});

describe("access by a token", () => {
  it("is refused over HTTP without a token, with a wrong one, and with the wrong scope", async () => {
    const api = await createApi("live", ["profiles:read"]);
    const missing = await api.fetch("/api/profiles/count");
    expect(missing.status).toBe(401);
    expect(missing.headers.get("WWW-Authenticate")).toContain("Bearer");
    await expectProblem(missing, "token_missing");
    for (const header of [
      "Bearer hst_wrong",
      `Bearer hst_${"A".repeat(43)}`,
      "Basic abc",
      "Bearer",
      "x".repeat(5_000),
    ]) {
      const wrong = await api.fetch("/api/profiles/count", { headers: { Authorization: header } });
      expect(wrong.status).toBe(401);
      await expectProblem(wrong, "token_invalid");
    }
    const scoped = await api.import("{}");
    expect(scoped.status).toBe(403);
    await expectProblem(scoped, "scope_missing");
    expect((await api.call("/api/profiles/count")).status).toBe(200);
  });

  it("ends when a token expires or is revoked", async () => {
    const api = await createApi("live");
    const token = await makeToken(api.fetch, {
      name: "short",
      scopes: ["profiles:read"],
      ttl_seconds: 60,
    });
    const headers = { Authorization: `Bearer ${token}` };
    await env.PII_DB.prepare("UPDATE api_tokens SET expires_at = 1 WHERE name = 'short'").run();
    const expired = await api.fetch("/api/profiles/count", { headers });
    expect(expired.status).toBe(401);
    await expectProblem(expired, "token_expired");

    const operator = { Authorization: `Bearer ${env.OPERATOR_SECRET}` };
    const { tokens } = await json<{ tokens: { token_id: string; name: string }[] }>(
      await api.fetch("/api/tokens", { headers: operator }),
    );
    expect(JSON.stringify(tokens)).not.toContain("hst_");
    const id = tokens.find(({ name }) => name === "short")?.token_id;
    const revoke = () => api.fetch(`/api/tokens/${id}`, { method: "DELETE", headers: operator });
    expect((await revoke()).status).toBe(204);
    await expectProblem(await revoke(), "token_not_found");
    await expectProblem(await api.fetch("/api/profiles/count", { headers }), "token_invalid");
  });

  it("is never kept in the clear", async () => {
    const api = await createApi("live");
    const token = await makeToken(api.fetch, { name: "hashed", scopes: ["profiles:read"] });
    const { results } = await env.PII_DB.prepare("SELECT * FROM api_tokens").all();
    expect(JSON.stringify(results)).not.toContain(token.slice(4));
  });

  it("by an operator's secret that is too short is refused", async () => {
    const api = await createApi("live", scopes, {});
    const weak = await createApi("prototype", scopes, { OPERATOR_SECRET: "short" });
    const answer = await weak.fetch("/api/profiles/item?id=usr_aaaaaa", {
      method: "DELETE",
      headers: { Authorization: "Bearer short" },
    });
    expect(answer.status).toBe(401);
    await expectProblem(answer, "token_invalid");
    expect(api.mode).toBe("live");
  });

  it.each([
    ["no JSON", "{", "invalid_body"],
    ["an unknown scope", '{"name":"x","scopes":["everything"]}', "invalid_body"],
    ["no scope", '{"name":"x","scopes":[]}', "invalid_body"],
    [
      "too long a life",
      '{"name":"x","scopes":["profiles:read"],"ttl_seconds":99999999}',
      "invalid_body",
    ],
    ["an unknown member", '{"name":"x","scopes":["profiles:read"],"admin":true}', "invalid_body"],
    ["5 KB", JSON.stringify({ name: "x".repeat(5_000) }), "body_too_large"],
  ])("can't be asked for with %s", async (_, body, code) => {
    const api = await createApi("live");
    const answer = await api.fetch("/api/tokens", {
      method: "POST",
      body,
      headers: {
        Authorization: `Bearer ${env.OPERATOR_SECRET}`,
        "Content-Type": "application/json",
      },
    });
    await expectProblem(answer, code);
  });
});
