import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { toProfileRow } from "@hi-stranger/core/store/profile-store";
import { beforeEach, describe, expect, it } from "vitest";
import { createCachedProfileStore } from "../../src/stores/profiles.cached.ts";
import { createD1ImportStore } from "../../src/stores/imports.d1.ts";
import { createKvImportStore } from "../../src/stores/imports.kv.ts";
import type { ImportStore } from "../../src/stores/ports.ts";
import { createD1ProfileStore } from "../../src/stores/profiles.d1.ts";
import { createKvProfileStore } from "../../src/stores/profiles.kv.ts";
import { emptyDatabase, emptyNamespace } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personas } from "../support/personas.ts";

const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
const key = { scope: "tok", key: "k" };
const rows = personas(3).map((profile) => toProfileRow({ profile, line: JSON.stringify(profile) }));

function report(letter: string): ImportReport {
  return {
    import_id: `imp_${letter.repeat(26)}`,
    state: "running",
    started_at: "2026-01-01T00:00:00.000Z",
    finished_at: null,
    lines_total: 3,
    lines_valid: 3,
    lines_invalid: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    errors_sample: [],
    errors_truncated: false,
    checksum_sha256: null,
    bytes_received: 0,
    shard_id: null,
    notes: null,
  };
}

const finishOf = (letter: string) => ({
  key,
  fingerprint: "f",
  status: 200,
  report: { ...report(letter), state: "complete" as const },
  rows,
  audit: null,
});

const stores: [string, () => ImportStore][] = [
  [
    "D1",
    () => {
      const profiles = createCachedProfileStore(createD1ProfileStore(env.DB, clock), {
        kv: env.PROFILES_KV,
        newEpoch: () => crypto.randomUUID(),
        defer: () => undefined,
      });
      const bindings = { db: env.DB, reports: env.IMPORT_REPORT_KV, replays: env.IDEMPOTENCY_KV };
      return createD1ImportStore(bindings, profiles, clock);
    },
  ],
  [
    "KV",
    () => {
      const bindings = {
        records: env.PROFILES_KV,
        reports: env.IMPORT_REPORT_KV,
        replays: env.IDEMPOTENCY_KV,
      };
      return createKvImportStore(bindings, createKvProfileStore(env.PROFILES_KV, clock), clock);
    },
  ],
];

describe.each(stores)("a claim in %s", (name, createStore) => {
  let imports: ImportStore;
  beforeEach(async () => {
    await emptyDatabase(env.DB);
    await Promise.all(
      [env.PROFILES_KV, env.IMPORT_REPORT_KV, env.IDEMPOTENCY_KV].map(emptyNamespace),
    );
    imports = createStore();
  });

  it("holds while its import is alive, and is free 15 s after its last sign", async () => {
    expect(await imports.begin(report("a"), key)).toEqual({ kind: "claimed" });
    clock.time += 10_000;
    await imports.keepAlive(report("a"), key);
    clock.time += 14_000;
    expect(await createStore().begin(report("b"), key)).toMatchObject({
      kind: "running",
      retryAfterSeconds: 1,
    });
    expect(await imports.report(report("a").import_id)).toMatchObject({ state: "running" });
    clock.time += 1_001;
    expect(await imports.report(report("a").import_id)).toMatchObject({ state: "incomplete" });
    expect(await createStore().begin(report("b"), key)).toEqual({ kind: "claimed" });
  });

  it("that was abandoned is free at once", async () => {
    await imports.begin(report("a"), key);
    await imports.abandon({ ...report("a"), state: "refused" }, key);
    expect(await imports.begin(report("b"), key)).toEqual({ kind: "claimed" });
  });

  it("is the first answer once its import is finished, for 24 hours", async () => {
    await imports.begin(report("a"), key);
    const closed = await imports.finish(finishOf("a"));
    expect(closed).toMatchObject({ inserted: 3, updated: 0, unchanged: 0 });
    clock.time += 60 * 60 * 1000;
    expect(await createStore().begin(report("b"), key)).toEqual({
      kind: "finished",
      first: { fingerprint: "f", status: 200, report: closed },
    });
  });

  it("of another scope is another claim", async () => {
    await imports.begin(report("a"), key);
    expect(await imports.begin(report("b"), { ...key, scope: "other" })).toEqual({
      kind: "claimed",
    });
  });

  it.runIf(name === "D1")(
    "that was lost to another import can't be released or answered for",
    async () => {
      const late = imports;
      await late.begin(report("a"), key);
      clock.time += 15_000;
      const next = createStore();
      expect(await next.begin(report("b"), key)).toEqual({ kind: "claimed" });
      await late.abandon({ ...report("a"), state: "incomplete" }, key);
      expect(await createStore().begin(report("c"), key)).toMatchObject({ kind: "running" });
      await next.finish(finishOf("b"));
      await late.finish({ ...finishOf("a"), fingerprint: "another" });
      expect(await createStore().begin(report("c"), key)).toMatchObject({
        kind: "finished",
        first: { fingerprint: "f", report: { import_id: report("b").import_id } },
      });
      const { results } = await env.DB.prepare("SELECT response FROM idempotency").all();
      expect(results).toEqual([
        { response: JSON.stringify({ import_id: report("b").import_id, status: 200 }) },
      ]);
    },
  );

  it.runIf(name === "D1")("is answered from D1 when the copy in KV is gone", async () => {
    await imports.begin(report("a"), key);
    const closed = await imports.finish(finishOf("a"));
    await Promise.all([env.IDEMPOTENCY_KV, env.IMPORT_REPORT_KV].map(emptyNamespace));
    expect(await imports.begin(report("b"), key)).toEqual({
      kind: "finished",
      first: { fingerprint: "f", status: 200, report: closed },
    });
    expect(await imports.report(closed.import_id)).toEqual(closed);
  });
});
