import type { SessionAnswer } from "@hi-stranger/core/contract/identity";
import { changePersonalData, maxPersonas, saveOwnProfile } from "@hi-stranger/core/contract/me";
import { personalDataSchema } from "@hi-stranger/core/schema/personal-data";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { userProfileSchema } from "@hi-stranger/core/schema/user-profile";
import { listViolations } from "@hi-stranger/core/schema/violations";
import fc from "fast-check";
import { decodeJwt } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { expectProblem, json, makeToken } from "../support/api.ts";
import {
  type Browser,
  createHeldClock,
  grantRole,
  openApp,
  openBrowser,
  origin,
} from "../support/browser.ts";
import { emptyDatabase, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personas } from "../support/personas.ts";

const ownPersonas = "/api/me/profiles";
const item = (id: string) => `/api/profiles/item?id=${id}`;

/** A persona as somebody would write it: without an id. */
function draft(seed = 1): Omit<UserProfile, "profile_id" | "created_at"> {
  const [persona] = personas(1, seed);
  if (!persona) throw new Error("no persona was generated");
  const { profile_id: _id, created_at: _at, ...rest } = persona;
  return rest;
}

async function make(browser: Browser, seed = 1): Promise<UserProfile> {
  const answer = await browser.send("POST", ownPersonas, draft(seed));
  expect(answer.status).toBe(201);
  const made = await json<UserProfile>(answer);
  expect(listViolations(userProfileSchema, made)).toEqual([]);
  return made;
}

async function listOwn(browser: Browser): Promise<UserProfile[]> {
  return (await json<{ items: UserProfile[] }>(await browser.fetch(ownPersonas))).items;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyDatabase(env.DB);
});

describe("one's own personal data", () => {
  it("changes field by field, for nobody but the person", async () => {
    const app = openApp();
    const ada = openBrowser(app);
    const bob = openBrowser(app);
    await ada.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    const path = "/api/me/personal-data";
    const fields = {
      name: "Ada",
      address: "1 Long Road",
      country: "GB",
      timezone: "Europe/London",
    };
    const changed = await ada.send("PUT", path, fields);
    expect(changed.status).toBe(200);
    const one = await json(changed);
    expect(one).toMatchObject({ ...fields, email: "ada@example.org", payment_ref: null });
    expect(listViolations(personalDataSchema, one)).toEqual([]);
    const less = await json(await ada.send("PUT", path, { address: null }));
    expect(less).toMatchObject({ ...fields, address: null });
    expect(await json(await bob.fetch(path))).toMatchObject({
      name: null,
      email: "bob@example.org",
    });
  });

  it("takes nothing but its declared fields", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    const { path, body } = changePersonalData;
    for (const change of [
      { email: "eve@example.org" },
      { verification_status: "unverified" },
      { person_id: "psn_1" },
      { country: "XX" },
      { timezone: "Europe/Atlantis" },
      { payment_ref: "4111 1111 1111 1111" },
      { name: "" },
    ]) {
      await expectProblem(await browser.send("PUT", path, change), "invalid_body");
    }
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 2 }), async (change) => {
        fc.pre(listViolations(body.schema, change).length > 0);
        await expectProblem(await browser.send("PUT", path, change), "invalid_body");
      }),
      { numRuns: 40 },
    );
  });

  it("is no more once the account is gone, though the access token still is", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    await env.PII_DB.prepare("DELETE FROM personal_data").run();
    for (const answer of [
      await browser.fetch("/api/me/personal-data"),
      await browser.send("PUT", "/api/me/personal-data", { name: null }),
    ]) {
      await expectProblem(answer, "session_missing");
    }
    expect((await browser.send("POST", "/api/auth/refresh")).status).toBe(401);
  });
});

