/**
 * What every `ProfileStore` does, as tests. Each adapter's test file calls
 * {@link describeProfileStore}; it runs in Node, in workerd and in a browser.
 *
 * A store that declares less is held to less: one that is not consistent may show a write a little
 * later, and one that is not atomic may show a write half done.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StoreError } from "../src/errors.ts";
import type { UserProfile } from "../src/schema/user-profile.ts";
import { matchesFilter } from "../src/store/profile-store.ts";
import type { ProfileFilter, ProfileRow, ProfileStore } from "../src/store/profile-store.ts";
import { idsOf, readRow, rowOf } from "./profile-rows.ts";
import { applyToBoth, counts, expectSame, operations } from "./profile-store-model.ts";
import {
  applyChange,
  applyChanges,
  lastRevOf,
  pageQuery,
  revsOf,
  soon,
  walkChanges,
  walkList,
} from "./profile-store-walk.ts";

const bigTestMs = 60_000;

/**
 * Declares the suite.
 *
 * @param createStore Gives an empty store each time it is called.
 */
export function describeProfileStore(
  name: string,
  createStore: () => Promise<ProfileStore> | ProfileStore,
): void {
  const withRows = async (...rows: readonly ProfileRow[]): Promise<ProfileStore> => {
    const store = await createStore();
    await store.write(rows);
    return store;
  };

  describe(`${name} as a ProfileStore`, () => {
    describe("reading and writing one record", () => {
      test("an empty store has no record, no page, no change and counts zero", async () => {
        const store = await createStore();
        expect(await store.get("usr_nobody")).toBeNull();
        expect(await store.list(pageQuery())).toEqual({ items: [], nextCursor: null });
        expect(await store.count()).toBe(0);
        const changes = await store.changes(0, 10);
        expect(changes).toEqual({ changes: [], nextSinceRev: 0, isComplete: true });
      });

      test("gives back the line that was written, and null for another id", async () => {
        const row = rowOf("usr_aaaaaa");
        const store = await withRows(row);
        await soon(store, async () => {
          const stored = await store.get("usr_aaaaaa");
          expect(stored).toEqual({ profileId: "usr_aaaaaa", rev: anyRev, line: row.line });
        });
        expect(await store.get("usr_aaaaab")).toBeNull();
        expect(await store.get("usr_aaaaaaa")).toBeNull();
      });

      test("keeps every character: scripts, emoji, quotes, control characters and separators", async () => {
        const biography =
          'Žluťoučký 猫 עברית ‏العربية ¿qué? ß 👩🏽‍🚀🇪🇺 e\u0301 "quoted" \\ back\tslash\n \u0000\u001f\u007f\u2028\u2029\ufeff <b>&amp;\' %s ${x}';
        const row = rowOf("usr_script", {
          biography,
          interests: ["日本語", "'; DROP TABLE profiles;--"],
        });
        const store = await withRows(row);
        await soon(store, async () => {
          expect((await store.get("usr_script"))?.line).toBe(row.line);
        });
        expect((await walkList(store)).map(({ line }) => line)).toEqual([row.line]);
        expect((await walkChanges(store)).map(({ line }) => line)).toEqual([row.line]);
      });

      test("keeps the longest biography and a record of nearly the longest line", async () => {
        const longest = rowOf("usr_longbio", { biography: "🧭".repeat(800) });
        const interests = Array.from(
          { length: 1000 },
          (_, index) => `ínterest ${index} ${"x".repeat(100)}`,
        );
        const largest = rowOf("usr_largest", { interests });
        expect(largest.line.length).toBeGreaterThan(110_000);
        const store = await withRows(longest, largest);
        await soon(store, async () => {
          expect((await store.get("usr_longbio"))?.line).toBe(longest.line);
          expect((await store.get("usr_largest"))?.line).toBe(largest.line);
        });
      });

      test("keeps the order of a record's members as it came", async () => {
        const { profile_id: id, ...rest } = JSON.parse(rowOf("usr_ordered").line) as UserProfile;
        const reordered = readRow(JSON.stringify({ ...rest, profile_id: id }));
        const store = await withRows(reordered);
        await soon(store, async () => {
          expect((await store.get("usr_ordered"))?.line).toBe(reordered.line);
        });
      });

      test("tells ids apart that begin alike, up to 128 characters", async () => {
        const ids = ["usr_abcdef", "usr_abcdefg", `usr_abcdef${"0".repeat(118)}`];
        const store = await withRows(...ids.map((id) => rowOf(id, { userName: id })));
        for (const id of ids) {
          await soon(store, async () => {
            expect((await store.get(id))?.line).toBe(rowOf(id, { userName: id }).line);
          });
        }
        expect(await store.count()).toBe(3);
      });
    });

    describe("what a write reports", () => {
      test("counts new rows as inserted, other text as updated and the same text as unchanged", async () => {
        const store = await createStore();
        const [a, b, c] = ["usr_aaaaaa", "usr_bbbbbb", "usr_cccccc"] as const;
        expect(await store.write([rowOf(a), rowOf(b)])).toEqual(counts(2, 0, 0));
        const second = [rowOf(a), rowOf(b, { empathy: 5 }), rowOf(c)];
        expect(await store.write(second)).toEqual(counts(1, 1, 1));
        expect(await store.write(second)).toEqual(counts(0, 0, 3));
        await soon(store, async () => {
          expect(await store.count()).toBe(3);
          expect((await store.get(b))?.line).toBe(second[1]?.line);
        });
      });

      test("a write of nothing does nothing", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"));
        const before = await store.changes(0, 10);
        expect(await store.write([])).toEqual(counts(0, 0, 0));
        expect(await store.changes(0, 10)).toEqual(before);
      });

      test("of several rows with one id the last wins and the others count as unchanged", async () => {
        const store = await createStore();
        const rows = [1, 2, 3].map((empathy) => rowOf("usr_again1", { empathy }));
        expect(await store.write(rows)).toEqual(counts(1, 0, 2));
        const more = [4, 5].map((empathy) => rowOf("usr_again1", { empathy }));
        expect(await store.write([...more, rowOf("usr_other1")])).toEqual(counts(1, 1, 1));
        await soon(store, async () => {
          expect((await store.get("usr_again1"))?.line).toBe(more[1]?.line);
        });
        expect((await walkChanges(store)).map((change) => change.profileId).sort()).toEqual([
          "usr_again1",
          "usr_other1",
        ]);
      });

      test("a row that a later row takes back to what is stored changes nothing", async () => {
        const store = await withRows(rowOf("usr_back01"));
        const before = await store.changes(0, 10);
        const there = rowOf("usr_back01", { stress: 1 });
        expect(await store.write([there, rowOf("usr_back01")])).toEqual(counts(0, 0, 2));
        expect(await store.changes(0, 10)).toEqual(before);
      });

      test("leaves the rows that it is given as they are", async () => {
        const rows = [rowOf("usr_bbbbbb"), rowOf("usr_aaaaaa"), rowOf("usr_bbbbbb")];
        const copy = structuredClone(rows);
        await withRows(...rows);
        expect(rows).toEqual(copy);
      });

      test("two writes of the same rows at once leave each record there once", async () => {
        const store = await createStore();
        const rows = idsOf(40).map((id) => rowOf(id));
        const reports = await Promise.all([store.write(rows), store.write(rows)]);
        // A store without a common clock may let both writers believe that they were first.
        const most = store.capabilities.isConsistent ? 40 : 80;
        const inserted = reports.reduce((sum, report) => sum + report.inserted, 0);
        expect(inserted).toBeGreaterThanOrEqual(40);
        expect(inserted).toBeLessThanOrEqual(most);
        await soon(store, async () => {
          expect(await store.count()).toBe(40);
          expect((await walkList(store)).map(({ line }) => line)).toEqual(
            rows.map(({ line }) => line),
          );
        });
      });

      test("an atomic write is never seen half done", async (context) => {
        const store = await createStore();
        if (!store.capabilities.isAtomic) context.skip("the store declares that it is not atomic");
        const rows = idsOf(1500).map((id) => rowOf(id));
        const progress = { isDone: false };
        const write = store.write(rows).finally(() => {
          progress.isDone = true;
        });
        const seen = new Set<number>();
        do seen.add(await store.count());
        while (!progress.isDone);
        await write;
        for (const count of seen) expect([0, 1500]).toContain(count);
      });
    });

    describe("revisions", () => {
      test("grow with every change and stay where nothing changes", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"), rowOf("usr_bbbbbb"));
        const first = await revsOf(store);
        await store.write([
          rowOf("usr_aaaaaa"),
          rowOf("usr_bbbbbb", { empathy: 1 }),
          rowOf("usr_cccccc"),
        ]);
        await soon(store, async () => {
          const second = await revsOf(store);
          expect(second.get("usr_aaaaaa")).toBe(first.get("usr_aaaaaa"));
          const highest = Math.max(...first.values());
          expect(second.get("usr_bbbbbb")).toBeGreaterThan(highest);
          expect(second.get("usr_cccccc")).toBeGreaterThan(highest);
        });
      });

      test("are safe integers above zero, different for each record", async () => {
        const store = await withRows(...idsOf(30).map((id) => rowOf(id)));
        await soon(store, async () => {
          const revs = [...(await revsOf(store)).values()];
          expect(new Set(revs).size).toBe(30);
          expect(revs.every((rev) => Number.isSafeInteger(rev) && rev > 0)).toBe(true);
        });
      });

      test("are the same in get, list and changes", async () => {
        const store = await withRows(...idsOf(5).map((id) => rowOf(id)));
        await soon(store, async () => {
          for (const item of await walkList(store)) {
            expect(await store.get(item.profileId)).toEqual(item);
          }
          const fromFeed = new Map(
            (await walkChanges(store)).map((change) => [change.profileId, change.rev]),
          );
          expect(fromFeed).toEqual(await revsOf(store));
        });
      });
    });

    describe("lists", () => {
      test("pages of every size give each record once, in the order of the ids", async () => {
        const ids = [
          "usr_000000",
          "usr_00000000",
          "usr_0000001",
          "usr_9zzzzz",
          "usr_a00000",
          "usr_aaaaaa",
          "usr_aaaaaa0",
          "usr_aaaaaaa",
          "usr_zzzzzz",
        ];
        const shuffled = ids.toReversed().map((id) => rowOf(id));
        const store = await withRows(...shuffled);
        for (let limit = 1; limit <= ids.length + 1; limit++) {
          await soon(store, async () => {
            const items = await walkList(store, {}, limit);
            expect(items.map((item) => item.profileId)).toEqual(ids);
          });
        }
      });

      test("each filter, and each pair of filters, gives exactly the records that match", async () => {
        const rows = variedRows(60);
        const store = await withRows(...rows);
        for (const filter of filtersToTry) {
          const expected = rows.filter(({ facets }) => matchesFilter(facets, filter));
          await soon(store, async () => {
            const items = await walkList(store, filter, 7);
            expect(items.map(({ line }) => line)).toEqual(expected.map(({ line }) => line));
          });
        }
      });

      test("a filter for one record in many finds it, at every size of page", async () => {
        const rows = idsOf(50).map((id, index) => rowOf(id, { stress: index === 37 ? 5 : 2 }));
        const store = await withRows(...rows);
        for (const limit of [1, 2, 49, 50, 1000]) {
          await soon(store, async () => {
            const items = await walkList(store, { stress: 5 }, limit);
            expect(items.map(({ line }) => line)).toEqual([rows[37]?.line]);
          });
        }
      });

      test("compares languages as they are written, and finds none where none is given", async () => {
        const store = await withRows(
          rowOf("usr_braz01", { language: "pt-BR" }),
          rowOf("usr_none01", { language: null }),
          rowOf("usr_port01", { language: "pt" }),
          rowOf("usr_shout1", { language: "PT" }),
        );
        await soon(store, async () => {
          const found = await walkList(store, { language: "pt" });
          expect(found.map((item) => item.profileId)).toEqual(["usr_port01"]);
        });
        expect(await walkList(store, { language: "fr" })).toEqual([]);
      });

      test("a change moves a record from one filter to the other", async () => {
        const store = await withRows(rowOf("usr_moving", { regulation: "calm" }));
        await store.write([rowOf("usr_moving", { regulation: "volatile" })]);
        await soon(store, async () => {
          expect(await walkList(store, { regulation: "calm" })).toEqual([]);
          expect(await walkList(store, { regulation: "volatile" })).toHaveLength(1);
        });
      });

      test("a walk gives what is there all the time once, whatever comes and goes beside it", async () => {
        const ids = idsOf(12);
        const store = await withRows(...ids.map((id) => rowOf(id)));
        await soon(store, async () => expect(await store.count()).toBe(12));
        const first = await store.list(pageQuery({}, null, 4));
        const seen = first.items.map((item) => item.profileId);
        const boundary = seen.at(-1) ?? "";
        await store.delete(boundary);
        await store.delete(ids[8] ?? "");
        await store.write([
          rowOf("usr_aaa000"),
          rowOf("usr_zzz999"),
          rowOf(ids[1] ?? "", { empathy: 5 }),
        ]);
        await soon(store, async () => {
          const later = await walkList(store, {}, 4, first.nextCursor);
          const all = [...seen, ...later.map((item) => item.profileId)];
          expect(new Set(all).size).toBe(all.length);
          expect(all.filter((id) => id !== ids[8])).toEqual([
            ...ids.filter((id) => id !== ids[8]),
            "usr_zzz999",
          ]);
        });
      });

      test("a cursor outlives the records it came from", async () => {
        const ids = idsOf(4);
        const store = await withRows(...ids.map((id) => rowOf(id)));
        await soon(store, async () => expect(await store.count()).toBe(4));
        const page = await store.list(pageQuery({}, null, 2));
        expect(page.nextCursor).not.toBeNull();
        for (const id of ids) await store.delete(id);
        await soon(store, async () => {
          expect(await walkList(store, {}, 2, page.nextCursor)).toEqual([]);
        });
        await store.write([rowOf("usr_zzzzzz")]);
        await soon(store, async () => {
          expect(await walkList(store, {}, 2, page.nextCursor)).toHaveLength(1);
        });
      });

      test("a text that is no cursor is refused as one, or names a place, and breaks nothing", async () => {
        const store = await withRows(...idsOf(3).map((id) => rowOf(id)));
        const strange = [
          "",
          "0",
          "-1",
          "null",
          "usr_",
          "%00",
          "\u0000",
          "🧭",
          "' OR 1=1 --",
          "{}",
          "x".repeat(1000),
        ];
        for (const cursor of strange) {
          const answer = store.list(pageQuery({}, cursor, 2)).then(
            ({ items }) => items.length <= 2,
            (error: unknown) => error instanceof StoreError && error.code === "invalid_cursor",
          );
          expect(await answer, `for the cursor ${JSON.stringify(cursor)}`).toBe(true);
        }
        await soon(store, async () => expect(await walkList(store)).toHaveLength(3));
      });
    });

    describe("deletions", () => {
      test("remove the record from get, list and count, and are true once", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"), rowOf("usr_bbbbbb"));
        expect(await store.delete("usr_aaaaaa")).toBe(true);
        await soon(store, async () => {
          expect(await store.get("usr_aaaaaa")).toBeNull();
          expect((await walkList(store)).map((item) => item.profileId)).toEqual(["usr_bbbbbb"]);
          expect(await store.count()).toBe(1);
        });
        expect(await store.delete("usr_aaaaaa")).toBe(false);
        expect(await store.delete("usr_nobody")).toBe(false);
        await soon(store, async () => expect(await store.count()).toBe(1));
      });

      test("show in the change feed as the latest change of the profile", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"), rowOf("usr_bbbbbb"));
        const before = await walkChanges(store);
        await store.delete("usr_aaaaaa");
        await soon(store, async () => {
          const changes = await walkChanges(store);
          expect(changes.map(({ profileId, line }) => [profileId, line === null])).toEqual([
            ["usr_bbbbbb", false],
            ["usr_aaaaaa", true],
          ]);
          expect(changes[1]?.rev).toBeGreaterThan(Math.max(...before.map(({ rev }) => rev)));
        });
      });

      test("of what is not there leave no change", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"));
        await store.delete("usr_aaaaaa");
        const before = await walkChanges(store);
        await store.delete("usr_aaaaaa");
        await store.delete("usr_nobody");
        expect(await walkChanges(store)).toEqual(before);
      });

      test("are undone by a later write, which counts as inserted", async () => {
        const store = await withRows(rowOf("usr_phenix"));
        await store.delete("usr_phenix");
        const tombstone = (await walkChanges(store)).at(-1);
        expect(await store.write([rowOf("usr_phenix")])).toEqual(counts(1, 0, 0));
        await soon(store, async () => {
          const changes = await walkChanges(store);
          expect(changes).toEqual([
            { profileId: "usr_phenix", rev: anyRev, line: rowOf("usr_phenix").line },
          ]);
          expect(changes[0]?.rev).toBeGreaterThan(tombstone?.rev ?? 0);
          expect(await store.count()).toBe(1);
          expect((await store.get("usr_phenix"))?.rev).toBe(changes[0]?.rev);
        });
      });
    });

    describe("the change feed", () => {
      test("pages of every size give each profile once, by ascending revision", async () => {
        const ids = idsOf(9);
        const store = await withRows(...ids.map((id) => rowOf(id)));
        await store.write([
          rowOf(ids[2] ?? "", { empathy: 1 }),
          rowOf(ids[5] ?? "", { empathy: 1 }),
        ]);
        await store.delete(ids[7] ?? "");
        await soon(store, async () => {
          const whole = await walkChanges(store, 0, 1000);
          expect(whole.map((change) => change.profileId).sort()).toEqual(ids);
          for (let limit = 1; limit <= ids.length + 1; limit++) {
            expect(await walkChanges(store, 0, limit)).toEqual(whole);
          }
        });
      });

      test("gives what follows a revision and, at its end, the place to ask from next", async () => {
        const store = await withRows(...idsOf(3).map((id) => rowOf(id)));
        const end = await lastRevOf(store);
        expect(await store.changes(end, 10)).toEqual({
          changes: [],
          nextSinceRev: end,
          isComplete: true,
        });
        await store.write([rowOf("usr_newone")]);
        await soon(store, async () => {
          const page = await store.changes(end, 10);
          expect(page.changes.map((change) => change.profileId)).toEqual(["usr_newone"]);
          expect(page.isComplete).toBe(true);
          expect(page.nextSinceRev).toBeGreaterThan(end);
        });
      });

      test("asked from far in the future gives nothing and never sends the reader back", async () => {
        const store = await withRows(rowOf("usr_aaaaaa"));
        const page = await store.changes(Number.MAX_SAFE_INTEGER, 10);
        expect(page.changes).toEqual([]);
        expect(page.isComplete).toBe(true);
        expect(page.nextSinceRev).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
      });

      test("leads a reader that follows it to what is stored, whatever happens between pages", async () => {
        const ids = idsOf(20);
        const store = await withRows(...ids.map((id) => rowOf(id)));
        const mirror = new Map<string, string>();
        let sinceRev = 0;
        for (let step = 0; step < 4; step++) {
          const page = await store.changes(sinceRev, 6);
          applyChanges(mirror, page);
          sinceRev = page.nextSinceRev;
          const [changed = "", deleted = ""] = [ids[step * 2], ids[19 - step]];
          await store.write([rowOf(changed, { empathy: 1 }), rowOf(`usr_added${step}`)]);
          await store.delete(deleted);
        }
        await soon(store, async () => {
          const rest = new Map(mirror);
          for (const change of await walkChanges(store, sinceRev, 6)) applyChange(rest, change);
          const stored = (await walkList(store)).map(
            ({ profileId, line }) => [profileId, line] as const,
          );
          expect(rest).toEqual(new Map(stored));
          expect(rest.size).toBe(20);
        });
      });
    });

    test(
      "a write of 3,000 rows is counted, listed and fed, and its repetition changes nothing",
      { timeout: bigTestMs },
      async () => {
        const rows = idsOf(3000).map((id, index) => rowOf(id, { empathy: 1 + (index % 5) }));
        const store = await createStore();
        expect(await store.write(rows)).toEqual(counts(3000, 0, 0));
        const lines = rows.map(({ line }) => line);
        await soon(store, async () => {
          expect(await store.count()).toBe(3000);
          expect((await walkList(store, {}, 1000)).map(({ line }) => line)).toEqual(lines);
          expect(await walkList(store, { empathy: 5 }, 1000)).toHaveLength(600);
          expect(await walkChanges(store, 0, 1000)).toHaveLength(3000);
        });
        const end = await lastRevOf(store);
        expect(await store.write(rows)).toEqual(counts(0, 0, 3000));
        expect(await lastRevOf(store)).toBe(end);
      },
    );

    test(
      "any sequence of operations leaves what a plain model says",
      { timeout: bigTestMs },
      async () => {
        expect.hasAssertions();
        await fc.assert(
          fc.asyncProperty(fc.array(operations, { minLength: 1, maxLength: 10 }), async (steps) => {
            const store = await createStore();
            const model = new Map<string, string>();
            const touched = new Set<string>();
            for (const step of steps) await applyToBoth(store, model, touched, step);
            await soon(store, () => expectSame(store, model, touched));
          }),
          { numRuns: 15 },
        );
      },
    );
  });
}

const anyRev: unknown = expect.any(Number);

/** Rows in the order of their ids that take every value of every facet, in many combinations. */
function variedRows(count: number): ProfileRow[] {
  const languages = ["en", "de", null, "pt", "pt-BR"];
  const regulations = ["calm", "sensitive", "volatile"] as const;
  return idsOf(count).map((id, index) =>
    rowOf(id, {
      language: languages[index % 5] ?? null,
      assertiveness: 1 + (index % 4),
      empathy: 1 + ((index * 7) % 5),
      stress: 1 + (Math.floor(index / 3) % 5),
      regulation: regulations[Math.floor(index / 2) % 3] ?? "calm",
    }),
  );
}

const singleFilters: readonly ProfileFilter[] = [
  { language: "pt" },
  { assertiveness: 4 },
  { empathy: 1 },
  { stress: 2 },
  { regulation: "sensitive" },
];

const filtersToTry: readonly ProfileFilter[] = [
  {},
  ...singleFilters,
  ...singleFilters.flatMap((first, index) =>
    singleFilters.slice(index + 1).map((second) => ({ ...first, ...second })),
  ),
  { language: "de", assertiveness: 2, empathy: 3, stress: 1, regulation: "calm" },
  { assertiveness: 5 },
];
