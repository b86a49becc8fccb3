import { beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/services/audit.ts";
import { openAudit, readLog } from "../support/audit.ts";
import { createHeldClock, openApp, openBrowser } from "../support/browser.ts";
import { emptyDatabase, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const hourSeconds = 60 * 60;

let clock: ReturnType<typeof createHeldClock>;
beforeEach(async () => {
  clock = createHeldClock();
  await emptyDatabase(env.DB);
  await emptyPeople(env.PII_DB);
});

function refusalOf(personId: string, route = "listTokens"): AuditEvent {
  return {
    actor: { kind: "person", personId },
    action: "access.refused",
    subject: null,
    outcome: "refused",
    detail: { route, access: "tokens.manage", code: "role_missing" },
  };
}

/** For how many each entry stands, by route. */
async function countsOf() {
  const log = (await readLog()).filter(({ action }) => action === "access.refused");
  return log.map(({ detail }) => {
    const { route, count } = JSON.parse(detail) as { route: string; count: number };
    return [route, count];
  });
}

describe("refusals of somebody who is known", () => {
  it("are entered once an hour, however often they ask", async () => {
    const app = openApp({}, clock);
    const browser = openBrowser(app);
    await browser.signIn("canary.mail@example.org");
    for (let time = 0; time < 5; time++) {
      expect((await browser.fetch("/api/tokens")).status).toBe(403);
    }
    expect(await countsOf()).toEqual([["listTokens", 1]]);
    expect((await browser.fetch("/api/admin/audit")).status).toBe(403);
    expect(await countsOf()).toEqual([
      ["listTokens", 1],
      ["listAuditEntries", 1],
    ]);
  });

  it("are all told of once the hour is over, by whoever is refused next", async () => {
    const log = openAudit(clock);
    for (let time = 0; time < 40; time++) await log.appendCounted(refusalOf("psn_1"));
    clock.move(hourSeconds - 1);
    await log.appendCounted(refusalOf("psn_2", "createToken"));
    expect(await countsOf()).toEqual([
      ["listTokens", 1],
      ["createToken", 1],
    ]);
    clock.move(1);
    await log.appendCounted(refusalOf("psn_2", "createToken"));
    expect((await countsOf()).slice(2)).toEqual([["listTokens", 39]]);
    await log.appendCounted(refusalOf("psn_1"));
    expect((await countsOf()).slice(3)).toEqual([["listTokens", 1]]);
    clock.move(hourSeconds);
    await log.appendCounted(refusalOf("psn_3", "revokeToken"));
    expect((await countsOf()).slice(4).toSorted()).toEqual([
      ["createToken", 1],
      ["revokeToken", 1],
    ]);
  });

  it("of two people don't count together", async () => {
    const log = openAudit(clock);
    await Promise.all(["psn_1", "psn_2", "psn_1"].map((id) => log.appendCounted(refusalOf(id))));
    const entries = await readLog();
    expect(new Set(entries.map(({ actor }) => actor)).size).toBe(2);
    expect(entries).toHaveLength(2);
  });

  it("are lost by no database that fails: the first is refused, and what was counted is counted on", async () => {
    const log = openAudit(clock);
    await log.appendCounted(refusalOf("psn_1"));
    for (let time = 0; time < 3; time++) await log.appendCounted(refusalOf("psn_1"));
    clock.move(hourSeconds);
    await env.DB.prepare("ALTER TABLE audit_log RENAME TO audit_log_away").run();
    try {
      await expect(log.appendCounted(refusalOf("psn_2"))).rejects.toThrow(/no such table/);
    } finally {
      await env.DB.prepare("ALTER TABLE audit_log_away RENAME TO audit_log").run();
    }
    await log.appendCounted(refusalOf("psn_2", "createToken"));
    await log.appendCounted(refusalOf("psn_2"));
    expect((await countsOf()).slice(1)).toEqual([
      ["createToken", 1],
      ["listTokens", 1],
    ]);
    clock.move(hourSeconds);
    await log.appendCounted(refusalOf("psn_3"));
    expect((await countsOf()).slice(3).toSorted()).toEqual([
      ["listTokens", 1],
      ["listTokens", 3],
    ]);
  });
});