describe("one's own personas", () => {
  it("are made, listed, changed and deleted, and the session knows them at once", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    const first = await make(browser);
    expect(decodeJwt(browser.cookies.get("__Host-hs_session") ?? "")["personas"]).toEqual([
      first.profile_id,
    ]);
    expect(await listOwn(browser)).toEqual([first]);
    expect(await json(await browser.fetch(item(first.profile_id)))).toEqual(first);

    const { profile_id: id, created_at: createdAt } = first;
    const changed = await browser.send("POST", ownPersonas, { ...draft(2), profile_id: id });
    expect(changed.status).toBe(200);
    const second = { ...draft(2), profile_id: id, created_at: createdAt };
    expect(await json(changed)).toEqual(second);
    expect(await listOwn(browser)).toEqual([second]);

    expect((await browser.send("DELETE", item(id))).status).toBe(204);
    expect(await listOwn(browser)).toEqual([]);
    await expectProblem(await browser.send("DELETE", item(id)), "profile_not_found");
    const links = await env.PII_DB.prepare(
      "SELECT count(*) AS n FROM link_profile_personal",
    ).first();
    expect(links).toEqual({ n: 0 });
  });

  it("are shut to others, who can't tell them from none", async () => {
    const app = openApp();
    const ada = openBrowser(app);
    const bob = openBrowser(app);
    await ada.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    const { profile_id: id } = await make(ada);
    const nobodys = "usr_nobodys0";
    for (const [theirs, none] of [
      [await bob.send("DELETE", item(id)), await bob.send("DELETE", item(nobodys))],
      [
        await bob.send("POST", ownPersonas, { ...draft(), profile_id: id }),
        await bob.send("POST", ownPersonas, { ...draft(), profile_id: nobodys }),
      ],
    ] as const) {
      expect(theirs.status).toBe(404);
      expect(await json(theirs)).toEqual(await json(none));
    }
    expect(await listOwn(ada)).toHaveLength(1);
    expect(await listOwn(bob)).toEqual([]);
  });

  it(`are ${maxPersonas} at most, even when they are made at one moment`, async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    for (let index = 1; index < maxPersonas; index += 1) await make(browser, index);
    const answers = await Promise.all(
      [1, 2, 3].map(() => browser.send("POST", ownPersonas, draft())),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    await expectProblem(await browser.send("POST", ownPersonas, draft()), "too_many_personas");
    expect(await listOwn(browser)).toHaveLength(maxPersonas);
  });

  it("take no record that isn't one", async () => {
    const browser = openBrowser(openApp());
    await browser.signIn("ada@example.org");
    for (const body of [
      { ...draft(), profile_id: "psn_1" },
      { ...draft(), owner: "psn_1" },
      { ...draft(), schema_version: "user_profile.v2" },
      { schema_version: "user_profile.v1" },
    ]) {
      expect(listViolations(saveOwnProfile.body.schema, body)).not.toEqual([]);
      await expectProblem(await browser.send("POST", ownPersonas, body), "invalid_body");
    }
    const { results } = await env.PII_DB.prepare("SELECT * FROM link_profile_personal").all();
    expect(results).toEqual([]);
  });

  it("can't be made into a new access token once the session has ended", async () => {
    const browser = openBrowser(openApp());
    const session: SessionAnswer = await browser.signIn("ada@example.org");
    // In another isolate, which learns of the end some seconds later.
    const thief = openBrowser(openApp());
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    thief.session = session;
    expect((await thief.send("POST", ownPersonas, draft())).status).toBe(201);
    await browser.send("POST", "/api/auth/logout");
    const answer = await thief.send("POST", ownPersonas, draft());
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe("other people's personas", () => {
  it("come without a birthday and with an age of today, in every answer", async () => {
    const clock = createHeldClock();
    const app = openApp({}, clock);
    const ada = openBrowser(app);
    const bob = openBrowser(app);
    await ada.signIn("ada@example.org");
    await bob.signIn("bob@example.org");
    const own = await make(bob, 9);
    const made = await make(ada);
    const { birthday } = made.profile.identity;
    expect(birthday).toMatch(/^\d{4}-/);
    for (const path of [item(made.profile_id), "/api/profiles", "/api/profiles?fields=profile"]) {
      const text = await (await bob.fetch(path)).text();
      expect(text).toContain(made.profile.identity.user_name);
      expect(text).not.toContain(birthday);
    }
    const listed = await json<{ items: UserProfile[] }>(await bob.fetch("/api/profiles"));
    expect(listed.items).toContainEqual(own);
    const seen = await bob.fetch(item(made.profile_id));
    const tag = seen.headers.get("ETag") ?? "";
    const { age } = (await json<UserProfile>(seen)).profile.identity;
    const again = (etag: string) =>
      bob.fetch(item(made.profile_id), { headers: { "If-None-Match": etag } });
    expect((await again(tag)).status).toBe(304);
    clock.move(60);
    const whole = (await ada.fetch(item(made.profile_id))).headers.get("ETag") ?? "";
    expect((await again(whole)).status).toBe(200);
    clock.move(366 * 24 * 60 * 60);
    await bob.signIn("bob@example.org");
    const older = await again(tag);
    expect(older.status).toBe(200);
    expect((await json<UserProfile>(older)).profile.identity.age).toBe(age + 1);
  });

  it("come whole to admins and to tokens that read, and to no moderator", async () => {
    const app = openApp();
    const ada = openBrowser(app);
    await ada.signIn("ada@example.org");
    const made = await make(ada);
    const plain = (path: string, init?: RequestInit) =>
      app.fetch(new Request(new URL(path, origin), init));
    const token = await makeToken(plain, { name: "read", scopes: ["profiles:read"] });
    const headers = { Authorization: `Bearer ${token}` };
    expect(await json(await plain(item(made.profile_id), { headers }))).toEqual(made);
    for (const role of ["admin", "moderator"] as const) {
      const browser = openBrowser(app);
      const { person_id: personId } = await browser.signIn(`${role}@example.org`);
      await grantRole(personId, role);
      await browser.send("POST", "/api/auth/refresh");
      const text = await (await browser.fetch(item(made.profile_id))).text();
      expect(text.includes(made.profile.identity.birthday)).toBe(role === "admin");
    }
  });

  it("are deleted by an admin, together with their link", async () => {
    const app = openApp();
    const ada = openBrowser(app);
    const admin = openBrowser(app);
    await ada.signIn("ada@example.org");
    const { person_id: personId } = await admin.signIn("admin@example.org");
    await grantRole(personId, "admin");
    await admin.send("POST", "/api/auth/refresh");
    const { profile_id: id } = await make(ada);
    expect((await admin.send("DELETE", item(id))).status).toBe(204);
    const { results } = await env.PII_DB.prepare("SELECT * FROM link_profile_personal").all();
    expect(results).toEqual([]);
    const put = await ada.send("POST", ownPersonas, { ...draft(), profile_id: id });
    await expectProblem(put, "profile_not_found");
  });
});

it("a request acts as a persona of the account's and as no other", async () => {
  const app = openApp();
  const ada = openBrowser(app);
  const bob = openBrowser(app);
  await ada.signIn("ada@example.org");
  await bob.signIn("bob@example.org");
  const { profile_id: own } = await make(ada);
  const { profile_id: theirs } = await make(bob);
  const actAs = (id: string) => ada.fetch("/api/auth/session", { headers: { "HS-Persona": id } });
  expect((await actAs(own)).status).toBe(200);
  for (const id of [theirs, "usr_nobodys0", ""]) {
    const answer = await actAs(id);
    expect(answer.status).toBe(403);
    await expectProblem(answer, "persona_not_yours");
  }
});
