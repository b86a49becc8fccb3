import { toHex } from "@hi-stranger/core/codec/bytes";
import { consentStatement, consentVersion } from "@hi-stranger/core/consent/statements";
import { contract } from "@hi-stranger/core/contract/contract";
import {
  requestMagicLink,
  sessionSchema,
  verifyMagicLink,
} from "@hi-stranger/core/contract/identity";
import { listViolations } from "@hi-stranger/core/schema/violations";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { expectProblem, json, sha256Hex } from "../support/api.ts";
import { createHeldClock, mailbox, openApp, openBrowser, origin } from "../support/browser.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const consents = ["gdpr_terms", "privacy_policy"];
const verify = "/api/auth/verify";

async function rows(table: string): Promise<Record<string, unknown>[]> {
  return (await env.PII_DB.prepare(`SELECT * FROM ${table}`).all()).results;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

describe("the first sign-in of an address", () => {
  it("makes one account, keeps what was agreed to, and is a session from then on", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    const session = await browser.signIn("Ada@Example.org");
    expect(listViolations(sessionSchema, session)).toEqual([]);
    expect(await json(await browser.fetch("/api/auth/session"))).toEqual(session);
    expect(await rows("personal_data")).toHaveLength(1);
    const { email, last_login_at: lastLoginAt } = await json(
      await browser.fetch("/api/me/personal-data"),
    );
    expect({ email, lastLoginAt }).toEqual({
      email: "ada@example.org",
      lastLoginAt: "2026-11-22T00:00:00.000Z",
    });
    const kept = await rows("consents");
    expect(kept).toHaveLength(2);
    const text = consentStatement("gdpr_terms", "en");
    expect(kept.find(({ purpose }) => purpose === "gdpr_terms")).toMatchObject({
      person_id: session.person_id,
      policy_version: consentVersion,
      text_sha256: await sha256Hex(text),
      locale: "en",
      mechanism: "sign_up",
      given: 1,
      at: Date.UTC(2026, 10, 22),
    });
  });

  it.each([[undefined], [[]], [["gdpr_terms"]], [["privacy_policy"]]])(
    "is refused with the consents %j, and the link works on",
    async (given) => {
      const app = openApp();
      const browser = openBrowser(app);
      const token = await browser.askLink("ada@example.org");
      const refused = await browser.send("POST", verify, { token, consents: given });
      expect(refused.status).toBe(422);
      const problem = await expectProblem(refused, "consent_required");
      expect(problem).toMatchObject({ required: consents, policy_version: consentVersion });
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect(await rows("personal_data")).toEqual([]);
      expect((await browser.send("POST", verify, { token, consents })).status).toBe(200);
    },
  );

  it("is asked for no consent again", async () => {
    const app = openApp();
    await openBrowser(app).signIn("ada@example.org");
    const second = openBrowser(app);
    const token = await second.askLink("ADA@example.org ");
    expect((await second.send("POST", verify, { token })).status).toBe(200);
    expect(await rows("personal_data")).toHaveLength(1);
    expect(await rows("consents")).toHaveLength(2);
  });

  it("by several links at one moment makes one account, and leaves no key of another", async () => {
    const app = openApp();
    const browsers = Array.from({ length: 4 }, () => openBrowser(app));
    const tokens: string[] = [];
    for (const browser of browsers) tokens.push(await browser.askLink("ada@example.org"));
    const answers = await Promise.all(
      browsers.map((browser, index) =>
        browser.send("POST", verify, { token: tokens[index], consents }),
      ),
    );
    const ids = await Promise.all(
      answers.map(async (answer) => (await json<{ person_id: string }>(answer)).person_id),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await rows("personal_data")).toHaveLength(1);
    expect(await rows("data_keys")).toHaveLength(1);
    expect((await env.KEY_SHARES.list()).objects).toHaveLength(1);
  });

  it("keeps the language that the texts were shown in", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    const token = await browser.askLink("ada@example.org");
    await browser.send("POST", verify, { token, consents, locale: "de" });
    const digests = (await rows("consents")).map(({ text_sha256: digest }) => digest);
    expect(digests).toContain(await sha256Hex(consentStatement("privacy_policy", "de")));
  });
});

