import { isSignedBy } from "@hi-stranger/core/audit/checkpoint";
import { verifyAudit } from "@hi-stranger/core/audit/verify";
import { fromBase64Url } from "@hi-stranger/core/codec/bytes";
import { readKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted } from "@hi-stranger/core/crypto/redacted";
import { beforeEach, describe, expect, it } from "vitest";
import { createKeeper, createReader } from "../../src/app-audit.ts";
import { keepAudit } from "../../src/jobs/keep-audit.ts";
import { type AuditDaysBounds, createAuditDays } from "../../src/services/audit-days.ts";
import { createR2AuditCheckpointStore } from "../../src/stores/audit-checkpoints.r2.ts";
import { createD1AuditEntryStore } from "../../src/stores/audit-entries.d1.ts";
import { createD1AuditProgressStore } from "../../src/stores/audit-progress.d1.ts";
import worker from "../../src/worker.ts";
import { countPending, eventOf, openAudit, readLog } from "../support/audit.ts";
import { createHeldClock } from "../support/browser.ts";
import { emptyBucket, emptyDatabase } from "../support/empty.ts";
import { env } from "../support/env.ts";

const daySeconds = 24 * 60 * 60;
const checkpoints = createR2AuditCheckpointStore(env.AUDIT_CHECKPOINTS);

let clock: ReturnType<typeof createHeldClock>;
beforeEach(async () => {
  clock = createHeldClock();
  await emptyDatabase(env.DB);
  await emptyBucket(env.AUDIT_CHECKPOINTS);
});

/** Enters `perDay` things on each of `dayCount` days, and stops at the beginning of the day after. */
async function live(dayCount: number, perDay: number): Promise<void> {
  for (let day = 0; day < dayCount; day++) {
    for (let count = 0; count < perDay; count++) await openAudit(clock).append(eventOf(count));
    clock.move(daySeconds);
  }
}

/** The hourly job, as it runs now. */
async function keep(): Promise<void> {
  const keeper = createKeeper({ ...env, HS_MODE: "live" }, clock.now());
  if (!keeper) throw new Error("nobody keeps the log");
  await keepAudit(keeper, clock.now());
}

/** The log's keeper, with less to do in a run. */
function openDays(bounds: Partial<AuditDaysBounds>) {
  return createAuditDays({
    environment: env.HS_ENV,
    keyring: readKeyring(new Redacted(env.KEYRING)),
    subtle: crypto.subtle,
    log: openAudit(clock),
    entries: createD1AuditEntryStore(env.DB),
    progress: createD1AuditProgressStore(env.DB),
    checkpoints,
    bounds: { pageSize: 2, maxPages: 1, batchRows: 2, maxBatches: 1, ...bounds },
  });
}

const reader = () => createReader(env.DB, env);

async function verify() {
  const { items } = await reader().list({ order: "oldest", limit: 10_000, afterSeq: null });
  const days = await checkpoints.list(null, 1_000);
  const keys = await reader().keys();
  return verifyAudit(crypto.subtle, {
    entries: streamOf(items),
    checkpoints: streamOf(days),
    keys,
  });
}

async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void> {
  yield* items;
}

