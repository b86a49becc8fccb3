/**
 * What the stores of chats, messages and states of moderation have in common, as tests. The suite of
 * each port calls {@link describeRecordStore}; it runs in Node and in a browser.
 *
 * They are all on the device so far: a write is whole or nothing, and seen at once.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StoreError } from "../src/errors.ts";
import type { RecordRow, RecordStore } from "../src/store/record-store.ts";
import { type RowMaker, applyToBoth, counts, operations } from "./record-store-model.ts";
import { keysOf, linesOf, walkPages } from "./record-store-walk.ts";

const bigTestMs = 60_000;

/**
 * Declares the suite.
 *
 * @param createStore Gives an empty store each time it is called.
 */
export function describeRecordStore<Row extends RecordRow>(
  name: string,
  createStore: () => Promise<RecordStore<Row>> | RecordStore<Row>,
  rowOf: RowMaker<Row>,
): void {
  const withRows = async (...rows: readonly Row[]): Promise<RecordStore<Row>> => {
    const store = await createStore();
    await store.write(rows);
    return store;
  };
  const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => rowOf(index));
  const keyAt = (index: number) => rowOf(index).key;

  describe(`${name} as a RecordStore`, () => {
    test("an empty store has no record and no page, and counts zero", async () => {
      const store = await createStore();
      expect(await store.get(keyAt(0))).toBeNull();
      expect(await store.scan({ cursor: null, limit: 10 })).toEqual({
        items: [],
        nextCursor: null,
      });
      expect(await store.count()).toBe(0);
    });

    test("gives back the line that was written, and null for another key", async () => {
      const row = rowOf(1);
      const store = await withRows(row);
      expect(await store.get(row.key)).toEqual({ key: row.key, rev: anyRev, line: row.line });
      for (const other of [keyAt(2), row.key.slice(0, -1), `${row.key}0`, "", "' OR 1=1 --"]) {
        expect(await store.get(other)).toBeNull();
      }
    });

    test("keeps every character: scripts, emoji, quotes, control characters and separators", async () => {
      const text =
        'Žluť 猫 עברית ‏العربية ¿? ß 👩🏽‍🚀🇪🇺 e\u0301 "q" \\ \t\n\u0000\u001f\u007f\u2028\ufeff \' ?1 ${x}';
      const row = rowOf(1, text);
      expect(row.line).toContain("Žluť");
      const store = await withRows(row);
      expect((await store.get(row.key))?.line).toBe(row.line);
      expect(linesOf(await walkPages(store.scan))).toEqual([row.line]);
    });

    describe("what a write reports", () => {
      test("counts new rows as inserted, other text as updated and the same text as unchanged", async () => {
        const store = await createStore();
        expect(await store.write([rowOf(1), rowOf(2)])).toEqual(counts(2, 0, 0));
        const second = [rowOf(1), rowOf(2, "changed"), rowOf(3)];
        expect(await store.write(second)).toEqual(counts(1, 1, 1));
        expect(await store.write(second)).toEqual(counts(0, 0, 3));
        expect(await store.count()).toBe(3);
        expect((await store.get(keyAt(2)))?.line).toBe(second[1]?.line);
      });

      test("a write of nothing does nothing", async () => {
        const store = await withRows(rowOf(1));
        const before = await walkPages(store.scan);
        expect(await store.write([])).toEqual(counts(0, 0, 0));
        expect(await walkPages(store.scan)).toEqual(before);
      });

      test("of several rows with one key the last wins and the others count as unchanged", async () => {
        const store = await createStore();
        const rows = ["a", "b", "c"].map((text) => rowOf(1, text));
        expect(await store.write(rows)).toEqual(counts(1, 0, 2));
        const more = ["d", "e"].map((text) => rowOf(1, text));
        expect(await store.write([...more, rowOf(2)])).toEqual(counts(1, 1, 1));
        expect((await store.get(keyAt(1)))?.line).toBe(more[1]?.line);
      });

      test("a row that a later row takes back to what is stored changes nothing", async () => {
        const store = await withRows(rowOf(1));
        const before = await store.get(keyAt(1));
        expect(await store.write([rowOf(1, "there"), rowOf(1)])).toEqual(counts(0, 0, 2));
        expect(await store.get(keyAt(1))).toEqual(before);
      });

      test("leaves the rows that it is given as they are", async () => {
        const rows = [rowOf(2), rowOf(1), rowOf(2, "again")];
        const copy = structuredClone(rows);
        await withRows(...rows);
        expect(rows).toEqual(copy);
      });

      test("two writes of the same rows at once leave each record there once", async () => {
        const store = await createStore();
        const reports = await Promise.all([store.write(rowsOf(40)), store.write(rowsOf(40))]);
        expect(reports.reduce((sum, report) => sum + report.inserted, 0)).toBe(40);
        expect(await store.count()).toBe(40);
        expect(linesOf(await walkPages(store.scan))).toEqual(linesOf(rowsOf(40)));
      });
    });

    describe("revisions", () => {
      test("grow with every change and stay where nothing changes", async () => {
        const store = await withRows(rowOf(1), rowOf(2));
        const first = await revsOf(store);
        await store.write([rowOf(1), rowOf(2, "changed"), rowOf(3)]);
        const second = await revsOf(store);
        expect(second.get(keyAt(1))).toBe(first.get(keyAt(1)));
        const highest = Math.max(...first.values());
        expect(second.get(keyAt(2))).toBeGreaterThan(highest);
        expect(second.get(keyAt(3))).toBeGreaterThan(highest);
      });

      test("are safe integers above zero, different for each record, the same in get and scan", async () => {
        const store = await withRows(...rowsOf(30));
        const items = await walkPages(store.scan);
        expect(new Set(items.map(({ rev }) => rev)).size).toBe(30);
        for (const item of items) {
          expect(Number.isSafeInteger(item.rev) && item.rev > 0).toBe(true);
          expect(await store.get(item.key)).toEqual(item);
        }
      });

      test("are never given twice, though the latest record is gone", async () => {
        const store = await withRows(rowOf(1), rowOf(2));
        const highest = Math.max(...(await revsOf(store)).values());
        await store.delete(keyAt(1));
        await store.delete(keyAt(2));
        await store.write([rowOf(2)]);
        expect((await store.get(keyAt(2)))?.rev).toBeGreaterThan(highest);
      });
    });

    describe("a scan", () => {
      test("gives each record once, in the order of the keys, at every size of page", async () => {
        const store = await withRows(...rowsOf(9).toReversed());
        for (let limit = 1; limit <= 10; limit++) {
          expect(linesOf(await walkPages(store.scan, limit))).toEqual(linesOf(rowsOf(9)));
        }
      });

      test("gives what is there all the time once, whatever comes and goes beside it", async () => {
        const store = await withRows(...rowsOf(12).map((_, index) => rowOf(2 * index)));
        const first = await store.scan({ cursor: null, limit: 4 });
        const seen = keysOf(first.items);
        await store.delete(keyAt(6));
        await store.delete(keyAt(16));
        await store.write([rowOf(1), rowOf(99), rowOf(2, "changed")]);
        const later = keysOf(await walkPages(store.scan, 4, first.nextCursor));
        const expected = [0, 2, 4, 6, 8, 10, 12, 14, 18, 20, 22, 99].map(keyAt);
        expect([...seen, ...later]).toEqual(expected);
      });

      test("goes on from a cursor whose records are gone", async () => {
        const store = await withRows(...rowsOf(4));
        const page = await store.scan({ cursor: null, limit: 2 });
        for (let index = 0; index < 4; index++) await store.delete(keyAt(index));
        expect(await walkPages(store.scan, 2, page.nextCursor)).toEqual([]);
        await store.write([rowOf(9)]);
        expect(keysOf(await walkPages(store.scan, 2, page.nextCursor))).toEqual([keyAt(9)]);
      });

      test("takes any text for a place among the keys, and breaks nothing", async () => {
        const store = await withRows(...rowsOf(3));
        const strange = ["", "0", "null", "%00", "\u0000", "🧭", "' OR 1=1 --", "x".repeat(1000)];
        for (const cursor of strange) {
          const { items } = await store.scan({ cursor, limit: 2 });
          expect(items.length).toBeLessThanOrEqual(2);
        }
        expect(await walkPages(store.scan)).toHaveLength(3);
      });
    });

    test("a deletion removes the record from get, scan and count, and is true once", async () => {
      const store = await withRows(rowOf(1), rowOf(2));
      expect(await store.delete(keyAt(1))).toBe(true);
      expect(await store.get(keyAt(1))).toBeNull();
      expect(keysOf(await walkPages(store.scan))).toEqual([keyAt(2)]);
      expect(await store.count()).toBe(1);
      expect(await store.delete(keyAt(1))).toBe(false);
      expect(await store.delete("")).toBe(false);
      expect(await store.count()).toBe(1);
      expect(await store.write([rowOf(1)])).toEqual(counts(1, 0, 0));
      expect(keysOf(await walkPages(store.scan))).toEqual([keyAt(1), keyAt(2)]);
    });

    test(
      "a write of 3,000 rows is counted and scanned, and its repetition changes nothing",
      { timeout: bigTestMs },
      async () => {
        const store = await createStore();
        const rows = rowsOf(3000);
        expect(await store.write(rows)).toEqual(counts(3000, 0, 0));
        expect(await store.count()).toBe(3000);
        const items = await walkPages(store.scan, 1000);
        expect(linesOf(items)).toEqual(linesOf(rows));
        expect(await store.write(rows)).toEqual(counts(0, 0, 3000));
        expect(await walkPages(store.scan, 1000)).toEqual(items);
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
            for (const step of steps) await applyToBoth(store, model, step, rowOf);
            const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
            const items = await walkPages(store.scan, 3);
            expect(items.map(({ key, line }) => [key, line])).toEqual(expected);
            expect(await store.count()).toBe(model.size);
          }),
          { numRuns: 15 },
        );
      },
    );
  });
}

/** Declares that a list which runs by time refuses every text that is no cursor of such a list. */
export function testCursorRefusal(
  readPage: (query: { readonly cursor: string; readonly limit: number }) => Promise<unknown>,
): void {
  const strange = ["", "0", "-1", "null", ".", "1.", ".a", "1e3.a", "1.🧭", "01.a", "1.' OR 1=1"];
  test.each(strange)("refuses %j as a cursor by name", async (cursor) => {
    const answer = readPage({ cursor, limit: 10 }).then(
      () => null,
      (reason: unknown) => (reason instanceof StoreError ? reason.code : reason),
    );
    expect(await answer).toBe("invalid_cursor");
  });
}

const anyRev: unknown = expect.any(Number);

async function revsOf(store: RecordStore<never>): Promise<Map<string, number>> {
  return new Map((await walkPages(store.scan)).map(({ key, rev }) => [key, rev]));
}