describe("a link", () => {
  it("works once, even for those who use it at one moment", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    const token = await browser.askLink("ada@example.org");
    const body = { token, consents };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => browser.send("POST", verify, body)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410, 410]);
    await expectProblem(await browser.send("POST", verify, body), "link_invalid");
  });

  it("works for 15 minutes to the second", async () => {
    const clock = createHeldClock();
    const app = openApp({}, clock);
    const browser = openBrowser(app);
    const [first, second] = [
      await browser.askLink("ada@example.org"),
      await browser.askLink("ada@example.org"),
    ];
    clock.move(15 * 60 - 1);
    expect((await browser.send("POST", verify, { token: first, consents })).status).toBe(200);
    clock.move(1);
    await expectProblem(await browser.send("POST", verify, { token: second }), "link_invalid");
  });

  it("asks for a click in a browser that didn't ask for it, and works then", async () => {
    const app = openApp();
    const token = await openBrowser(app).askLink("ada@example.org");
    const other = openBrowser(app);
    const asked = await other.send("POST", verify, { token, consents });
    expect(asked.status).toBe(409);
    await expectProblem(asked, "confirmation_required");
    expect(asked.headers.getSetCookie()).toEqual([]);
    const confirmed = await other.send("POST", verify, { token, consents, confirmed: true });
    expect(confirmed.status).toBe(200);
  });

  it("asks for a click when the cookie is somebody else's or made up", async () => {
    const app = openApp();
    const token = await openBrowser(app).askLink("ada@example.org");
    const other = openBrowser(app);
    for (const cookie of ["A".repeat(43), "x", ""]) {
      other.cookies.set("__Host-hs_browser", cookie);
      const asked = await other.send("POST", verify, { token, consents });
      await expectProblem(asked, "confirmation_required");
    }
  });

  it("works among several that one browser asked for", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    const first = await browser.askLink("ada@example.org");
    await browser.askLink("bob@example.org");
    expect((await browser.send("POST", verify, { token: first, consents })).status).toBe(200);
  });

  it("of one environment is none of another", async () => {
    const token = await openBrowser(openApp()).askLink("ada@example.org");
    const body = { token, consents, confirmed: true };
    const elsewhere = openBrowser(openApp({ HS_ENV: "preview" }));
    await expectProblem(await elsewhere.send("POST", verify, body), "link_invalid");
  });

  it("can't be guessed, cut, extended or spelt otherwise", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    const token = await browser.askLink("ada@example.org");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 200 }),
          fc.nat(42).map((index) => {
            const swapped = token[index] === "A" ? "B" : "A";
            return token.slice(0, index) + swapped + token.slice(index + 1);
          }),
          fc.integer({ min: 1, max: 42 }).map((length) => token.slice(0, length)),
          fc.string({ minLength: 1, maxLength: 9 }).map((tail) => token + tail),
        ),
        async (text) => {
          const answer = await browser.send("POST", verify, { token: text, consents });
          await expectProblem(answer, "link_invalid");
        },
      ),
      { numRuns: 60 },
    );
    expect((await browser.send("POST", verify, { token, consents })).status).toBe(200);
  });
});