describe("the checkpoint of a day", () => {
  it("is signed once the day has ended, also when days were missed, and once alone", async () => {
    await keep();
    await live(1, 3);
    clock.move(-1);
    await keep();
    expect(await checkpoints.list(null, 10)).toEqual([]);
    clock.move(1);
    await live(2, 0);
    await live(1, 2);
    await keep();
    const days = await checkpoints.list(null, 10);
    expect(
      days.map(({ day, first_seq, last_seq, count }) => [day, first_seq, last_seq, count]),
    ).toEqual([
      ["2026-11-22", 1, 3, 3],
      ["2026-11-23", 4, 3, 0],
      ["2026-11-24", 4, 3, 0],
      ["2026-11-25", 4, 5, 2],
    ]);
    const before = await readLog();
    await keep();
    await Promise.all([keep(), keep()]);
    expect(await checkpoints.list(null, 10)).toEqual(days);
    expect(await readLog()).toEqual(before);
    expect(await verify()).toMatchObject({ signedSeq: 5, entryCount: 6 });
  });

  it("comes after an entry of a later day, so that nothing can come into the day any more", async () => {
    await live(1, 1);
    await keep();
    const [, closing] = await readLog();
    expect(closing).toMatchObject({ action: "audit.day_closed", actor: "system" });
    await openAudit(createHeldClock()).append(eventOf(9));
    expect((await readLog()).at(-1)?.atMs).toBe(clock.now());
    await keep();
    expect(await verify()).toMatchObject({ signedSeq: 1, lastSeq: 3 });
  });

  it("is signed by a key that the API shows", async () => {
    await live(1, 1);
    await keep();
    const [checkpoint] = await checkpoints.list(null, 1);
    const [key] = await reader().keys();
    const publicKey = fromBase64Url(key?.public_key ?? "");
    if (!publicKey || !checkpoint) throw new Error("nothing was signed");
    expect(await isSignedBy(crypto.subtle, publicKey, checkpoint)).toBe(true);
    expect(JSON.stringify(checkpoint)).not.toContain("persona");
  });

  it("is not signed for a day that somebody has changed, and says where", async () => {
    await live(1, 3);
    await env.DB.prepare("UPDATE audit_log SET actor = 'operator' WHERE seq = 2").run();
    await expect(keep()).rejects.toMatchObject({ code: "entry_changed", seq: 2 });
    expect(await checkpoints.list(null, 10)).toEqual([]);
  });

  it("is what the hourly job of the Worker writes", async () => {
    await live(1, 1);
    await worker.scheduled({ scheduledTime: clock.now(), cron: "17 * * * *", noRetry() {} }, env);
    expect(await checkpoints.last()).toMatchObject({ day: "2026-11-22", last_seq: 1 });
  });
});

describe("a day of more entries than one run reads", () => {
  const mark = () => env.DB.prepare("SELECT day, seq FROM audit_progress").first();

  it("is signed by a later run, each of which goes on where the one before stopped", async () => {
    await live(1, 5);
    const days = openDays({});
    expect(await days.close(clock.now())).toBe(0);
    expect(await mark()).toEqual({ day: "2026-11-22", seq: 2 });
    expect(await days.close(clock.now())).toBe(0);
    expect(await mark()).toEqual({ day: "2026-11-22", seq: 4 });
    expect(await checkpoints.list(null, 10)).toEqual([]);
    expect(await days.close(clock.now())).toBe(1);
    expect(await mark()).toBeNull();
    expect(await verify()).toMatchObject({ signedSeq: 5, lastSeq: 6, checkpointCount: 1 });
  });

  it("leaves the queries of a run to all its days together", async () => {
    await live(3, 1);
    expect(await openDays({ maxPages: 2 }).close(clock.now())).toBe(2);
    expect(await openDays({ maxPages: 2 }).close(clock.now())).toBe(1);
    expect(await verify()).toMatchObject({ signedSeq: 3, checkpointCount: 3 });
  });

  it("is recomputed from its beginning when the log no longer has the entry that was reached", async () => {
    await live(1, 5);
    await openDays({}).close(clock.now());
    await env.DB.prepare("UPDATE audit_progress SET hash = 'x' || substr(hash, 2)").run();
    await env.DB.prepare("UPDATE audit_log SET actor = 'operator' WHERE seq = 1").run();
    const closing = openDays({ maxPages: 9 }).close(clock.now());
    await expect(closing).rejects.toMatchObject({ code: "entry_changed", seq: 1 });
  });

  it("is not signed when an entry after the one that was reached is changed", async () => {
    await live(1, 5);
    await openDays({}).close(clock.now());
    await env.DB.prepare("UPDATE audit_log SET actor = 'operator' WHERE seq = 3").run();
    const closing = openDays({ maxPages: 9 }).close(clock.now());
    await expect(closing).rejects.toMatchObject({ code: "entry_changed", seq: 3 });
    expect(await checkpoints.list(null, 10)).toEqual([]);
  });
});

describe("a log in the database", () => {
  const changes: [string, string, string][] = [
    ["changed", "UPDATE audit_log SET detail = '{}' WHERE seq = 4", "entry_changed"],
    ["damaged", "UPDATE audit_log SET detail = '{' WHERE seq = 4", "entry_changed"],
    ["dated beyond all dates", "UPDATE audit_log SET at = 9e15 WHERE seq = 4", "order_broken"],
    ["removed", "DELETE FROM audit_log WHERE seq = 4", "entry_missing"],
    [
      "with an entry moved to its front",
      "UPDATE audit_log SET seq = -4 WHERE seq = 4",
      "entry_changed",
    ],
    ["cut off at its end", "DELETE FROM audit_log WHERE seq >= 4", "end_missing"],
    ["cut off at its beginning", "DELETE FROM audit_log WHERE seq < 4", "start_missing"],
  ];

  it.each(changes)("that was %s is found out", async (_, sql, code) => {
    await live(2, 3);
    await keep();
    expect(await verify()).toMatchObject({ signedSeq: 6 });
    await env.DB.prepare(sql).run();
    await expect(verify()).rejects.toMatchObject({ name: "AuditFault", code });
  });
});

