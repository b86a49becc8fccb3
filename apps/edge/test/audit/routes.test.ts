import { auditCheckpointSchema, auditEntrySchema } from "@hi-stranger/core/contract/audit";
import type { AuditEntry } from "@hi-stranger/core/contract/audit";
import { listViolations } from "@hi-stranger/core/schema/violations";
import { beforeEach, describe, expect, it } from "vitest";
import { createKeeper } from "../../src/app-audit.ts";
import { keepAudit } from "../../src/jobs/keep-audit.ts";
import { type AuditQuery } from "../../src/stores/audit-ports.ts";
import { createD1AuditEntryStore } from "../../src/stores/audit-entries.d1.ts";
import { type Api, createApi, expectProblem, json } from "../support/api.ts";
import { eventOf, openAudit } from "../support/audit.ts";
import { createHeldClock } from "../support/browser.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyBucket, emptyDatabase } from "../support/empty.ts";
import { env } from "../support/env.ts";

const path = "/api/admin/audit";
const count = 60;
const firstMs = createHeldClock().now();
const hourMs = 60 * 60 * 1000;

interface Page {
  readonly items: AuditEntry[];
  readonly list_complete: boolean;
  readonly next_cursor: string | null;
}

let api: Api;
beforeEach(async () => {
  await emptyDatabase(env.DB);
  await emptyBucket(env.AUDIT_CHECKPOINTS);
  const clock = createHeldClock();
  const log = openAudit(clock);
  // An hour each, and of every three one refusal of another kind.
  for (let index = 0; index < count; index++) {
    const isThird = index % 3 === 0;
    const other = { action: "access.refused", outcome: "refused" } as const;
    await log.append({ ...eventOf(index), ...(isThird ? other : {}) });
    clock.move(60 * 60);
  }
  const keeper = createKeeper({ ...env, HS_MODE: "live" }, clock.now());
  if (keeper) await keepAudit(keeper, clock.now());
  api = await createApi("live", ["audit:read"]);
});

async function walk(query: string): Promise<AuditEntry[]> {
  const items: AuditEntry[] = [];
  let cursor: string | null = null;
  do {
    const at = cursor === null ? "" : `&cursor=${cursor}`;
    const answer = await api.call(`${path}?${query}${at}`);
    expect(answer.status).toBe(200);
    const page: Page = await json<Page>(answer);
    expect(page.list_complete).toBe(page.next_cursor === null);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

describe("GET /api/admin/audit", () => {
  it("gives every entry once, in either order, as the contract has it", async () => {
    // What the calls themselves enter comes after the entries that were there.
    const isOld = ({ seq }: AuditEntry) => seq <= count;
    const oldest = (await walk("order=oldest&limit=7")).filter(isOld);
    expect(oldest.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect((await walk("limit=11")).filter(isOld)).toEqual(oldest.toReversed());
    for (const entry of oldest) expect(listViolations(auditEntrySchema, entry)).toEqual([]);
  });

  it("filters by action, outcome and time, and by all of them together", async () => {
    const refused = await walk("order=oldest&action=access.refused&limit=4");
    expect(refused.map(({ detail }) => detail.count)).toEqual(
      Array.from({ length: count / 3 }, (_, index) => index * 3),
    );
    expect(await walk("order=oldest&outcome=refused")).toEqual(refused);
    expect(await walk("action=access.refused&outcome=done")).toEqual([]);
    const [since, until] = [10, 20].map((hour) => new Date(firstMs + hour * hourMs).toISOString());
    const between = await walk(`order=oldest&since=${since}&until=${until}&limit=3`);
    expect(between.map(({ detail }) => detail.count)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]);
    const both = await walk(`action=access.refused&outcome=refused&since=${since}&until=${until}`);
    expect(both.map(({ detail }) => detail.count)).toEqual([18, 15, 12]);
    expect(await walk("since=2030-01-01T00:00:00Z")).toEqual([]);
  });

  it("refuses another list's cursor, and parameters that it doesn't take", async () => {
    const page = await json<Page>(await api.call(`${path}?limit=1`));
    const other = await api.call(`${path}?limit=1&order=oldest&cursor=${page.next_cursor}`);
    await expectProblem(other, "invalid_cursor");
    for (const query of ["limit=0", "limit=1001", "action=x", "since=yesterday", "x=1"]) {
      await expectProblem(await api.call(`${path}?${query}`), "invalid_parameter");
    }
  });

  it("is itself an entry, and is refused to tokens of other scopes, which is one too", async () => {
    await api.call(path);
    const [newest] = (await json<Page>(await api.call(`${path}?limit=1`))).items;
    expect(newest).toMatchObject({
      action: "admin.called",
      actor: expect.stringMatching(/^token:tok_/) as string,
      detail: { route: "listAuditEntries", access: "audit.read" },
    });
    const other = await createApi("live", ["profiles:read"]);
    await expectProblem(await other.call(path), "scope_missing");
    const found = await walk("action=access.refused&limit=1000");
    expect(found[0]?.detail).toEqual({
      route: "listAuditEntries",
      access: "audit.read",
      code: "scope_missing",
      count: 1,
    });
  });

  it("doesn't exist in the prototype", async () => {
    const prototype = await createApi("prototype");
    await expectProblem(await prototype.call(path), "not_supported");
    await expectProblem(await prototype.call(`${path}/checkpoints`), "not_supported");
  });
});

describe("the rows that a page reads", () => {
  const queries: [string, Partial<AuditQuery>, number][] = [
    ["without a filter", {}, 0],
    ["by action", { action: "access.refused" }, 0],
    ["by outcome", { outcome: "refused" }, 0],
    ["by both", { action: "access.refused", outcome: "refused" }, 0],
    ["in the middle", { afterSeq: 30, action: "access.refused" }, 0],
    ["by time", { sinceMs: firstMs + 10 * hourMs, untilMs: firstMs + 50 * hourMs }, 2],
  ];

  it.each(queries)(
    "%s are those it gives, and one more for each bound of time",
    async (_, query, bounds) => {
      for (const order of ["newest", "oldest"] as const) {
        const { db, rowsRead } = countingDatabase(env.DB);
        const limit = 6;
        const found = await createD1AuditEntryStore(db).list({
          order,
          limit,
          afterSeq: null,
          ...query,
        });
        expect(found).toHaveLength(limit);
        const [read = Number.POSITIVE_INFINITY] = rowsRead;
        expect(read).toBeLessThanOrEqual(limit + bounds);
      }
    },
  );
});

describe("GET /api/admin/audit/checkpoints", () => {
  it("gives those of all days and the keys that sign them, page by page", async () => {
    const first = await api.call(`${path}/checkpoints?limit=1`);
    const one = await json<Page & { keys: unknown[] }>(first);
    expect(one.items).toHaveLength(1);
    expect(one.keys).toEqual([
      { version: 1, public_key: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string },
    ]);
    const rest = await api.call(`${path}/checkpoints?cursor=${one.next_cursor}`);
    const { items, list_complete: isComplete } = await json<Page>(rest);
    expect(isComplete).toBe(true);
    for (const each of items) expect(listViolations(auditCheckpointSchema, each)).toEqual([]);
    expect(items.map((each) => (each as unknown as { day: string }).day)).toEqual(["2026-11-23"]);
  });

  it("says 503 where the bucket is missing", async () => {
    const without = await createApi("live", ["audit:read"], {
      AUDIT_CHECKPOINTS: undefined,
    } as object);
    await expectProblem(await without.call(`${path}/checkpoints`), "store_unavailable");
  });
});
