import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idsOf, rowOf } from "../../core/test/profile-rows.ts";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { type PersonClient, createPersonClient } from "../src/person-client.ts";
import { type BrowserFetch, createBrowserFetch } from "./support/browser-fetch.ts";
import { errorOf } from "./support/error-of.ts";
import { virtualPace } from "./support/import-file.ts";
import { type LocalStore, startLocalStore } from "./support/local-store.ts";

const accessCookie = "__Host-hs_session";
const consents = ["gdpr_terms" as const, "privacy_policy" as const];

let local: LocalStore;
beforeAll(async () => {
  local = await startLocalStore();
});
afterAll(() => local.close());

interface Tab {
  readonly person: PersonClient;
  readonly browser: BrowserFetch;
  /** How often the session was said to be over. */
  readonly ends: { count: number };
}

/** A page of its own. Pages with one `browser` share its cookies, as tabs do. */
function openTab(browser = createBrowserFetch(local.url)): Tab {
  const ends = { count: 0 };
  const person = createPersonClient({
    baseUrl: local.url,
    fetch: browser.fetch,
    csrfTokens: browser.csrfTokens,
    exclusively: (work) => work(),
    onEnd: () => {
      ends.count += 1;
    },
  });
  return { person, browser, ends };
}

interface Mail {
  readonly to: string;
  readonly token: string;
}

async function askLink({ person }: Tab, email: string): Promise<string> {
  await person.requestLink({ email });
  const headers = { Accept: "application/json" };
  const mails = (await (await fetch(`${local.url}/dev/mailbox`, { headers })).json()) as Mail[];
  return mails.find(({ to }) => to === email)?.token ?? "";
}

async function signIn(tab: Tab, email: string): Promise<Tab> {
  await tab.person.useLink({ token: await askLink(tab, email), consents });
  tab.browser.requests.length = 0;
  return tab;
}

describe("signing in", () => {
  test("takes consents for a new address, a confirmation elsewhere, and a link that is unused", async () => {
    const asked = openTab();
    const elsewhere = openTab();
    const token = await askLink(asked, "ada@example.org");
    expect((await errorOf(elsewhere.person.useLink({ token }))).code).toBe("confirmation_required");
    const refusal = await errorOf(asked.person.useLink({ token }));
    expect(refusal.code).toBe("consent_required");
    expect(refusal.extra.members).toMatchObject({ required: consents });
    expect(await asked.person.findSession()).toBeNull();

    const session = await elsewhere.person.useLink({ token, consents, confirmed: true });
    expect(await elsewhere.person.findSession()).toMatchObject({ person_id: session.person_id });
    expect((await errorOf(asked.person.useLink({ token, consents }))).code).toBe("link_invalid");
  });

  test("a page that keeps no token gets it while the access token is good, and signs in anew after", async () => {
    const tab = await signIn(openTab(), "abe@example.org");
    tab.browser.csrfTokens.set(null);
    const reloaded = openTab(tab.browser);
    expect((await reloaded.person.changePersonalData({ name: "Abe" })).name).toBe("Abe");
    expect(tab.browser.csrfTokens.get()).not.toBeNull();

    tab.browser.csrfTokens.set(null);
    tab.browser.cookies.delete(accessCookie);
    tab.browser.requests.length = 0;
    const late = openTab(tab.browser);
    expect(await late.person.findSession()).toBeNull();
    expect(tab.browser.requests).toEqual(["GET /api/auth/session"]);
    // The page that knew the token goes on, though nothing keeps it.
    expect((await reloaded.person.changePersonalData({ name: "Abel" })).name).toBe("Abel");
  });

  test("a token that was kept of an earlier session doesn't end the one of now", async () => {
    const tab = await signIn(openTab(), "una@example.org");
    const former = tab.browser.csrfTokens.get();
    const next = await signIn(openTab(tab.browser), "una@example.org");
    tab.browser.csrfTokens.set(former);
    tab.browser.cookies.delete(accessCookie);
    expect((await next.person.changePersonalData({ name: "Una" })).name).toBe("Una");
    expect(tab.browser.csrfTokens.get()).not.toBe(former);
  });

  test("a refresh by an earlier session's token isn't taken for that of the session of now", async () => {
    const former = await signIn(openTab(), "vic@example.org");
    await signIn(openTab(former.browser), "vic@example.org");
    const kept = former.browser.csrfTokens.get();
    former.browser.cookies.delete(accessCookie);
    const [, found] = await Promise.allSettled([
      former.person.getPersonalData(),
      former.person.findSession(),
    ]);
    expect(found).toMatchObject({ value: { csrf_token: kept } });
    expect(former.browser.csrfTokens.get()).toBe(kept);
  });

  test("signing in takes its turn among the refreshes of other tabs", async () => {
    const browser = createBrowserFetch(local.url);
    let letThrough = () => {};
    const turn = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const person = createPersonClient({
      baseUrl: local.url,
      fetch: browser.fetch,
      csrfTokens: browser.csrfTokens,
      exclusively: (work) => turn.then(work),
    });
    const token = await askLink({ person, browser, ends: { count: 0 } }, "wil@example.org");
    browser.requests.length = 0;
    const signedIn = person.useLink({ token, consents });
    // Longer than the request would take to be sent.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(browser.requests).toEqual([]);
    letThrough();
    expect(await signedIn).toMatchObject({ csrf_token: browser.csrfTokens.get() });
  });

  test("signing in where somebody is signed in ends their session", async () => {
    const tab = await signIn(openTab(), "ben@example.org");
    const elsewhere = await signIn(openTab(), "ben@example.org");
    await signIn(openTab(tab.browser), "cat@example.org");
    expect(await elsewhere.person.listSessions()).toHaveLength(1);
  });

  test("a page that was reloaded goes on, with the cookies and the token that was kept", async () => {
    const tab = await signIn(openTab(), "bo@example.org");
    const reloaded = openTab(tab.browser);
    const data = await reloaded.person.changePersonalData({ name: "Bo" });
    expect(data).toMatchObject({ email: "bo@example.org", name: "Bo", country: null });
    expect(await reloaded.person.getPersonalData()).toEqual(data);
    expect(tab.browser.requests).toEqual([
      "GET /api/auth/session",
      "PUT /api/me/personal-data",
      "GET /api/me/personal-data",
    ]);
  });

  test("signing out ends it here, and everywhere when asked to", async () => {
    const here = await signIn(openTab(), "cy@example.org");
    const there = await signIn(openTab(), "cy@example.org");
    const [newest, oldest] = await here.person.listSessions();
    expect([newest?.is_current, oldest?.is_current]).toEqual([false, true]);
    await here.person.logOut();
    expect(await here.person.findSession()).toBeNull();
    await here.person.logOut();
    const third = await signIn(openTab(), "cy@example.org");
    expect(await third.person.listSessions()).toHaveLength(2);
    await third.person.logOut({ isEverywhere: true });
    there.browser.cookies.delete(accessCookie);
    expect(await there.person.findSession()).toBeNull();
  });

  test("a session is revoked by its id, once", async () => {
    const here = await signIn(openTab(), "dee@example.org");
    const there = await signIn(openTab(), "dee@example.org");
    const others = (await here.person.listSessions()).filter(({ is_current }) => !is_current);
    const [other] = others;
    expect(others).toHaveLength(1);
    expect(await here.person.revokeSession(other?.session_id ?? "")).toBe(true);
    expect(await here.person.revokeSession(other?.session_id ?? "")).toBe(false);
    there.browser.cookies.delete(accessCookie);
    expect((await errorOf(there.person.getPersonalData())).httpStatus).toBe(401);
    expect(there.ends.count).toBe(1);
  });
});