describe("pruning", () => {
  it("removes whole days 30 days after their end, tells of them, and leaves a log that verifies", async () => {
    await live(3, 4);
    await keep();
    clock.move(27 * daySeconds);
    await keep();
    expect((await readLog())[0]?.seq).toBe(1);
    clock.move(daySeconds);
    await keep();
    const log = await readLog();
    expect(log[0]?.seq).toBe(5);
    const [signed] = await checkpoints.list(null, 1);
    const told = log.find(({ action }) => action === "audit.pruned");
    expect(JSON.parse(told?.detail ?? "")).toEqual({
      first_seq: 1,
      last_seq: 4,
      count: 4,
      head_hash: signed?.head_hash,
    });
    expect(await verify()).toMatchObject({ firstSeq: 5 });
    clock.move(60 * daySeconds);
    for (let run = 0; run < 4; run++) {
      await keep();
      await verify();
    }
    expect((await readLog()).every(({ actor }) => actor === "system")).toBe(true);
  });

  it("waits for the checkpoint, and refuses one that isn't that of the log", async () => {
    await live(1, 2);
    clock.move(40 * daySeconds);
    const { AUDIT_CHECKPOINTS: _, ...rest } = env;
    const without = createKeeper({ ...rest, HS_MODE: "live" }, clock.now());
    expect(without?.days).toBeNull();
    await keep();
    expect((await readLog())[0]?.seq).toBe(3);
    await emptyDatabase(env.DB);
    await emptyBucket(env.AUDIT_CHECKPOINTS);
    clock = createHeldClock();
    await live(1, 2);
    await keep();
    await env.DB.prepare("UPDATE audit_log SET hash = 'x' || substr(hash, 2) WHERE seq = 2").run();
    clock.move(40 * daySeconds);
    const keeper = createKeeper({ ...env, HS_MODE: "live" }, clock.now());
    await expect(keeper?.days?.prune(clock.now())).rejects.toThrow(/is not that of the log/);
    expect(await readLog()).toHaveLength(3);
  });

  it("removes no more rows in one run than it may, and goes on where it stopped", async () => {
    await live(1, 10);
    await keep();
    clock.move(31 * daySeconds);
    const days = openDays({ batchRows: 2, maxBatches: 2 });
    expect(await days.prune(clock.now())).toBe(4);
    expect(await verify()).toMatchObject({ firstSeq: 5 });
    expect(await days.prune(clock.now())).toBe(4);
    expect(await days.prune(clock.now())).toBe(2);
    expect(await days.prune(clock.now())).toBe(0);
    const told = (await readLog()).filter(({ action }) => action === "audit.pruned");
    expect(told).toHaveLength(1);
    expect(await verify()).toMatchObject({ firstSeq: 11 });
  });
});

describe("what was noted and never entered", () => {
  it("is entered an hour later, once, as unknown when it never said how it ended", async () => {
    const log = openAudit(clock);
    const noted = await log.prepare(eventOf(1));
    await env.DB.prepare(
      `INSERT INTO audit_pending SELECT ?1, ?2, actor, action, subject, outcome, detail FROM (
         SELECT ?3 AS actor, ?4 AS action, NULL AS subject, NULL AS outcome, '{}' AS detail)`,
    )
      .bind("evt_1", clock.now(), noted.actor, noted.action)
      .run();
    clock.move(60 * 60);
    await keep();
    expect(await readLog()).toEqual([]);
    clock.move(1);
    await Promise.all([keep(), keep(), keep()]);
    const entries = await readLog();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ outcome: "unknown", action: "persona.deleted" });
    const begunAtMs = clock.now() - (60 * 60 + 1) * 1000;
    expect(JSON.parse(entries[0]?.detail ?? "")).toEqual({ begun_at_ms: begunAtMs });
    expect(await countPending()).toBe(0);
  });
});
