/** Walks through the pages of a store of records, which fail for whatever no store may give. */
import { expect } from "vitest";
import type { PageQuery, RecordPage, StoredRecord } from "../src/store/record-store.ts";

/** Reads a list to its end; fails when it doesn't end, or a page is longer than asked. */
export async function walkPages(
  readPage: (query: PageQuery) => Promise<RecordPage>,
  limit = 100,
  start: string | null = null,
): Promise<StoredRecord[]> {
  const items: StoredRecord[] = [];
  let cursor = start;
  for (let pageNo = 1; pageNo <= 10_000; pageNo++) {
    const page = await readPage({ cursor, limit });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    expect(page.nextCursor).not.toBe(cursor);
    cursor = page.nextCursor;
  }
  throw new Error("the list has no end");
}

export const keysOf = (items: readonly { readonly key: string }[]) => items.map(({ key }) => key);
export const linesOf = (items: readonly { readonly line: string }[]) =>
  items.map(({ line }) => line);
