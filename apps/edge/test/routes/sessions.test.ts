import { contract } from "@hi-stranger/core/contract/contract";
import { listSessions } from "@hi-stranger/core/contract/identity";
import {
  activateKeyVersion,
  addKeyVersion,
  readKeyring,
  writeKeyring,
} from "@hi-stranger/core/crypto/keyring";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { Redacted, reveal } from "@hi-stranger/core/crypto/redacted";
import { listViolations } from "@hi-stranger/core/schema/violations";
import fc from "fast-check";
import { SignJWT, decodeJwt, decodeProtectedHeader } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { expectProblem, json, pathOf } from "../support/api.ts";
import { type Browser, createHeldClock, openApp, openBrowser } from "../support/browser.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const access = "__Host-hs_session";
const refresh = "__Host-hs_refresh";
const minute = 60;
const day = 24 * 60 * minute;

async function statusOf(browser: Browser): Promise<number> {
  return (await browser.fetch("/api/auth/session")).status;
}

async function tryRefresh(browser: Browser): Promise<number> {
  return (await browser.send("POST", "/api/auth/refresh")).status;
}

/** A browser that has the cookies of another, and the CSRF token of its page. */
function copyOf(browser: Browser, app: ReturnType<typeof openApp>): Browser {
  const copy = openBrowser(app);
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  copy.session = browser.session;
  return copy;
}

async function sessionsOf(browser: Browser) {
  const answer = await json(await browser.fetch("/api/auth/sessions"));
  expect(listViolations(listSessions.answers[200].schema, answer)).toEqual([]);
  return (answer as { sessions: { session_id: string; label: string; is_current: boolean }[] })
    .sessions;
}

beforeEach(() => emptyPeople(env.PII_DB));

describe("the cookies of a session", () => {
  it("are for this host alone, for no script, and last as long as what they hold", async () => {
    const browser = openBrowser(openApp());
    const token = await browser.askLink("ada@example.org");
    const consents = ["gdpr_terms", "privacy_policy"];
    const answer = await browser.send("POST", "/api/auth/verify", { token, consents });
    const lines = answer.headers.getSetCookie();
    expect(lines.map((line) => line.replace(/=[^;]+/, ""))).toEqual([
      `${access}; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax`,
      `${refresh}; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax`,
    ]);
    for (const line of lines) expect(line.length).toBeLessThan(4_096);
    const shown = JSON.stringify(await json(answer));
    for (const value of browser.cookies.values()) expect(shown).not.toContain(value);
  });

  it("hold room for as many personas as an account can have", async () => {
    const browser = openBrowser(openApp());
    const { person_id: personId } = await browser.signIn("ada@example.org");
    await env.PII_DB.batch(
      Array.from({ length: 20 }, (_, index) =>
        env.PII_DB.prepare("INSERT INTO link_profile_personal VALUES (?1, ?2, 0)").bind(
          `usr_${"0".repeat(24)}${String(index).padStart(2, "0")}`,
          personId,
        ),
      ),
    );
    expect(await tryRefresh(browser)).toBe(200);
    expect(decodeJwt(browser.cookies.get(access) ?? "")["personas"]).toHaveLength(20);
    expect(browser.cookies.get(access)?.length).toBeLessThan(4_000);
  });
});

