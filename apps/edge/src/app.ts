/**
 * The application: the route table, the stores behind it, and what every request goes through.
 *
 * Here stores are built; everything else gets them handed in.
 */
import { waitUntil } from "cloudflare:workers";
import { systemClock } from "@hi-stranger/core/clock";
import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import { Hono } from "hono";
import type { Context } from "./context.ts";
import type { Env } from "./env.ts";
import { problemAnswer, toStoreError } from "./http/answers.ts";
import { allowOrigin, answerPreflight, refuseForeignOrigin } from "./http/cross-origin.ts";
import type { Endpoint } from "./http/endpoint.ts";
import { addSecurityHeaders } from "./http/headers.ts";
import { logRequest } from "./http/log.ts";
import { countProfilesEndpoint } from "./routes/count-profiles.ts";
import { createTokenEndpoint } from "./routes/create-token.ts";
import { deleteProfileEndpoint } from "./routes/delete-profile.ts";
import { documentsByPath } from "./routes/documents.ts";
import { exportProfilesEndpoint } from "./routes/export-profiles.ts";
import { getImportReportEndpoint } from "./routes/get-import-report.ts";
import { getProfileEndpoint } from "./routes/get-profile.ts";
import { importBulkEndpoint, importProfilesEndpoint } from "./routes/import-profiles.ts";
import { listProfileChangesEndpoint } from "./routes/list-profile-changes.ts";
import { listProfilesEndpoint } from "./routes/list-profiles.ts";
import { listTokensEndpoint } from "./routes/list-tokens.ts";
import { pingEndpoint } from "./routes/ping.ts";
import { revokeTokenEndpoint } from "./routes/revoke-token.ts";
import { serveWebApp } from "./routes/web-app.ts";
import { createTokenService } from "./services/tokens.ts";
import { createD1ImportStore } from "./stores/imports.d1.ts";
import { createKvImportStore } from "./stores/imports.kv.ts";
import { createCachedProfileStore } from "./stores/profiles.cached.ts";
import { createD1ProfileStore } from "./stores/profiles.d1.ts";
import { createKvProfileStore } from "./stores/profiles.kv.ts";
import { createD1TokenStore } from "./stores/tokens.d1.ts";

/** Every endpoint there is, in the order of the contract. */
export const endpoints: readonly Endpoint[] = [
  importProfilesEndpoint,
  getProfileEndpoint,
  listProfilesEndpoint,
  countProfilesEndpoint,
  listProfileChangesEndpoint,
  exportProfilesEndpoint,
  deleteProfileEndpoint,
  getImportReportEndpoint,
  importBulkEndpoint,
  pingEndpoint,
  createTokenEndpoint,
  listTokensEndpoint,
  revokeTokenEndpoint,
];

export interface App {
  fetch(request: Request): Promise<Response>;
}

const appsByEnv = new WeakMap<Env, App>();

/** The application of an isolate, built at its first request. */
export function appFor(env: Env): App {
  let app = appsByEnv.get(env);
  if (!app) {
    app = createApp(env);
    appsByEnv.set(env, app);
  }
  return app;
}

/** Builds the application for one set of bindings. */
export function createApp(env: Env): App {
  let routes: Hono | undefined;
  return {
    async fetch(request) {
      const startMs = systemClock.now();
      let answer: Response;
      let cause: unknown;
      try {
        refuseForeignOrigin(request, env.ALLOWED_ORIGINS);
        answer =
          answerPreflight(request, env.ALLOWED_ORIGINS) ??
          (await (routes ??= createRoutes(env)).fetch(request));
      } catch (error) {
        cause = error;
        answer = problemAnswer(toStoreError(error));
      }
      const response = new Response(answer.body, answer);
      const isPage = (response.headers.get("Content-Type") ?? "").startsWith("text/html");
      addSecurityHeaders(response.headers, isPage ? "page" : "api");
      allowOrigin(request, response.headers, env.ALLOWED_ORIGINS);
      const ms = systemClock.now() - startMs;
      if (env.HS_ENV === "local") response.headers.set("Server-Timing", `app;dur=${ms}`);
      logRequest({
        environment: env.HS_ENV,
        method: request.method,
        routeId: routeIdOf(request),
        status: response.status,
        ms,
        cause,
      });
      return response;
    },
  };
}

