/** The application: the route table, and what every request goes through. */
import { type Clock, systemClock } from "@hi-stranger/core/clock";
import { StoreError } from "@hi-stranger/core/errors";
import { Hono } from "hono";
import { createContext } from "./app-context.ts";
import type { Env } from "./env.ts";
import { addRateLimit, admitClient } from "./http/admit.ts";
import { problemAnswer, toStoreError } from "./http/answers.ts";
import { allowOrigin, answerPreflight, refuseForeignOrigin } from "./http/cross-origin.ts";
import type { Endpoint } from "./http/endpoint.ts";
import { addSecurityHeaders } from "./http/headers.ts";
import { refusePlainHttp } from "./http/https-alone.ts";
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
import { requestMagicLinkEndpoint } from "./routes/request-magic-link.ts";
import { verifyMagicLinkEndpoint } from "./routes/verify-magic-link.ts";
import { refreshSessionEndpoint } from "./routes/refresh-session.ts";
import { logOutEndpoint } from "./routes/log-out.ts";
import { getSessionEndpoint } from "./routes/get-session.ts";
import { listSessionsEndpoint } from "./routes/list-sessions.ts";
import { revokeSessionEndpoint } from "./routes/revoke-session.ts";
import { getPersonalDataEndpoint } from "./routes/get-personal-data.ts";
import { changePersonalDataEndpoint } from "./routes/change-personal-data.ts";
import { listOwnProfilesEndpoint } from "./routes/list-own-profiles.ts";
import { saveOwnProfileEndpoint } from "./routes/save-own-profile.ts";
import { grantRoleEndpoint } from "./routes/grant-role.ts";
import { listAuditCheckpointsEndpoint } from "./routes/list-audit-checkpoints.ts";
import { listAuditEntriesEndpoint } from "./routes/list-audit-entries.ts";
import { listKeyRotationsEndpoint } from "./routes/list-key-rotations.ts";
import { listKeysEndpoint } from "./routes/list-keys.ts";
import { listRolesEndpoint } from "./routes/list-roles.ts";
import { revokeRoleEndpoint } from "./routes/revoke-role.ts";
import { runKeyRotationEndpoint } from "./routes/run-key-rotation.ts";
import { startKeyRotationEndpoint } from "./routes/start-key-rotation.ts";
import { answerMailbox, mailboxPath } from "./routes/dev-mailbox.ts";
import { serveWebApp } from "./routes/web-app.ts";

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
  requestMagicLinkEndpoint,
  verifyMagicLinkEndpoint,
  refreshSessionEndpoint,
  logOutEndpoint,
  getSessionEndpoint,
  listSessionsEndpoint,
  revokeSessionEndpoint,
  getPersonalDataEndpoint,
  changePersonalDataEndpoint,
  listOwnProfilesEndpoint,
  saveOwnProfileEndpoint,
  pingEndpoint,
  createTokenEndpoint,
  listTokensEndpoint,
  revokeTokenEndpoint,
  listKeysEndpoint,
  startKeyRotationEndpoint,
  listKeyRotationsEndpoint,
  runKeyRotationEndpoint,
  grantRoleEndpoint,
  listRolesEndpoint,
  revokeRoleEndpoint,
  listAuditEntriesEndpoint,
  listAuditCheckpointsEndpoint,
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
export function createApp(env: Env, clock: Clock = systemClock): App {
  let routes: Hono | undefined;
  return {
    async fetch(request) {
      const startMs = clock.now();
      let answer: Response;
      let cause: unknown;
      try {
        refuseForeignOrigin(request, env.ALLOWED_ORIGINS);
        answer =
          refusePlainHttp(request, env.HS_ENV) ??
          answerPreflight(request, env.ALLOWED_ORIGINS) ??
          (await (routes ??= createRoutes(env, clock)).fetch(request));
      } catch (error) {
        cause = error;
        answer = problemAnswer(toStoreError(error));
      }
      const response = new Response(answer.body, answer);
      const isPage = (response.headers.get("Content-Type") ?? "").startsWith("text/html");
      addSecurityHeaders(response.headers, isPage ? "page" : "api");
      addRateLimit(request, response.headers);
      allowOrigin(request, response.headers, env.ALLOWED_ORIGINS);
      const ms = clock.now() - startMs;
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
function createRoutes(env: Env, clock: Clock): Hono {
  const context = createContext(env, clock);
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
  for (const [path, document] of Object.entries(documentsByPath)) {
    app.get(path, async (c) => {
      await admitClient(c.req.raw, context);
      return document();
    });
  }
  if (context.outbox) {
    const { outbox } = context;
    app.get(mailboxPath, (c) => answerMailbox(c.req.raw, outbox));
  }
  for (const [path, methods] of methodsByPath()) {
    app.all(path, async (c) => {
      await admitClient(c.req.raw, context);
      return refuseMethod(methods);
    });
  }
  app.notFound(async (c) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const isApi = /^\/(?:api|bulk|dev|schemas)(?:\/|$)/.test(c.req.path);
    const found = isRead && !isApi ? await serveWebApp(c.req.raw, env) : null;
    if (found) return found;
    await admitClient(c.req.raw, context);
    throw new StoreError("not_found", "See `/api/docs` for what there is.");
  });
  return app;
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
