import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Question } from "../../src/gatekeeper/messages.ts";
import { gatekeeper } from "../support/gatekeepers.ts";

const start = Date.UTC(2026, 10, 22);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const perMinute = { requests: 100, windowSeconds: 60 };
const perHour = { requests: 10, windowSeconds: 3600 };
const threshold = { floor: 10, ceiling: 100, perDay: 10_000 };

let objects = 0;
/** An object that nobody has used. */
function open() {
  const stub = gatekeeper(`test ${objects++}`);
  const ask = (change: Partial<Question> = {}) =>
    stub.ask({
      nowMs: start,
      class: "read",
      limit: perMinute,
      want: 1,
      giveBack: 0,
      counted: [],
      ...change,
    });
  const count = (count: number, nowMs = start, want = 0) =>
    ask({ nowMs, want, counted: [{ signal: "missing_id", count, threshold }] });
  return { stub, ask, count };
}

async function tablesOf(stub: ReturnType<typeof gatekeeper>): Promise<string[]> {
  return runInDurableObject(stub, (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'",
      )
      .toArray()
      .map(({ name }) => name),
  );
}

describe("a Gatekeeper's buckets", () => {
  it("are shared by all who ask, so that together they get the limit and no more", async () => {
    const { ask } = open();
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask({ want: 7 })));
    expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
    expect((await ask()).secondsUntilNext).toBeCloseTo(0.6);
    expect((await ask({ nowMs: start + 6_000, want: 50 })).granted).toBe(10);
  });

  it("are one for each class, and take back what an isolate didn't use", async () => {
    const { ask } = open();
    expect((await ask({ want: 100 })).remaining).toBe(0);
    expect((await ask({ want: 100, class: "write" })).granted).toBe(100);
    expect(await ask({ want: 0, giveBack: 40 })).toMatchObject({ granted: 0, remaining: 40 });
  });

  it("of more than a minute survive the object's eviction, and those of a minute aren't stored", async () => {
    const { stub, ask } = open();
    await ask({ want: 100 });
    expect(await tablesOf(stub)).toEqual([]);
    await ask({ class: "export", limit: perHour, want: 10 });
    await evictDurableObject(stub);
    expect((await ask({ class: "export", limit: perHour })).granted).toBe(0);
    const later = { class: "export", limit: perHour, nowMs: start + 6 * minuteMs } as const;
    expect((await ask(later)).granted).toBe(1);
  });
});

describe("a Gatekeeper that notices too much", () => {
  it("throttles to a tenth above the threshold, for 15 minutes", async () => {
    const { ask, count } = open();
    expect((await count(10)).breaches).toEqual([]);
    const { breaches } = await count(1);
    const untilMs = start + 15 * minuteMs;
    expect(breaches).toEqual([{ signal: "missing_id", kind: "throttled", untilMs }]);
    expect((await ask({ want: 100 })).granted).toBe(10);
    expect((await count(1)).breaches).toEqual([]);
    expect((await ask({ want: 100, nowMs: untilMs })).granted).toBeGreaterThan(10);
  });

  it("blocks every class above twice the threshold, for 15 minutes, through an eviction", async () => {
    const { stub, ask, count } = open();
    const untilMs = start + 15 * minuteMs;
    expect((await count(21)).breaches).toEqual([
      { signal: "missing_id", kind: "blocked", untilMs },
    ]);
    await evictDurableObject(stub);
    for (const name of ["read", "write", "sign_in"] as const) {
      expect(await ask({ class: name })).toMatchObject({ granted: 0, blockedUntilMs: untilMs });
    }
    expect(await ask({ nowMs: untilMs })).toMatchObject({ granted: 1, blockedUntilMs: null });
  });

  it("blocks twice as long each time within a day, up to a day", async () => {
    const { count } = open();
    const minutes: number[] = [];
    let nowMs = start;
    for (let time = 0; time < 9; time++) {
      const [breach] = (await count(21, nowMs)).breaches;
      minutes.push(((breach?.untilMs ?? 0) - nowMs) / minuteMs);
      nowMs = breach?.untilMs ?? 0;
    }
    expect(minutes).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
    const [later] = (await count(21, nowMs + 24 * hourMs)).breaches;
    expect(later?.untilMs).toBe(nowMs + 24 * hourMs + 15 * minuteMs);
  });

  it("doesn't hold what led to a block against the caller afterwards, nor take it for usual", async () => {
    const { count } = open();
    await count(1_000);
    expect((await count(10, start + 15 * minuteMs)).breaches).toEqual([]);
    expect((await count(11, start + 5 * hourMs)).breaches).toMatchObject([{ kind: "throttled" }]);
  });

  it("keeps its counts through an eviction", async () => {
    const { stub, count } = open();
    await count(10);
    await evictDurableObject(stub);
    expect((await count(1)).breaches).toMatchObject([{ kind: "throttled" }]);
  });
});

describe("a Gatekeeper's list of revoked sessions", () => {
  it("comes with every answer until their access tokens have expired, through an eviction", async () => {
    const { stub, ask } = open();
    const untilMs = start + 11 * minuteMs;
    await stub.revoke({ sessionIds: ["sgn_a", "sgn_b"], nowMs: start, untilMs });
    await evictDurableObject(stub);
    expect((await ask({ want: 0 })).revokedSessions.toSorted()).toEqual(["sgn_a", "sgn_b"]);
    expect((await ask({ nowMs: untilMs })).revokedSessions).toEqual([]);
  });
});

describe("a Gatekeeper that nobody needs any more", () => {
  it("is emptied by its alarm, which it sets with the first thing it stores", async () => {
    const { stub, ask, count } = open();
    await ask();
    expect(await runDurableObjectAlarm(stub)).toBe(false);
    await count(21);
    await stub.revoke({ sessionIds: ["sgn_a"], nowMs: start, untilMs: start + minuteMs });
    await ask({ class: "export", limit: perHour });
    expect((await tablesOf(stub)).toSorted()).toEqual([
      "buckets",
      "revoked_sessions",
      "sanctions",
      "signal_counts",
    ]);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await tablesOf(stub)).toEqual([]);
    expect(await runDurableObjectAlarm(stub)).toBe(false);
    expect(await ask()).toMatchObject({ granted: 1, blockedUntilMs: null, revokedSessions: [] });
  });

  it("is not emptied before what it keeps has ended", async () => {
    const { stub, count } = open();
    const before = Date.now();
    await count(1);
    const alarmAtMs = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(alarmAtMs).toBeGreaterThanOrEqual(before + 25 * hourMs);
    await count(21);
    const later = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(later).toBeGreaterThanOrEqual(before + 48 * hourMs);
  });
});
