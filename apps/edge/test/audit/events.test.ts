import type { AuditDetail, AuditEntry } from "@hi-stranger/core/contract/audit";
import { beforeEach, describe, expect, it } from "vitest";
import { createApi, json, routes } from "../support/api.ts";
import { countPending, readLog } from "../support/audit.ts";
import { createHeldClock, grantRole, openApp, openBrowser, origin } from "../support/browser.ts";
import { emptyDatabase, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personaLines, personas } from "../support/personas.ts";

const app = openApp({}, createHeldClock());
const email = "canary.mail@example.org";
const name = "Canaryname Quill";

/** A persona as its owner sends it. */
function draftOf(seed: number): object {
  const [persona] = personas(1, seed);
  const { profile_id: _, created_at: __, ...draft } = persona ?? { profile_id: "", created_at: "" };
  return draft;
}

beforeEach(async () => {
  await emptyDatabase(env.DB);
  await emptyPeople(env.PII_DB);
});

/** What the log says of these actions, in order. */
async function entriesOf(...actions: AuditEntry["action"][]) {
  return (await readLog())
    .filter(({ action }) => (actions as string[]).includes(action))
    .map(({ action, outcome, detail }) => ({
      action,
      outcome,
      detail: JSON.parse(detail) as AuditDetail,
    }));
}

const actionsOf = async () => (await readLog()).map(({ action }) => action);

async function openAdmin() {
  const browser = openBrowser(app);
  const { person_id: personId } = await browser.signIn("admin@example.org");
  await grantRole(personId, "admin");
  await browser.signIn("admin@example.org");
  return { browser, personId };
}