/** The routes, each behind its checks. @throws {StoreError} `store_unavailable` when a binding is missing. */
function createRoutes(env: Env): Hono {
  const context = createContext(env);
  const app = new Hono();
  // Errors leave Hono as they are; the one place that answers them is below.
  app.onError((error) => {
    throw error;
  });
  for (const { route, handle } of endpoints) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      app.on(route.method, toHonoPath(path), (c) => handle(c.req.raw, context, c.req.param()));
    }
  }
  for (const [path, document] of Object.entries(documentsByPath)) app.get(path, document);
  for (const [path, methods] of methodsByPath()) app.all(path, () => refuseMethod(methods));
  app.notFound((c) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const isApi = /^\/(?:api|bulk|schemas)(?:\/|$)/.test(c.req.path);
    if (isRead && !isApi) return serveWebApp(c.req.raw, env);
    throw new StoreError("not_found", "See `/api/docs` for what there is.");
  });
  return app;
}

function createContext(env: Env): Context {
  const clock = systemClock;
  const newId = createIdSource(clock);
  const common = { environment: env.HS_ENV, mode: env.HS_MODE, clock, newId };
  const tokenOptions = {
    operatorSecret: env.OPERATOR_SECRET,
    clock,
    fillRandom: platformRandom,
    newId,
  };
  if (env.HS_MODE === "prototype") {
    const profiles = createKvProfileStore(env.PROFILES_KV, clock);
    const bindings = {
      records: env.PROFILES_KV,
      reports: env.IMPORT_REPORT_KV,
      replays: env.IDEMPOTENCY_KV,
    };
    return {
      ...common,
      profiles,
      getFreshProfile: profiles.get,
      imports: createKvImportStore(bindings, profiles, clock),
      tokens: createTokenService({ ...tokenOptions, store: null }),
    };
  }
  if (!env.DB || !env.PII_DB) {
    throw new StoreError("store_unavailable", "LIVE mode needs the bindings DB and PII_DB.");
  }
  const profiles = createCachedProfileStore(createD1ProfileStore(env.DB, clock), {
    kv: env.PROFILES_KV,
    newEpoch: () => newId("evt"),
    defer: waitUntil,
  });
  const bindings = { db: env.DB, reports: env.IMPORT_REPORT_KV, replays: env.IDEMPOTENCY_KV };
  return {
    ...common,
    profiles,
    getFreshProfile: profiles.getFresh,
    imports: createD1ImportStore(bindings, profiles, clock),
    tokens: createTokenService({ ...tokenOptions, store: createD1TokenStore(env.PII_DB, clock) }),
  };
}

/** The contract's id for the request's path, or `other`: paths themselves are never logged. */
function routeIdOf(request: Request): string {
  const { pathname } = new URL(request.url);
  const found = endpoints.find(
    ({ route }) =>
      route.method === request.method &&
      [route.path, ...(route.aliases ?? [])].some((path) =>
        path.includes("{")
          ? pathname.startsWith(path.slice(0, path.indexOf("{")))
          : path === pathname,
      ),
  );
  return found?.route.id ?? "other";
}

/** `{name}` as OpenAPI writes a parameter, to `:name`. */
function toHonoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}

/** The methods of each path, for 405. */
function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const path of Object.keys(documentsByPath)) methods.set(path, ["GET", "HEAD"]);
  for (const { route } of endpoints) {
    for (const path of [route.path, ...(route.aliases ?? [])].map(toHonoPath)) {
      const known = methods.get(path) ?? [];
      known.push(...(route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
      methods.set(path, known);
    }
  }
  return methods;
}

function refuseMethod(methods: readonly string[]): never {
  const allow = methods.join(", ");
  throw new StoreError("method_not_allowed", `This address takes ${allow}.`, {
    headers: { Allow: allow },
  });
}