describe("an access token that has run out", () => {
  test("is renewed by one refresh for all requests that wait, each sent once more", async () => {
    const { person, browser, ends } = await signIn(openTab(), "eve@example.org");
    browser.cookies.delete(accessCookie);
    const [data, sessions, profiles, changed] = await Promise.all([
      person.getPersonalData(),
      person.listSessions(),
      person.listOwnProfiles(),
      person.changePersonalData({ country: "PT" }),
    ]);
    expect([data.email, sessions.length, profiles]).toEqual(["eve@example.org", 1, []]);
    expect(changed.country).toBe("PT");
    const count = (name: string) => browser.requests.filter((each) => each === name).length;
    expect(count("POST /api/auth/refresh")).toBe(1);
    expect(count("PUT /api/me/personal-data")).toBe(2);
    expect(browser.requests).toHaveLength(9);
    expect(ends.count).toBe(0);
  });

  test("is renewed for the store's other routes too", async () => {
    const { person, browser } = await signIn(openTab(), "fay@example.org");
    browser.cookies.delete(accessCookie);
    await local.client.importProfiles(new TextEncoder().encode(rowOf("usr_fayfay").line), {
      isGzip: false,
    });
    expect(await person.client.countProfiles()).toBeGreaterThan(0);
    const view = await person.client.getProfile("usr_fayfay", { isFresh: true });
    expect(view?.profile.profile.identity).not.toHaveProperty("birthday");
    expect(view?.rev).toBeGreaterThan(0);
  });

  test("ends in `session_missing` once, when the session is over, and is not asked for again", async () => {
    const { person, browser, ends } = await signIn(openTab(), "gil@example.org");
    browser.cookies.clear();
    expect(await errorOf(person.getPersonalData())).toMatchObject({
      code: "session_missing",
      httpStatus: 401,
    });
    expect(browser.requests).toEqual(["GET /api/me/personal-data", "POST /api/auth/refresh"]);
    expect(ends.count).toBe(1);
  });

  test("never lets what one person began be done as another", async () => {
    const tab = await signIn(openTab(), "hal@example.org");
    const other = await signIn(openTab(tab.browser), "ivy@example.org");
    // The cookies are Ivy's by now, and her access token has run out; Hal's page knows nothing of it.
    tab.browser.cookies.delete(accessCookie);
    await errorOf(tab.person.changePersonalData({ name: "Hal" }));
    expect((await other.person.getPersonalData()).name).toBeNull();
    expect(tab.ends.count).toBe(1);
    // The same while Ivy's access token is good: Hal's CSRF token isn't hers.
    const third = await signIn(openTab(tab.browser), "hal@example.org");
    expect((await errorOf(other.person.changePersonalData({ name: "Ivy" }))).code).toBe(
      "csrf_token_invalid",
    );
    expect((await third.person.getPersonalData()).name).toBeNull();
  });

  test("neither sends again as another what was under way, nor finds them", async () => {
    const { browser } = await signIn(openTab(), "max@example.org");
    let isHeld = true;
    let foundMeanwhile: unknown;
    const person = createPersonClient({
      baseUrl: local.url,
      csrfTokens: browser.csrfTokens,
      exclusively: (work) => work(),
      fetch: async (input, init) => {
        if (isHeld && init?.method === "PUT") {
          isHeld = false;
          // Meanwhile somebody else signs in in another tab, whose access token then runs out.
          await signIn(openTab(browser), "ned@example.org");
          foundMeanwhile = await person.findSession();
          browser.cookies.delete(accessCookie);
        }
        return browser.fetch(input, init);
      },
    });
    expect(await person.findSession()).not.toBeNull();
    await errorOf(person.changePersonalData({ name: "Max" }));
    expect(foundMeanwhile).toBeNull();
    expect((await openTab(browser).person.getPersonalData()).name).toBeNull();
    expect(await person.findSession()).toBeNull();
    await errorOf(person.changePersonalData({ name: "Max" }));
    expect(await openTab(browser).person.getPersonalData()).toMatchObject({
      email: "ned@example.org",
      name: null,
    });
  });

  test("a network that fails is not taken for the end of the session", async () => {
    const { browser } = await signIn(openTab(), "joy@example.org");
    browser.cookies.delete(accessCookie);
    let isDown = true;
    const person = createPersonClient({
      baseUrl: local.url,
      csrfTokens: browser.csrfTokens,
      exclusively: (work) => work(),
      fetch: (input, init) => {
        const isRefresh = typeof input === "string" && input.endsWith("/refresh");
        if (isDown && isRefresh) throw new TypeError("no network");
        return browser.fetch(input, init);
      },
    });
    expect((await errorOf(person.getPersonalData())).code).toBe("store_unavailable");
    isDown = false;
    expect((await person.getPersonalData()).email).toBe("joy@example.org");
  });
});

