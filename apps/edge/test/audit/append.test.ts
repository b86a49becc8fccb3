import { genesisHash, hashOfEntry } from "@hi-stranger/core/audit/entry";
import { StoreError } from "@hi-stranger/core/errors";
import { beforeEach, describe, expect, it } from "vitest";
import type { AuditAct } from "../../src/services/audit.ts";
import { countPending, eventOf, openAudit, readLog } from "../support/audit.ts";
import { createHeldClock } from "../support/browser.ts";
import { emptyDatabase } from "../support/empty.ts";
import { env } from "../support/env.ts";

beforeEach(() => emptyDatabase(env.DB));

async function expectChained(): Promise<void> {
  let previousHash = genesisHash;
  let atMs = 0;
  for (const [index, entry] of (await readLog()).entries()) {
    expect(entry.seq).toBe(index + 1);
    expect(entry.atMs).toBeGreaterThanOrEqual(atMs);
    expect(entry.previousHash).toBe(previousHash);
    expect(entry.hash).toBe(await hashOfEntry(crypto.subtle, entry, previousHash));
    previousHash = entry.hash;
    atMs = entry.atMs;
  }
}

const counts = async () =>
  (await readLog()).map(({ detail }) => (JSON.parse(detail) as { count: number }).count);

describe("appending", () => {
  it("chains what many isolates with many callers each enter at once, and loses and repeats nothing", async () => {
    const clock = createHeldClock();
    const logs = Array.from({ length: 12 }, () => openAudit(clock));
    const wanted = Array.from({ length: 240 }, (_, index) => index);
    await Promise.all(wanted.map(async (each) => logs[each % logs.length]?.append(eventOf(each))));
    await expectChained();
    expect((await counts()).toSorted((a, b) => a - b)).toEqual(wanted);
  });

  it("enters equal events of two isolates twice", async () => {
    const clock = createHeldClock();
    await Promise.all([openAudit(clock).append(eventOf(1)), openAudit(clock).append(eventOf(1))]);
    expect(await counts()).toEqual([1, 1]);
    await expectChained();
  });

  it("goes on after the end of the log when the end is not where the isolate left it", async () => {
    const clock = createHeldClock();
    const [first, second] = [openAudit(clock), openAudit(clock)];
    await first.append(eventOf(1));
    await second.append(eventOf(2));
    await first.append(eventOf(3));
    await emptyDatabase(env.DB);
    await first.append(eventOf(4));
    expect(await counts()).toEqual([4]);
    await expectChained();
  });

  it("never enters an earlier time than the entry before has", async () => {
    const ahead = createHeldClock();
    ahead.move(60);
    await openAudit(ahead).append(eventOf(1));
    await openAudit(createHeldClock()).append(eventOf(2));
    const [first, second] = await readLog();
    expect(second?.atMs).toBe(first?.atMs);
  });

  it("refuses a detail that the closed lists don't hold", async () => {
    const log = openAudit(createHeldClock());
    for (const detail of [{ name: "Ada" }, { code: "Ada" }, { count: 0.5 }, { columns: ["Ada"] }]) {
      const event = { ...eventOf(1), detail: detail as object };
      await expect(log.append(event)).rejects.toThrow(/^audit detail /);
    }
    expect(await readLog()).toEqual([]);
  });

  it("fails when the log can't be written, and goes on when it can be again", async () => {
    const log = openAudit(createHeldClock());
    await env.DB.prepare("ALTER TABLE audit_log RENAME TO audit_log_away").run();
    await expect(log.append(eventOf(1))).rejects.toThrow(/audit_log/);
    await env.DB.prepare("ALTER TABLE audit_log_away RENAME TO audit_log").run();
    await log.append(eventOf(2));
    expect(await counts()).toEqual([2]);
  });
});

describe("an act", () => {
  const { outcome: _, ...act } = eventOf(7) satisfies AuditAct;

  it("is noted before it begins, and entered with what became of it", async () => {
    const log = openAudit(createHeldClock());
    const result = await log.during(act, async () => {
      expect(await countPending()).toBe(1);
      return "result";
    });
    expect(result).toBe("result");
    const refusal = new StoreError("not_supported", "");
    const endings = [new StoreError("profile_not_found", ""), refusal, new Error("broken")];
    for (const error of endings) {
      const failing = log.during(act, () => Promise.reject(error));
      await expect(failing).rejects.toBe(error);
    }
    const outcomes = (await readLog()).map((entry) => entry.outcome);
    expect(outcomes).toEqual(["done", "refused", "failed", "failed"]);
    expect(await countPending()).toBe(0);
    await expectChained();
  });

  it("doesn't begin when it can't be noted", async () => {
    const log = openAudit(createHeldClock());
    let hasBegun = false;
    await env.DB.prepare("ALTER TABLE audit_pending RENAME TO audit_pending_away").run();
    const trying = log.during(act, async () => {
      hasBegun = true;
    });
    await expect(trying).rejects.toThrow(/audit_pending/);
    await env.DB.prepare("ALTER TABLE audit_pending_away RENAME TO audit_pending").run();
    expect(hasBegun).toBe(false);
  });
});