describe("the audit log tells of", () => {
  it("accounts and sessions: made, begun, ended, revoked, ended everywhere", async () => {
    const browser = openBrowser(app);
    await browser.signIn(email);
    expect(await actionsOf()).toEqual(["account.created", "session.begun"]);
    const other = openBrowser(app);
    await other.signIn(email);
    const { sessions } = await json<{ sessions: { session_id: string; is_current: boolean }[] }>(
      await browser.fetch("/api/auth/sessions"),
    );
    const foreign = sessions.find((each) => !each.is_current)?.session_id;
    await browser.send("DELETE", `/api/auth/sessions/${foreign}`);
    await browser.send("DELETE", `/api/auth/sessions/${foreign}`);
    await browser.send("POST", "/api/auth/logout");
    await openBrowser(app).signIn(email);
    const last = openBrowser(app);
    await last.signIn(email);
    await last.send("POST", "/api/auth/logout", { everywhere: true });
    const story =
      "account.created session.begun session.begun session.revoked session.ended session.begun session.begun session.ended_everywhere";
    expect(await actionsOf()).toEqual(story.split(" "));
  });

  it("a refresh token that comes a second time", async () => {
    const browser = openBrowser(app);
    await browser.signIn(email);
    const stolen = new Map(browser.cookies);
    expect((await browser.send("POST", "/api/auth/refresh")).status).toBe(200);
    const thief = openBrowser(app);
    for (const [key, value] of stolen) thief.cookies.set(key, value);
    thief.session = browser.session;
    expect((await thief.send("POST", "/api/auth/refresh")).status).toBe(401);
    expect(await entriesOf("session.refresh_reused")).toEqual([
      { action: "session.refresh_reused", outcome: "refused", detail: {} },
    ]);
  });

  it("changes of personal data, by the names of the columns alone", async () => {
    const browser = openBrowser(app);
    await browser.signIn(email);
    await browser.send("PUT", "/api/me/personal-data", { name, country: "PT" });
    expect(await entriesOf("personal_data.changed")).toEqual([
      {
        action: "personal_data.changed",
        outcome: "done",
        detail: { columns: ["name", "country"] },
      },
    ]);
  });

  it("tokens made and revoked, with the call that did it", async () => {
    const { browser } = await openAdmin();
    const made = await browser.send("POST", "/api/tokens", { name, scopes: ["audit:read"] });
    const { token_id: id } = await json<{ token_id: string }>(made);
    await browser.send("DELETE", `/api/tokens/${id}`);
    await browser.send("DELETE", `/api/tokens/${id}`);
    const access = "tokens.manage";
    expect(await entriesOf("token.created", "token.revoked", "admin.called")).toEqual([
      { action: "token.created", outcome: "done", detail: { scopes: ["audit:read"] } },
      { action: "admin.called", outcome: "done", detail: { access, route: "createToken" } },
      { action: "token.revoked", outcome: "done", detail: {} },
      { action: "admin.called", outcome: "done", detail: { access, route: "revokeToken" } },
      { action: "admin.called", outcome: "refused", detail: { access, route: "revokeToken" } },
    ]);
    const created = (await readLog()).find(({ action }) => action === "token.created");
    expect(created?.subject).toBe(`token:${id}`);
  });

  it("personas deleted, and what an admin sees and does that others mayn't", async () => {
    const owner = openBrowser(app);
    await owner.signIn(email);
    const ids: string[] = [];
    for (const index of [1, 2]) {
      const saved = await owner.send("POST", "/api/me/profiles", draftOf(index));
      ids.push((await json<{ profile_id: string }>(saved)).profile_id);
    }
    const [first, second] = ids;
    await owner.fetch(`/api/profiles/item?id=${first}`);
    await owner.send("DELETE", `/api/profiles/item?id=${first}`);
    await owner.send("DELETE", `/api/profiles/item?id=${first}`);
    const { browser } = await openAdmin();
    await browser.fetch(`/api/profiles/item?id=${second}`);
    await browser.send("DELETE", `/api/profiles/item?id=${second}`);
    expect(await entriesOf("persona.deleted", "admin.called")).toEqual([
      { action: "persona.deleted", outcome: "done", detail: {} },
      { action: "persona.deleted", outcome: "refused", detail: {} },
      {
        action: "admin.called",
        outcome: "done",
        detail: { access: "profiles.read", route: "getProfile" },
      },
      { action: "persona.deleted", outcome: "done", detail: {} },
      {
        action: "admin.called",
        outcome: "done",
        detail: { access: "profiles.delete", route: "deleteProfile" },
      },
    ]);
  });

  it("imports, with their checksum and counts", async () => {
    const api = await createApi("live");
    await api.import(personaLines(2).join("\n"));
    await api.import("{");
    const [done, refused] = await entriesOf("import.finished");
    expect(done).toMatchObject({ outcome: "done", detail: { lines_valid: 2, lines_invalid: 0 } });
    expect(done?.detail.checksum_sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(refused).toMatchObject({ outcome: "refused", detail: { lines_invalid: 1 } });
    expect(await countPending()).toBe(0);
  });

  it("every call of an audited route, and every refusal of somebody who is known", async () => {
    const { browser } = await openAdmin();
    const person = openBrowser(app);
    await person.signIn(email);
    const audited = routes.filter(({ path }) => path === "/api/tokens" || path.includes("/admin/"));
    expect(audited.length).toBeGreaterThan(2);
    for (const route of audited) {
      const path = route.path.replace(/\{\w+\}/g, "x");
      await emptyDatabase(env.DB);
      await person.send(route.method, path);
      await app.fetch(new Request(origin + path, { method: route.method }));
      const [refusal, ...more] = await readLog();
      expect([route.id, refusal?.action, more.length]).toEqual([route.id, "access.refused", 0]);
      expect(refusal?.outcome).toBe("refused");
      if (path.includes("/x")) continue;
      await browser.send(route.method, path);
      const called = (await readLog()).filter(({ action }) => action === "admin.called");
      expect([route.id, called.length]).toEqual([route.id, 1]);
    }
  });
});

it("no email, name, id of a person, of a persona or of a session stands in the log", async () => {
  const browser = openBrowser(app);
  const { person_id: personId } = await browser.signIn(email);
  await browser.send("PUT", "/api/me/personal-data", { name });
  const saved = await browser.send("POST", "/api/me/profiles", draftOf(1));
  const { profile_id: profileId } = await json<{ profile_id: string }>(saved);
  const listed = await json<{ sessions: { session_id: string }[] }>(
    await browser.fetch("/api/auth/sessions"),
  );
  const { browser: admin, personId: adminId } = await openAdmin();
  await admin.send("POST", "/api/tokens", { name, scopes: ["audit:read"] });
  await admin.send("DELETE", `/api/profiles/item?id=${profileId}`);
  await browser.send("POST", "/api/auth/logout", {});
  const { results: pending } = await env.DB.prepare("SELECT * FROM audit_pending").all();
  const rows = JSON.stringify([await readLog(), pending]).toLowerCase();
  expect((await readLog()).length).toBeGreaterThan(8);
  const secrets = [email, "canary", name, personId, adminId, profileId];
  for (const secret of [...secrets, ...listed.sessions.map((each) => each.session_id)]) {
    const tail = secret.replace(/^[a-z]{3}_/, "").toLowerCase();
    expect(rows).not.toContain(tail);
  }
});

it("the same person has one pseudonym in a deployment, and another in another", async () => {
  await openBrowser(app).signIn(email);
  await openBrowser(app).signIn(email);
  const actors = new Set((await readLog()).map(({ actor }) => actor));
  expect(actors.size).toBe(1);
  expect([...actors][0]).toMatch(/^person:1\.[A-Za-z0-9_-]{22}$/);
  await openBrowser(openApp({}, createHeldClock())).signIn("other@example.org");
  expect(new Set((await readLog()).map(({ actor }) => actor)).size).toBe(2);
});