describe("signing in where somebody is signed in", () => {
  it("ends the session that the browser had, and no other", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const old = copyOf(browser, app);
    const elsewhere = openBrowser(app);
    await elsewhere.signIn("ada@example.org");
    await browser.signIn("grace@example.org");
    expect(await statusOf(old)).toBe(401);
    expect(await tryRefresh(old)).toBe(401);
    expect(await statusOf(browser)).toBe(200);
    expect(await tryRefresh(browser)).toBe(200);
    expect(await statusOf(elsewhere)).toBe(200);
  });

  it("ends nothing by a refresh token that was replaced", async () => {
    const app = openApp();
    const owner = openBrowser(app);
    await owner.signIn("ada@example.org");
    const stolen = owner.cookies.get(refresh) ?? "";
    expect(await tryRefresh(owner)).toBe(200);
    const thief = copyOf(owner, app);
    thief.cookies.set(refresh, stolen);
    await thief.signIn("mallory@example.org");
    expect(await statusOf(owner)).toBe(200);
    expect(await tryRefresh(owner)).toBe(200);
  });

  it("ends nothing for who has the cookies without the page's token", async () => {
    const app = openApp();
    const owner = openBrowser(app);
    await owner.signIn("ada@example.org");
    const thief = openBrowser(app);
    for (const [name, value] of owner.cookies) thief.cookies.set(name, value);
    await thief.signIn("mallory@example.org");
    expect(await statusOf(owner)).toBe(200);
    expect(await tryRefresh(owner)).toBe(200);
  });

  it("ends the oldest session of more than a hundred", async () => {
    const app = openApp();
    const first = openBrowser(app);
    const { person_id: personId } = await first.signIn("ada@example.org");
    await env.PII_DB.batch(
      Array.from({ length: 99 }, (_, index) =>
        env.PII_DB.prepare(
          `INSERT INTO sign_ins (family, person_id, token_hash, label, created_at, expires_at)
           SELECT family || ?2, person_id, token_hash, label, created_at, expires_at
           FROM sign_ins WHERE person_id = ?1 ORDER BY family LIMIT 1`,
        ).bind(personId, index),
      ),
    );
    const last = openBrowser(app);
    await last.signIn("ada@example.org");
    expect(await tryRefresh(first)).toBe(401);
    const { sessions } = await json<{ sessions: object[] }>(await last.fetch("/api/auth/sessions"));
    expect(sessions).toHaveLength(100);
  });

  it("ends nothing by a token that isn't of the store", async () => {
    const browser = openBrowser(openApp());
    browser.cookies.set(refresh, "x".repeat(100));
    await browser.signIn("ada@example.org");
    expect(await statusOf(browser)).toBe(200);
  });
});

describe("an access token", () => {
  it("is checked without a statement to any database", async () => {
    const counting = countingDatabase(env.PII_DB);
    const browser = openBrowser(openApp({ PII_DB: counting.db }));
    await browser.signIn("ada@example.org");
    counting.rowsRead.length = 0;
    expect(await statusOf(browser)).toBe(200);
    expect(counting.rowsRead).toEqual([]);
  });

  it("ends after ten minutes, and the session goes on by a refresh", async () => {
    const clock = createHeldClock();
    const browser = openBrowser(openApp({}, clock));
    await browser.signIn("ada@example.org");
    clock.move(10 * minute - 1);
    expect(await statusOf(browser)).toBe(200);
    clock.move(1);
    await expectProblem(await browser.fetch("/api/auth/session"), "session_missing");
    expect(await tryRefresh(browser)).toBe(200);
    expect(await statusOf(browser)).toBe(200);
  });

  it("of another algorithm, issuer, audience, type, key or time is none", async () => {
    const clock = createHeldClock();
    const app = openApp({}, clock);
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const real = browser.cookies.get(access) ?? "";
    const payload = decodeJwt(real);
    const header = decodeProtectedHeader(real);
    const key = crypto.getRandomValues(new Uint8Array(64));
    const forge = (claims: object, head: object = {}) =>
      new SignJWT({ ...payload, ...claims })
        .setProtectedHeader({ ...header, alg: "HS256", ...head })
        .sign(key);
    const unsigned = `${btoa('{"alg":"none","typ":"at+jwt","kid":"1"}').replaceAll("=", "")}.${real.split(".")[1]}.`;
    const elsewhere = openBrowser(openApp({ HS_ENV: "preview" }, clock));
    elsewhere.cookies.set(access, real);
    expect(await statusOf(elsewhere)).toBe(401);
    const forged = [
      unsigned,
      await forge({}),
      await forge({}, { alg: "HS512" }),
      await forge({}, { kid: "2" }),
      await forge({}, { kid: "1e0" }),
      "x".repeat(9_000),
      `${real}.`,
      browser.cookies.get(refresh) ?? "",
    ];
    for (const token of forged) {
      browser.cookies.set(access, token);
      await expectProblem(await browser.fetch("/api/auth/session"), "session_missing");
    }
    browser.cookies.set(access, real);
    expect(await statusOf(browser)).toBe(200);
  });

  it("with any character changed is none", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    const real = browser.cookies.get(access) ?? "";
    // Of the last character some bits stand for nothing, so a decoder may take two spellings for one.
    await fc.assert(
      fc.asyncProperty(fc.nat(real.length - 2), async (index) => {
        const other = real[index] === "A" ? "B" : "A";
        browser.cookies.set(access, real.slice(0, index) + other + real.slice(index + 1));
        expect(await statusOf(browser)).toBe(401);
      }),
      { numRuns: 60 },
    );
  });

  it("signed by an older root goes on while that is kept", async () => {
    const clock = createHeldClock();
    const keyring = readKeyring(new Redacted(env.KEYRING));
    const added = addKeyVersion(keyring, "session", platformRandom);
    const rotated = writeKeyring(activateKeyVersion(added, "session", 2));
    const browser = openBrowser(openApp({}, clock));
    await browser.signIn("ada@example.org");
    const after = copyOf(browser, openApp({ KEYRING: reveal(rotated) }, clock));
    expect(await statusOf(after)).toBe(200);
    expect(await tryRefresh(after)).toBe(200);
    expect(decodeProtectedHeader(after.cookies.get(access) ?? "").kid).toBe("2");
    expect((await after.send("POST", "/api/auth/logout")).status).toBe(204);
  });
});

