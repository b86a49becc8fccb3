import fc from "fast-check";
import { expect, test } from "vitest";
import { inWorker, startWorker } from "./support/in-worker.ts";

const positions = Array.from({ length: 300 }, (_, index) => (index + 0.5) / 300);

test("what goes into a database comes out the same", async () => {
  using worker = startWorker();
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.uint8Array(),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value), async (values) => {
      expect(await worker.run("echo", values)).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test("a number that SQL has no exact value for is refused", async () => {
  const names = await inWorker("refusals", [Number.NaN, Number.POSITIVE_INFINITY]);
  expect(names).toEqual(["RangeError", "RangeError"]);
});

test("no file of a database holds plain text, open or closed", async () => {
  expect(await inWorker("leaks", true)).toEqual({ open: [], closed: [] });
});

test("the search for plain text finds it in a database in the clear", async () => {
  const { open, closed } = await inWorker("leaks", false);
  expect(open).toEqual(["/data.db", "/data.db-journal"]);
  expect(closed).toEqual(["/data.db"]);
});

test("two databases made alike with one key have no page in common", async () => {
  const { pages, equal } = await inWorker("equalPages");
  expect(pages).toBeGreaterThan(3);
  expect(equal).toBe(0);
});

test("pages of workers that start alike have nothing in common", async () => {
  const [first, second] = [await inWorker("firstPage"), await inWorker("firstPage")];
  expect(first).not.toEqual(second);
});

test("another key opens nothing, and doesn't keep the right one from opening", async () => {
  expect(await inWorker("wrongKeys")).toEqual(["damaged", "300"]);
});

test("a flipped bit is refused or does no harm, and never changes a row", async () => {
  const outcomes = await inWorker("flips", positions);
  expect(Object.keys(outcomes).filter((outcome) => !/^(?:right|damaged)$/.test(outcome))).toEqual(
    [],
  );
  expect(outcomes["damaged"]).toBeGreaterThan(250);
});

test("a transaction is kept as a whole or not at all, within another one too", async () => {
  expect(await inWorker("transactions")).toEqual({
    returned: 2,
    thrown: "Error",
    kept: [1, 2, 4, 6],
    changed: 2,
    changedByReading: 0,
  });
});

test("a full disk is said and changes nothing, and room makes writing go on", async () => {
  expect(await inWorker("fullDisk")).toEqual({ code: "disk_full", afterwards: 1, inTheEnd: 2 });
});

test("whenever the power goes, what was acknowledged is there and nothing is there by half", async () => {
  using worker = startWorker();
  const operations = await worker.run("undisturbedOperations");
  expect(operations).toBeGreaterThan(100);
  const losses = Array.from({ length: operations }, (_, index) => ({ at: index + 1, seed: index }));
  expect(await worker.run("damageAfter", losses)).toEqual([]);
});
