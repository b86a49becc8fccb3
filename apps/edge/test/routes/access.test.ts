import { type ActionRule, ruleOf, scopes } from "@hi-stranger/core/contract/actions";
import type { Route } from "@hi-stranger/core/contract/route";
import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { json, makeToken, pathOf, routes } from "../support/api.ts";
import { type Browser, grantRole, openApp, openBrowser, origin } from "../support/browser.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

type Send = (method: string, path: string) => Promise<Response>;

const refusals = new Set([
  "session_missing",
  "token_missing",
  "scope_missing",
  "role_missing",
  "token_expired",
]);

/** Whether a rule lets somebody through as far as their request's content. */
const letsThrough: Record<string, (rule: ActionRule) => boolean> = {
  nobody: ({ isOpen }) => isOpen === true,
  operator: ({ isOpen, operator }) => (isOpen ?? operator) === true,
  person: ({ isOpen, person }) => isOpen === true || person !== undefined,
  moderator: ({ isOpen, person, moderator }) => isOpen === true || !!(person ?? moderator),
  admin: ({ isOpen, person, admin }) => isOpen === true || !!(person ?? admin),
  ...Object.fromEntries(
    scopes.map((each) => [
      each,
      ({ isOpen, scope }: ActionRule) => isOpen === true || scope === each,
    ]),
  ),
};

describe("every route", () => {
  const senders: Record<string, Send> = {};
  let app: App;
  beforeAll(async () => {
    await emptyPeople(env.PII_DB);
    app = openApp();
    const plain = (path: string, init?: RequestInit) =>
      app.fetch(new Request(new URL(path, origin), init));
    senders["nobody"] = (method, path) => plain(path, { method });
    const bearer = (secret: string): Send => {
      const headers = { Authorization: `Bearer ${secret}` };
      return (method, path) => plain(path, { method, headers });
    };
    senders["operator"] = bearer(env.OPERATOR_SECRET);
    for (const scope of scopes) {
      senders[scope] = bearer(await makeToken(plain, { name: scope, scopes: [scope] }));
    }
    for (const role of ["person", "moderator", "admin"] as const) {
      const first = openBrowser(app);
      const { person_id: personId } = await first.signIn(`${role}@example.org`);
      if (role !== "person") await grantRole(personId, role);
      // Each request by a session of its own: some of these requests end theirs.
      senders[role] = async (method, path) => {
        const browser: Browser = openBrowser(app);
        await browser.signIn(`${role}@example.org`);
        return browser.send(method, path);
      };
    }
  });

  it.each(
    Object.keys(letsThrough).flatMap((who) =>
      // Refreshing answers by its own cookie, whoever calls.
      routes
        .filter(({ id }) => id !== "refreshSession")
        .map((route: Route) => [who, `${route.method} ${route.path}`, route] as const),
    ),
  )("lets or refuses %s as its rule says: %s", async (who, _, route) => {
    const path = pathOf(route) + (route.resource ? "?id=usr_nobodys0" : "");
    const answer = await senders[who]?.(route.method, path);
    if (!answer) throw new Error(`there is no ${who}`);
    const isProblem = answer.headers.get("Content-Type")?.includes("problem+json") === true;
    const code = isProblem ? (await json<{ code: string }>(answer)).code : "";
    expect([code, refusals.has(code)]).toEqual([code, !letsThrough[who]?.(ruleOf(route.action))]);
  });
});
