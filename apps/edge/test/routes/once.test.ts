import { saveOwnProfile } from "@hi-stranger/core/contract/me";
import type { Route } from "@hi-stranger/core/contract/route";
import { createToken } from "@hi-stranger/core/contract/service";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { decodeJwt } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { type App, createApp } from "../../src/app.ts";
import { expectProblem, json, pathOf, routes } from "../support/api.ts";
import { type Browser, grantRole, openApp, openBrowser, origin } from "../support/browser.ts";
import { emptyDatabase, emptyNamespace, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personas } from "../support/personas.ts";

const key = { "Idempotency-Key": '"a key of 128 bits"' };
const { path: ownPersonas } = saveOwnProfile;

/** A persona as somebody would write it: without an id. */
function draft(seed = 1): object {
  const [persona] = personas(1, seed);
  const { profile_id: _id, created_at: _at, ...rest } = persona as UserProfile;
  return rest;
}

const make = (browser: Browser, body: object = draft(), headers: Record<string, string> = key) =>
  browser.send("POST", ownPersonas, body, headers);

async function idOf(answer: Response): Promise<string> {
  return (await json<UserProfile>(answer)).profile_id;
}

async function countOwn(browser: Browser): Promise<number> {
  return (await json<{ items: unknown[] }>(await browser.fetch(ownPersonas))).items.length;
}

async function openSignedIn(name: string, app = openApp()): Promise<Browser> {
  const browser = openBrowser(app);
  await browser.signIn(`${name}@example.org`);
  return browser;
}

async function keptRows(): Promise<Record<string, unknown>[]> {
  return (await env.DB.prepare("SELECT * FROM idempotency").all()).results;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyDatabase(env.DB);
  await env.PII_DB.prepare("DELETE FROM api_tokens").run();
  await emptyNamespace(env.IDEMPOTENCY_KV);
});

