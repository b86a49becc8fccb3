import { beforeEach, expect, it } from "vitest";
import type { RoleGrant } from "@hi-stranger/core/contract/roles";
import { expectProblem, json } from "../support/api.ts";
import { createHeldClock, openApp, openBrowser, origin } from "../support/browser.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const clock = createHeldClock();
const app = openApp({}, clock);
const email = "ada@example.org";

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
  clock.move(60);
});

function asOperator(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${env.OPERATOR_SECRET}`,
    "Content-Type": "application/json",
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return app.fetch(new Request(`${origin}${path}`, init));
}

async function auditedActions(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT action FROM audit_log WHERE action LIKE 'role.%' OR action LIKE 'keys.%' ORDER BY seq",
  ).all<{ action: string }>();
  return results.map(({ action }) => action);
}

it("the first admin is made by the operator, and acts as one from the next refresh on", async () => {
  const before = (await auditedActions()).length;
  const browser = openBrowser(app);
  const { person_id: personId } = await browser.signIn(email);
  const keys = () => browser.fetch("/api/admin/keys");
  await expectProblem(await keys(), "role_missing");
  const granted = await asOperator("POST", "/api/admin/roles", {
    email: " ADA@example.org ",
    role: "admin",
  });
  expect(granted.status).toBe(201);
  const grant = await json<RoleGrant>(granted);
  expect(grant).toMatchObject({ person_id: personId, role: "admin" });
  const again = await asOperator("POST", "/api/admin/roles", { email, role: "admin" });
  expect([again.status, await json(again)]).toEqual([200, grant]);
  expect((await browser.send("POST", "/api/auth/refresh")).status).toBe(200);
  expect((await keys()).status).toBe(200);
  const list = await browser.fetch("/api/admin/roles");
  expect(await json(list)).toEqual({ roles: [grant] });
  expect((await auditedActions()).slice(before)).toEqual(["role.granted"]);
});

it("a role that is taken away ends the sessions that know of it", async () => {
  const browser = openBrowser(app);
  const { person_id: personId } = await browser.signIn(email);
  await asOperator("POST", "/api/admin/roles", { email, role: "moderator" });
  const path = `/api/admin/roles/${personId}/moderator`;
  const before = (await auditedActions()).length;
  expect((await asOperator("DELETE", path)).status).toBe(204);
  expect((await auditedActions()).slice(before)).toEqual(["role.revoked"]);
  await expectProblem(await asOperator("DELETE", path), "role_not_found");
  await expectProblem(await browser.send("POST", "/api/auth/refresh"), "session_missing");
  expect(await json(await asOperator("GET", "/api/admin/roles"))).toEqual({ roles: [] });
});

it("an address without an account gets no role, and isn't repeated in the answer", async () => {
  const answer = await asOperator("POST", "/api/admin/roles", { email, role: "admin" });
  expect(await answer.clone().text()).not.toContain("ada");
  await expectProblem(answer, "person_not_found");
  const wrong = await asOperator("POST", "/api/admin/roles", {
    email: "a@@b.example",
    role: "admin",
  });
  expect(await wrong.clone().text()).not.toContain("b.example");
  await expectProblem(wrong, "invalid_body");
  const owner = await asOperator("POST", "/api/admin/roles", { email, role: "owner" });
  await expectProblem(owner, "invalid_body");
});

it("a rotation that isn't there can't be brought on, and one without a new key doesn't start", async () => {
  const id = `rot_${"0".repeat(26)}`;
  const run = await asOperator("POST", `/api/admin/keys/rotations/${id}/batches`);
  await expectProblem(run, "rotation_not_found");
  const start = await asOperator("POST", "/api/admin/keys/rotations", { purpose: "kek" });
  await expectProblem(start, "rotation_impossible");
  const other = await asOperator("POST", "/api/admin/keys/rotations", { purpose: "session" });
  await expectProblem(other, "invalid_body");
});

it("a rotation stands in the audit log when it starts and when it has finished", async () => {
  const before = (await auditedActions()).length;
  const start = await asOperator("POST", "/api/admin/keys/rotations", { purpose: "dek" });
  expect(start.status).toBe(201);
  const { rotation_id: id } = await json<{ rotation_id: string }>(start);
  const run = await asOperator("POST", `/api/admin/keys/rotations/${id}/batches`);
  expect(await json(run)).toMatchObject({ rotation: { state: "finished" }, failed_subjects: [] });
  const list = await asOperator("GET", "/api/admin/keys/rotations");
  expect(await json(list)).toMatchObject({ rotations: [{ rotation_id: id, state: "finished" }] });
  expect((await auditedActions()).slice(before)).toEqual(["keys.rotation_started", "keys.rotated"]);
});

it("what is told of keys holds no key", async () => {
  const answer = await asOperator("GET", "/api/admin/keys");
  const text = await answer.text();
  const { active: _, ...roots } = JSON.parse(env.KEYRING) as Record<string, Record<string, string>>;
  const secrets = Object.values(roots).flatMap((versions) => Object.values(versions));
  expect(secrets.length).toBe(5);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});