describe("own personas", () => {
  const { line } = rowOf(idsOf(1)[0] ?? "");
  const draft = JSON.parse(line) as UserProfile;

  test("are made with an id of the store's, changed under it and deleted", async () => {
    const { person } = await signIn(openTab(), "kim@example.org");
    const { profile_id: _, created_at: __, ...unborn } = draft;
    const made = await person.saveOwnProfile(unborn);
    expect(made.profile_id).toMatch(/^usr_/);
    expect((await person.client.getProfile(made.profile_id, { isFresh: true }))?.profile).toEqual(
      made,
    );
    const identity = { ...made.profile.identity, user_name: "Kimono" };
    const changed = await person.saveOwnProfile({
      ...made,
      profile: { ...made.profile, identity },
    });
    expect(await person.listOwnProfiles()).toEqual([changed]);
    expect(await person.client.deleteProfile(made.profile_id)).toBe(true);
    expect(await person.listOwnProfiles()).toEqual([]);
  });

  test("are made once though the answer got lost, and the session knows of them", async () => {
    const { browser } = await signIn(openTab(), "mia@example.org");
    let losses = 0;
    const person = createPersonClient({
      baseUrl: local.url,
      csrfTokens: browser.csrfTokens,
      exclusively: (work) => work(),
      pace: virtualPace().pace,
      fetch: async (input, init = {}) => {
        const isLost = init.method === "POST" && losses < 2;
        const cookies = [...browser.cookies];
        const answer = await browser.fetch(input, init);
        if (!isLost) return answer;
        losses += 1;
        await answer.body?.cancel();
        // Its cookies are lost with it.
        for (const [name, value] of cookies) browser.cookies.set(name, value);
        throw new TypeError("terminated");
      },
    });
    const { profile_id: _, ...unborn } = draft;
    const made = await person.saveOwnProfile(unborn);
    expect(losses).toBe(2);
    expect(await person.listOwnProfiles()).toEqual([made]);
    person.actAs(made.profile_id);
    expect(await person.listOwnProfiles()).toEqual([made]);
  });

  test("acting as one names it, and as somebody else's is refused", async () => {
    const { person } = await signIn(openTab(), "lou@example.org");
    const { profile_id: _, ...unborn } = draft;
    const mine = await person.saveOwnProfile(unborn);
    person.actAs(mine.profile_id);
    expect(await person.listOwnProfiles()).toHaveLength(1);
    person.actAs(draft.profile_id);
    expect((await errorOf(person.listOwnProfiles())).code).toBe("persona_not_yours");
    person.actAs(null);
    expect(await person.listOwnProfiles()).toHaveLength(1);
  });
});