describe("known and unknown addresses", () => {
  it("get the same answer, mail, and statements to the database", async () => {
    const counting = countingDatabase(env.PII_DB);
    const app = openApp({ PII_DB: counting.db });
    await openBrowser(app).signIn("known@example.org");
    const traces: unknown[] = [];
    for (const email of ["known@example.org", "other@example.org"]) {
      counting.rowsRead.length = 0;
      const answer = await openBrowser(app).send("POST", "/api/auth/magic-link", { email });
      const cookies = answer.headers.getSetCookie().map((line) => line.replace(/=[^;]+/, ""));
      const [mail] = await mailbox(app);
      const written = mail?.subject.replaceAll(email, "");
      const body = await json(answer);
      traces.push([answer.status, body, cookies, written, mail?.link.length]);
      traces.push([...counting.rowsRead]);
    }
    const [known, knownRows, unknown, unknownRows] = traces;
    expect(unknown).toEqual(known);
    expect(unknownRows).toEqual(knownRows);
    expect(knownRows).toHaveLength(1);
    const sealed = (await rows("magic_links")).map((row) => String(row["sealed_address"]).length);
    expect(new Set(sealed).size).toBe(1);
  });
});

describe("what isn't an address", () => {
  it.each(["ada", "@example.org", "ada@", "ada@@example.org", "ada@localhost", 'a"b@example.org'])(
    "%s is refused and gets no mail",
    async (email) => {
      const app = openApp();
      const answer = await openBrowser(app).send("POST", "/api/auth/magic-link", { email });
      const { detail } = await expectProblem(answer, "invalid_body");
      expect(detail).not.toContain(email);
      expect(await mailbox(app)).toEqual([]);
    },
  );

  it.each([requestMagicLink, verifyMagicLink])(
    "no other JSON than the declared one is taken by $path",
    async (route) => {
      const browser = openBrowser(openApp());
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 2 }), async (body) => {
          fc.pre(listViolations(route.body.schema, body).length > 0);
          const answer = await browser.send(route.method, route.path, body);
          expect([400, 413]).toContain(answer.status);
        }),
        { numRuns: 40 },
      );
      const extra = { email: "ada@example.org", token: "x", admin: true };
      await expectProblem(await browser.send("POST", route.path, extra), "invalid_body");
    },
  );
});

describe("the mail", () => {
  it.each(["en", "de", "es", "pt"])(
    "in %s leads to the page with the token out of sight",
    async (locale) => {
      const app = openApp();
      const body = { email: "ada@example.org", locale };
      await openBrowser(app).send("POST", "/api/auth/magic-link", body);
      const [mail] = await mailbox(app);
      const link = new URL(mail?.link ?? "");
      expect(link.origin + link.pathname + link.search).toBe(`${origin}/sign-in`);
      expect(link.hash).toBe(`#token=${mail?.token}`);
      expect(mail?.to).toBe("ada@example.org");
      expect(Object.keys(mail ?? {}).toSorted()).toEqual(["at", "link", "subject", "to", "token"]);
    },
  );

  it("shows on a page without script, and what others wrote is text there", async () => {
    const app = openApp();
    await openBrowser(app).send("POST", "/api/auth/magic-link", { email: "<b>&'@example.org" });
    await openBrowser(app).send("POST", "/api/auth/magic-link", { email: "a&b@example.org" });
    const answer = await app.fetch(new Request(`${origin}/dev/mailbox`));
    const page = await answer.text();
    expect(page).toContain("a&amp;b@example.org");
    expect(page).not.toContain("<script");
    const nonce = /nonce-([\w-]+)/.exec(answer.headers.get("Content-Security-Policy") ?? "")?.[1];
    expect(page).toContain(`nonce="${nonce}"`);
  });

  it("of the newest 50 is kept, in this server's memory", async () => {
    const app = openApp();
    const browser = openBrowser(app);
    for (let index = 0; index < 52; index += 1) await browser.askLink(`p${index}@example.org`);
    const mails = await mailbox(app);
    expect(mails).toHaveLength(50);
    expect(mails[0]?.to).toBe("p51@example.org");
    expect(await mailbox(openApp())).toEqual([]);
  });

  it.each(["production", "preview"] as const)("has no mailbox in %s", async (environment) => {
    const page = new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } });
    const assets = { fetch: async () => page.clone() } as unknown as Fetcher;
    const app = openApp({ HS_ENV: environment, ASSETS: assets });
    const answer = await app.fetch(new Request(`${origin}/dev/mailbox`));
    expect(answer.status).toBe(404);
    await expectProblem(answer, "not_found");
  });

  it("goes out by the e-mail binding in production, and nowhere without one", async () => {
    const sent: unknown[] = [];
    const binding = {
      async send(message: unknown) {
        sent.push(message);
        return { messageId: "1" };
      },
    };
    const live = { HS_ENV: "production", SEND_EMAIL: binding, MAIL_FROM: "hi@hi.example" } as const;
    const body = { email: "ada@example.org" };
    const answer = await openBrowser(openApp(live)).send("POST", "/api/auth/magic-link", body);
    expect(answer.status).toBe(202);
    expect(sent).toMatchObject([
      { to: "ada@example.org", from: { email: "hi@hi.example", name: "Hi Stranger" } },
    ]);
    const without = openBrowser(openApp({ HS_ENV: "production" }));
    const refused = await without.send("POST", "/api/auth/magic-link", body);
    expect(refused.status).toBe(503);
    const { detail } = await expectProblem(refused, "store_unavailable");
    expect(detail).toContain("SEND_EMAIL");
  });

  it("that nobody takes is an entry in the log without its address, and changes no answer", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const binding = {
      async send() {
        throw new Error("no such mailbox: ada@example.org");
      },
    };
    const live = { HS_ENV: "production", SEND_EMAIL: binding, MAIL_FROM: "hi@hi.example" } as const;
    const body = { email: "ada@example.org" };
    const answer = await openBrowser(openApp(live)).send("POST", "/api/auth/magic-link", body);
    expect(answer.status).toBe(202);
    await vi.waitFor(() => {
      expect(errors.mock.calls.flat().join()).toContain('"event":"mail_unsent"');
    });
    expect(errors.mock.calls.flat().join()).not.toContain("ada@");
    errors.mockRestore();
  });
});

