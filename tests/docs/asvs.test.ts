/** Holds docs/asvs.md to the ids of the standard (ASVS 5.0.0, levels 1 and 2), its counts and its evidence. */
import { expect, test } from "vitest";
import idsByLevel from "./asvs-5.0.0-ids.json" with { type: "json" };
import { isThere, linksIn, pathsIn, readPage } from "./pages.ts";

const path = "docs/asvs.md";
const statuses = ["met", "not applicable", "exception"] as const;

interface Row {
  readonly id: string;
  readonly level: string;
  readonly asks: string;
  readonly status: string;
  readonly reason: string;
}

const page = readPage(path);

const rows: Row[] = page.split("\n").flatMap((line) => {
  const [, id = "", level = "", asks = "", status = "", reason = ""] = line
    .split("|")
    .map((cell) => cell.trim());
  return id.startsWith("v5.0.0-")
    ? [{ id: id.slice("v5.0.0-".length), level, asks, status, reason }]
    : [];
});

test("the standard has 70 requirements of level 1 and 183 more of level 2", () => {
  expect(idsByLevel["1"]).toHaveLength(70);
  expect(idsByLevel["2"]).toHaveLength(183);
  expect(new Set([...idsByLevel["1"], ...idsByLevel["2"]]).size).toBe(253);
});

test("every requirement stands in the table once, with its level", () => {
  const given = rows.map(({ id, level }) => `${id} (${level})`);
  const asked = Object.entries(idsByLevel).flatMap(([level, ids]) =>
    ids.map((id) => `${id} (${level})`),
  );
  expect(given.toSorted()).toEqual(asked.toSorted());
});

test("the counts at the top are the table's", () => {
  const countsOf = (some: readonly Row[]) =>
    [...statuses.map((status) => some.filter((row) => row.status === status)), some].map(
      ({ length }) => String(length),
    );
  const cells = page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, first = ""]) => ["1", "2", "both"].includes(first))
    .map((line) => line.slice(1, -1));
  expect(cells).toEqual([
    ...["1", "2"].map((level) => [level, ...countsOf(rows.filter((row) => row.level === level))]),
    ["both", ...countsOf(rows)],
  ]);
});

test("every row says what is asked and how it stands", () => {
  const isWhole = ({ asks, status, reason }: Row) =>
    asks !== "" && reason !== "" && statuses.some((each) => each === status);
  expect(rows.filter((row) => !isWhole(row))).toEqual([]);
});

test("every path that a row names is there, and what is met names one", () => {
  const lost = rows.flatMap(({ id, reason }) =>
    pathsIn(reason).flatMap((each) => (isThere(each) ? [] : [`${id}: ${each}`])),
  );
  expect(lost).toEqual([]);
  const unproven = rows.filter(({ status, reason }) => status === "met" && !pathsIn(reason).length);
  expect(unproven).toEqual([]);
});

test("the page links to what is there", () => {
  const linked = linksIn(page, path);
  expect(linked).toContain("SECURITY.md");
  expect(linked.filter((each) => !isThere(each))).toEqual([]);
});
