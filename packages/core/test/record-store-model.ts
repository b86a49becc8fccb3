/** A model of a store of records, a map, and the operations that a property test runs on both. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { WriteCounts } from "../src/store/profile-store.ts";
import type { RecordRow, RecordStore } from "../src/store/record-store.ts";

/** Makes row `index`, of keys that ascend with it; `text` stands in its free text. */
export type RowMaker<Row> = (index: number, text?: string) => Row;

export type Operation =
  { readonly write: readonly (readonly [number, string])[] } | { readonly delete: number };

export const operations: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      write: fc.array(fc.tuple(fc.nat(7), fc.constantFrom("a", "ein Satz", "🙂 \u0000")), {
        maxLength: 8,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ delete: fc.nat(7) }) },
);

export async function applyToBoth<Row extends RecordRow>(
  store: RecordStore<Row>,
  model: Map<string, string>,
  step: Operation,
  rowOf: RowMaker<Row>,
): Promise<void> {
  if ("delete" in step) {
    const { key } = rowOf(step.delete);
    return expect(await store.delete(key)).toBe(model.delete(key));
  }
  const rows = step.write.map(([index, text]) => rowOf(index, text));
  let inserted = 0;
  let updated = 0;
  for (const [key, line] of new Map(rows.map((row) => [row.key, row.line]))) {
    if (!model.has(key)) inserted += 1;
    else if (model.get(key) !== line) updated += 1;
    model.set(key, line);
  }
  const unchanged = rows.length - inserted - updated;
  expect(await store.write(rows)).toEqual(counts(inserted, updated, unchanged));
}

export function counts(inserted: number, updated: number, unchanged: number): WriteCounts {
  return { inserted, updated, unchanged };
}