describe("a deployment without keys", () => {
  const identityRoutes = contract.filter(({ path }) =>
    /^\/api\/auth\/(?:magic|verify|ref)/.test(path),
  );

  it.each([
    ["KEYRING", { KEYRING: undefined }],
    ["KEY_SHARES", { KEY_SHARES: undefined }],
    ["KEYRING", { KEYRING: "{}" }],
  ])(
    "says that %s is missing or damaged, and serves personas all the same",
    async (name, without) => {
      const app = createApp({ ...env, HS_MODE: "live", ...without } as typeof env);
      const bodies = { requestMagicLink: { email: "a@b.cc" }, verifyMagicLink: { token: "x" } };
      for (const { id, method, path } of identityRoutes) {
        const body = Object.entries(bodies).find(([name]) => name === id)?.[1];
        const answer = await openBrowser(app).send(method, path, body);
        expect(answer.status).toBe(503);
        const { detail } = await expectProblem(answer, "store_unavailable");
        expect(detail).toContain(name);
      }
      expect(identityRoutes).toHaveLength(3);
      const count = await app.fetch(new Request(`${origin}/api/profiles/count`));
      await expectProblem(count, "token_missing");
      expect((await app.fetch(new Request(`${origin}/api/ping`))).status).toBe(200);
    },
  );

  it("or in prototype mode says that there are no accounts", async () => {
    const app = createApp({ ...env, HS_MODE: "prototype" });
    const body = { email: "a@b.cc" };
    const answer = await openBrowser(app).send("POST", "/api/auth/magic-link", body);
    await expectProblem(answer, "not_supported");
  });
});

it("a link's row has a hash of its token and no way back to the address", async () => {
  const app = openApp();
  const token = await openBrowser(app).askLink("canary@example.org");
  const text = JSON.stringify(await rows("magic_links"));
  expect(text).toContain(await sha256Hex(token));
  expect(text).not.toContain(token);
  const hex = toHex(new TextEncoder().encode("canary"));
  for (const form of ["canary", btoa("canary"), hex]) expect(text).not.toContain(form);
});