describe("a refresh token", () => {
  it("works once, and whoever uses it again ends the session for all who have it", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const thief = copyOf(browser, app);
    expect(await tryRefresh(browser)).toBe(200);
    const reused = await thief.send("POST", "/api/auth/refresh");
    expect(reused.status).toBe(401);
    await expectProblem(reused, "session_missing");
    expect([...thief.cookies.keys()]).toEqual(["__Host-hs_browser"]);
    expect(await tryRefresh(browser)).toBe(401);
  });

  it("neither goes on with its session nor ends it without the token of the session's own page", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const other = openBrowser(app);
    const foreign = await other.signIn("bob@example.org");
    for (const session of [null, foreign]) {
      const thief = copyOf(browser, app);
      thief.session = session;
      const refused = await thief.send("POST", "/api/auth/refresh");
      await expectProblem(refused, "csrf_token_invalid");
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect(await tryRefresh(browser)).toBe(200);
    }
    expect(await statusOf(browser)).toBe(200);
    expect(await tryRefresh(browser)).toBe(200);
  });

  it("that was used before ends its session, whoever sends it", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const thief = copyOf(browser, app);
    thief.session = null;
    expect(await tryRefresh(browser)).toBe(200);
    expect(await tryRefresh(thief)).toBe(401);
    expect(await tryRefresh(browser)).toBe(401);
  });

  it("is found out when it is used again many refreshes later", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const thief = copyOf(browser, app);
    for (let index = 0; index < 5; index += 1) expect(await tryRefresh(browser)).toBe(200);
    expect(await tryRefresh(thief)).toBe(401);
    expect(await tryRefresh(browser)).toBe(401);
  });

  it("used at one moment by several lets one through at most", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const copies = Array.from({ length: 4 }, () => copyOf(browser, app));
    const statuses = await Promise.all(copies.map(tryRefresh));
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    for (const copy of copies) expect(await tryRefresh(copy)).toBe(401);
  });

  it("that somebody made up ends no session", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    await browser.signIn("ada@example.org");
    const real = browser.cookies.get(refresh) ?? "";
    const [version = "", body = "", family = ""] = real.split(".");
    const forger = openBrowser(app);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ minLength: 48, maxLength: 48 }).map((bytes) => {
            const text = btoa(String.fromCharCode(...bytes));
            return [version, text.replaceAll("+", "-").replaceAll("/", "_"), family].join(".");
          }),
          fc.nat(body.length - 1).map((index) => {
            const other = body[index] === "A" ? "B" : "A";
            const changed = body.slice(0, index) + other + body.slice(index + 1);
            return [version, changed, family].join(".");
          }),
          fc.constantFrom(`hsr_2.${body}.${family}`, `${version}.${body}`, `x${real}`, `${real}x`),
        ),
        async (token) => {
          forger.cookies.set(refresh, token);
          expect(await tryRefresh(forger)).toBe(401);
        },
      ),
      { numRuns: 60 },
    );
    expect(await tryRefresh(browser)).toBe(200);
  });

  it("lasts 30 days unused, and the session 90 days at most", async () => {
    const clock = createHeldClock();
    const browser = openBrowser(openApp({}, clock));
    await browser.signIn("ada@example.org");
    clock.move(30 * day - 1);
    expect(await tryRefresh(browser)).toBe(200);
    clock.move(30 * day);
    expect(await tryRefresh(browser)).toBe(401);

    await browser.signIn("ada@example.org");
    for (let step = 0; step < 3; step += 1) {
      clock.move(29 * day);
      expect(await tryRefresh(browser)).toBe(200);
    }
    clock.move(3 * day - 1);
    expect(await tryRefresh(browser)).toBe(200);
    clock.move(1);
    expect(await tryRefresh(browser)).toBe(401);
  });

  it("is kept as a hash alone", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    const { results } = await env.PII_DB.prepare("SELECT * FROM sign_ins").all();
    expect(results).toHaveLength(1);
    const secret = browser.cookies.get(refresh)?.split(".")[1] ?? "";
    expect(JSON.stringify(results)).not.toContain(secret);
  });
});

