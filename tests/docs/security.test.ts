/** Holds SECURITY.md to tests and pages that are there. */
import { expect, test } from "vitest";
import { isThere, linksIn, pathsIn, readPage } from "./pages.ts";

const path = "SECURITY.md";
const page = readPage(path);

/** Where paths of the vault's table begin, as the page says. */
const vaultTests = "packages/vault/test/";

/** The rows of the page's tables, without heads and rules. */
const promises = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:against|threat|-)/.test(line));

test("every path that SECURITY.md names is there", () => {
  const named = pathsIn(page);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((each) => !isThere(each) && !isThere(vaultTests + each))).toEqual([]);
});

test("every promise of SECURITY.md names a test that tries to break it", () => {
  expect(promises.length).toBeGreaterThan(20);
  const isTest = (each: string) => /\.(?:test|spec)\.ts$/.test(each);
  expect(promises.filter((row) => !pathsIn(row).some(isTest))).toEqual([]);
});

test("every page that SECURITY.md links to is there", () => {
  const linked = linksIn(page, path);
  for (const each of ["asvs", "audit", "data-map", "envelope", "keys", "vault"]) {
    expect(linked).toContain(`docs/${each}.md`);
  }
  expect(linked.filter((each) => !isThere(each))).toEqual([]);
});
