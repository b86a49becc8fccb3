/** A model of a store, a map, and the operations that a property test runs on both. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { UserProfile } from "../src/schema/user-profile.ts";
import {
  type ProfileStore,
  type WriteCounts,
  matchesFilter,
  toFacets,
} from "../src/store/profile-store.ts";
import { type RowTraits, idsOf, rowOf } from "./profile-rows.ts";
import { walkChanges, walkList } from "./profile-store-walk.ts";

export type Operation =
  { readonly write: readonly (readonly [number, RowTraits])[] } | { readonly delete: number };

const modelIds = idsOf(8);

const traits: fc.Arbitrary<RowTraits> = fc.record({
  empathy: fc.integer({ min: 1, max: 2 }),
  language: fc.constantFrom("en", "de", null),
  biography: fc.constantFrom("", "ein Satz", '🙂 \\u0000 " \u0000'),
});

export const operations: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ write: fc.array(fc.tuple(fc.nat(7), traits), { maxLength: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ delete: fc.nat(7) }) },
);

export async function applyToBoth(
  store: ProfileStore,
  model: Map<string, string>,
  touched: Set<string>,
  step: Operation,
): Promise<void> {
  if ("delete" in step) {
    const id = modelIds[step.delete] ?? "";
    expect(await store.delete(id)).toBe(model.delete(id));
    return;
  }
  const rows = step.write.map(([index, rowTraits]) => rowOf(modelIds[index] ?? "", rowTraits));
  const last = new Map(rows.map(({ profileId, line }) => [profileId, line]));
  let inserted = 0;
  let updated = 0;
  for (const [id, line] of last) {
    if (!model.has(id)) inserted += 1;
    else if (model.get(id) !== line) updated += 1;
    model.set(id, line);
    touched.add(id);
  }
  const unchanged = rows.length - inserted - updated;
  expect(await store.write(rows)).toEqual(counts(inserted, updated, unchanged));
}

export async function expectSame(
  store: ProfileStore,
  model: ReadonlyMap<string, string>,
  touched: ReadonlySet<string>,
): Promise<void> {
  const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(await store.count()).toBe(model.size);
  for (const id of modelIds) {
    expect((await store.get(id))?.line).toBe(model.get(id));
  }
  for (const filter of [{}, { empathy: 2 }, { language: "de", empathy: 1 }]) {
    const matching = expected.filter(([, line]) =>
      matchesFilter(toFacets(JSON.parse(line) as UserProfile), filter),
    );
    const items = await walkList(store, filter, 3);
    expect(items.map(({ profileId, line }) => [profileId, line])).toEqual(matching);
  }
  const changes = await walkChanges(store, 0, 3);
  expect(new Set(changes.map((change) => change.profileId))).toEqual(touched);
  for (const { profileId, line } of changes) expect(line ?? undefined).toBe(model.get(profileId));
}

export function counts(inserted: number, updated: number, unchanged: number): WriteCounts {
  return { inserted, updated, unchanged };
}