describe("a list of one's sessions", () => {
  it("names each by browser and system, newest first, and ends any of them", async () => {
    const app = openApp();
    const first = openBrowser(app, "Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36");
    const second = openBrowser(app);
    await first.signIn("ada@example.org");
    await second.signIn("ada@example.org");
    const listed = await sessionsOf(second);
    expect(listed.map((each) => [each.label, each.is_current])).toEqual([
      ["Firefox on Linux", true],
      ["Chrome on Windows", false],
    ]);
    const path = `/api/auth/sessions/${listed[1]?.session_id}`;
    expect((await second.send("DELETE", path)).status).toBe(204);
    await expectProblem(await second.send("DELETE", path), "session_not_found");
    expect(await tryRefresh(first)).toBe(401);
    expect(await sessionsOf(second)).toHaveLength(1);
  });

  it("has nobody else's, and ends nobody else's", async () => {
    const app = openApp();
    const ada = openBrowser(app);
    const bob = openBrowser(app);
    await ada.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    const [own] = await sessionsOf(ada);
    expect(await sessionsOf(bob)).toHaveLength(1);
    const theirs = await bob.send("DELETE", `/api/auth/sessions/${own?.session_id}`);
    const nobodys = await bob.send("DELETE", `/api/auth/sessions/sgn_${"0".repeat(26)}`);
    expect(await json(theirs)).toEqual(await json(nobodys));
    expect(theirs.status).toBe(404);
    expect(await tryRefresh(ada)).toBe(200);
  });
});

describe("logging out", () => {
  it("ends this session and takes the cookies", async () => {
    const app = openApp();
    const here = openBrowser(app);
    const there = openBrowser(app);
    await here.signIn("ada@example.org");
    await there.signIn("ada@example.org");
    const copy = copyOf(here, app);
    expect((await here.send("POST", "/api/auth/logout")).status).toBe(204);
    expect([...here.cookies.keys()]).toEqual(["__Host-hs_browser"]);
    expect(await tryRefresh(copy)).toBe(401);
    expect(await tryRefresh(there)).toBe(200);
  });

  it("everywhere ends all of them, and nobody else's", async () => {
    const app = openApp();
    const [here, there, bob] = [openBrowser(app), openBrowser(app), openBrowser(app)];
    await here.signIn("ada@example.org");
    await there.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    const answer = await here.send("POST", "/api/auth/logout", { everywhere: true });
    expect(answer.status).toBe(204);
    expect(await tryRefresh(there)).toBe(401);
    expect(await tryRefresh(bob)).toBe(200);
  });

  it("leaves an access token that was copied unable to make another", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    const thief = copyOf(browser, openApp());
    expect(await statusOf(thief)).toBe(200);
    await browser.send("POST", "/api/auth/logout");
    expect(await statusOf(thief)).toBe(200);
    expect(await tryRefresh(thief)).toBe(401);
  });

  describe.each([
    ["POST", "/api/auth/logout", { everywhere: true }],
    ["POST", "/api/auth/logout", undefined],
  ] as const)("by %s %s with %j", (method, path, body) => {
    it("stops a copied access token at once in this isolate and in those that meet it first", async () => {
      const app = openApp();
      const browser = openBrowser(app);
      await browser.signIn("ada@example.org");
      const [here, fresh] = [copyOf(browser, app), copyOf(browser, openApp())];
      expect(await statusOf(here)).toBe(200);
      await browser.send(method, path, body);
      expect(await statusOf(here)).toBe(401);
      expect(await statusOf(fresh)).toBe(401);
    });

    it("stops it within ten seconds in isolates that knew it", async () => {
      const clock = createHeldClock();
      const browser = openBrowser(openApp({}, clock));
      await browser.signIn("ada@example.org");
      const busy = copyOf(browser, openApp({}, clock));
      const idle = copyOf(browser, openApp({}, clock));
      for (const thief of [busy, idle]) expect(await statusOf(thief)).toBe(200);
      await browser.send(method, path, body);
      for (let second = 1; second < 10; second++) {
        clock.move(1);
        await statusOf(busy);
      }
      clock.move(1);
      expect(await statusOf(busy)).toBe(401);
      expect(await statusOf(idle)).toBe(401);
    });
  });

  it("leaves sessions of others, and those begun afterwards, as they are", async () => {
    const clock = createHeldClock();
    const app = openApp({}, clock);
    const [ada, bob] = [openBrowser(app), openBrowser(app)];
    await ada.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    await ada.send("POST", "/api/auth/logout", { everywhere: true });
    clock.move(11);
    expect(await statusOf(bob)).toBe(200);
    await ada.signIn("ada@example.org");
    expect(await statusOf(ada)).toBe(200);
  });

  it("of one session in a list, and of one whose refresh token was used twice, stops its access token", async () => {
    const app = openApp();
    const [ada, phone] = [openBrowser(app), openBrowser(app)];
    await ada.signIn("ada@example.org");
    await phone.signIn("ada@example.org");
    const thief = copyOf(phone, app);
    const other = (await sessionsOf(ada)).find((session) => !session.is_current);
    expect((await ada.send("DELETE", `/api/auth/sessions/${other?.session_id}`)).status).toBe(204);
    expect(await statusOf(thief)).toBe(401);

    const copied = copyOf(ada, app);
    expect(await tryRefresh(ada)).toBe(200);
    expect(await tryRefresh(copied)).toBe(401);
    expect(await statusOf(ada)).toBe(401);
  });
});