describe("a new persona with an idempotency key", () => {
  it("is made once, whose lost answer comes again with its status and the session's new token", async () => {
    const browser = await openSignedIn("ada");
    const before = new Map(browser.cookies);
    const first = await make(browser);
    expect([first.status, first.headers.get("Idempotency-Replayed")]).toEqual([201, null]);
    const text = await first.text();
    // As if the answer had never arrived, cookies and all.
    for (const [name, value] of before) browser.cookies.set(name, value);
    const again = await make(browser, draft(), { "Idempotency-Key": "a-key-of-its-own" });
    expect(again.status).toBe(201);
    for (const [name, value] of before) browser.cookies.set(name, value);
    const repeated = await make(browser);
    expect([repeated.status, repeated.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
    expect(await repeated.text()).toBe(text);
    const { profile_id: id } = JSON.parse(text) as UserProfile;
    const listed = decodeJwt(browser.cookies.get("__Host-hs_session") ?? "")["personas"];
    expect(listed).toContain(id);
    expect(await countOwn(browser)).toBe(2);
  });

  it("is the same by a bare key and from another session of the person", async () => {
    const app = openApp();
    const here = await openSignedIn("ada", app);
    const there = await openSignedIn("ada", app);
    const id = await idOf(await make(here, draft(), { "Idempotency-Key": '"k-1"' }));
    expect(await idOf(await make(there, draft(), { "Idempotency-Key": "k-1" }))).toBe(id);
    expect(await countOwn(here)).toBe(1);
  });

  it("is made once when it is asked for several times at one moment", async () => {
    const browser = await openSignedIn("ada");
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => make(browser)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(201);
    expect([201, 409]).toEqual(expect.arrayContaining([...new Set(statuses)]));
    expect(await countOwn(browser)).toBe(1);
    expect((await make(browser)).headers.get("Idempotency-Replayed")).toBe("true");
  });

  it("is another one for another person with the same key", async () => {
    const app = openApp();
    const ada = await openSignedIn("ada", app);
    const bob = await openSignedIn("bob", app);
    const adas = await idOf(await make(ada));
    const bobs = await make(bob);
    expect([bobs.status, bobs.headers.get("Idempotency-Replayed")]).toEqual([201, null]);
    expect(await idOf(bobs)).not.toBe(adas);
    expect((await make(bob, draft(2))).status).toBe(422);
    expect([await countOwn(ada), await countOwn(bob)]).toEqual([1, 1]);
  });

  it("is refused when the key was used for another", async () => {
    const browser = await openSignedIn("ada");
    await make(browser);
    await expectProblem(await make(browser, draft(2)), "idempotency_key_reused");
    expect(await countOwn(browser)).toBe(1);
  });

  it("that was refused leaves its key free", async () => {
    const browser = await openSignedIn("ada");
    const refused = await make(browser, { ...draft(), profile_id: "usr_nobodys0" });
    await expectProblem(refused, "profile_not_found");
    expect(await keptRows()).toEqual([]);
    expect((await make(browser)).status).toBe(201);
  });

  it("leaves nothing that tells whose key it was, what it was or what it made", async () => {
    const app = openApp();
    const ada = await openSignedIn("ada", app);
    const one = await idOf(await make(ada));
    const two = await idOf(await make(ada, draft(2), { "Idempotency-Key": "another-key" }));
    const rows = await keptRows();
    expect(rows.map(({ scope, state }) => [scope, state])).toEqual([
      ["once", "finished"],
      ["once", "finished"],
    ]);
    const [first, second] = rows;
    for (const column of ["key", "fingerprint", "response"]) {
      expect(first?.[column]).not.toBe(second?.[column]);
    }
    const text = JSON.stringify(rows);
    for (const plain of [ada.session?.person_id ?? "", one, two, "another-key", "user_profile"]) {
      expect(plain).not.toBe("");
      expect(text).not.toContain(plain);
    }
  });

  it("without a key is made each time, and nothing is kept", async () => {
    const browser = await openSignedIn("ada");
    await make(browser, draft(), {});
    await make(browser, draft(), {});
    expect(await countOwn(browser)).toBe(2);
    expect(await keptRows()).toEqual([]);
  });
});

describe("a new token with an idempotency key", () => {
  const body = JSON.stringify({ name: "one", scopes: ["profiles:read"] });
  const headers = {
    Authorization: `Bearer ${env.OPERATOR_SECRET}`,
    "Content-Type": "application/json",
  };
  const ask = (app: App, more: Record<string, string> = key) =>
    app.fetch(
      new Request(new URL(createToken.path, origin), {
        method: "POST",
        body,
        headers: { ...headers, ...more },
      }),
    );
  const countTokens = async () =>
    (await env.PII_DB.prepare("SELECT count(*) AS n FROM api_tokens").first<{ n: number }>())?.n;

  it("is made and shown once; a repeat names it and shows nothing", async () => {
    const app = openApp();
    const made = await json<{ token_id: string; token: string }>(await ask(app));
    const again = await ask(app);
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([409, "true"]);
    const problem = await expectProblem(again, "answer_not_kept");
    expect(problem).toMatchObject({ token_id: made.token_id });
    expect(problem["detail"]).toContain(made.token_id);
    expect(JSON.stringify(problem)).not.toContain(made.token);
    expect(JSON.stringify(await keptRows())).not.toContain(made.token.slice(4));
    expect(await countTokens()).toBe(1);
  });

  it("takes the keyring, without which a request with a key is refused and one without works", async () => {
    const { KEYRING: _, ...rest } = env;
    const app = createApp({ ...rest, HS_MODE: "live" });
    await expectProblem(await ask(app), "store_unavailable");
    expect(await countTokens()).toBe(0);
    expect((await ask(app, {})).status).toBe(201);
  });

  it("is refused in the prototype as it is without a key", async () => {
    await expectProblem(await ask(openApp({ HS_MODE: "prototype" })), "not_supported");
  });
});

describe("a malformed key", () => {
  it.each(
    routes
      .filter(({ method }) => method !== "GET")
      .map((route: Route) => [`${route.method} ${route.path}`, route] as const),
  )("is refused by %s", async (_, route) => {
    const admin = openBrowser(openApp());
    const { person_id: personId } = await admin.signIn("root@example.org");
    await grantRole(personId, "admin");
    await admin.signIn("root@example.org");
    const path = pathOf(route) + (route.resource ? "?id=usr_nobodys0" : "");
    for (const bad of ['"', "two words", '""', "x".repeat(257)]) {
      const answer = await admin.send(route.method, path, {}, { "Idempotency-Key": bad });
      expect(answer.status).toBe(400);
      await expectProblem(answer, "invalid_header");
    }
  });
});

it("a person's import leaves nothing that tells whose it is, and is repeated all the same", async () => {
  const app = openApp();
  const admin = openBrowser(app);
  const { person_id: personId } = await admin.signIn("root@example.org");
  await grantRole(personId, "admin");
  const session = await admin.signIn("root@example.org");
  const [persona] = personas(1, 5);
  const send = () =>
    admin.fetch("/api/profiles/import", {
      method: "POST",
      body: JSON.stringify(persona),
      headers: {
        ...key,
        Origin: origin,
        "X-CSRF-Token": session.csrf_token,
        "Content-Type": "application/x-ndjson",
      },
    });
  expect((await send()).status).toBe(200);
  expect((await send()).headers.get("Idempotency-Replayed")).toBe("true");
  const rows = await keptRows();
  const { keys } = await env.IDEMPOTENCY_KV.list();
  expect([rows.length, keys.length]).toEqual([1, 1]);
  expect(rows[0]?.["scope"]).toBe("person");
  const text = JSON.stringify([rows, keys]);
  for (const plain of [personId, "a key of 128 bits"]) expect(text).not.toContain(plain);
});