describe("a request that another site's page sends with the cookies", () => {
  const unsafe = contract.filter(
    ({ method, action }) => method !== "GET" && action !== "session.begin",
  );

  it.each(unsafe.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s needs the token of the session's own page",
    async (_, route) => {
      const app = openApp();
      const browser = openBrowser(app);
      const { csrf_token: good } = await browser.signIn("ada@example.org");
      const other = openBrowser(app);
      const { csrf_token: foreign } = await other.signIn("bob@example.org");
      const path = `${pathOf(route)}?id=usr_nobodys0`;
      for (const token of [
        null,
        "",
        "x",
        foreign,
        good.replace("1.", "2."),
        `${good}A`,
        good.slice(0, -1),
      ]) {
        const headers = new Headers(token === null ? {} : { "X-CSRF-Token": token });
        const answer = await browser.fetch(path, { method: route.method, headers });
        expect(answer.status).toBe(403);
        await expectProblem(answer, "csrf_token_invalid");
      }
      for (const headers of [
        { Origin: "https://evil.example" },
        { Origin: "null" },
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-site" },
      ]) {
        const stolen = { ...headers, "X-CSRF-Token": good } as Record<string, string>;
        const answer = await browser.fetch(path, { method: route.method, headers: stolen });
        await expectProblem(answer, "foreign_origin");
      }
      expect(await sessionsOf(browser)).toHaveLength(1);
    },
  );

  it.each(["/api/auth/refresh", "/api/auth/verify", "/api/auth/magic-link"])(
    "POST %s is refused by its origin",
    async (path) => {
      const browser = openBrowser(openApp({ ALLOWED_ORIGINS: "https://chat.example" }));
      await browser.signIn("ada@example.org");
      const headers = { Origin: "https://evil.example" };
      const answer = await browser.fetch(path, { method: "POST", headers });
      await expectProblem(answer, "foreign_origin");
    },
  );

  it("from a configured origin is let through for tokens, never for cookies", async () => {
    const browser = openBrowser(openApp({ ALLOWED_ORIGINS: "https://chat.example" }));
    const { csrf_token: token } = await browser.signIn("ada@example.org");
    const headers = { Origin: "https://chat.example", "X-CSRF-Token": token };
    for (const path of ["/api/auth/logout", "/api/auth/refresh"]) {
      await expectProblem(await browser.fetch(path, { method: "POST", headers }), "foreign_origin");
    }
  });
});
