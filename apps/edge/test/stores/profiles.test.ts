import { systemClock } from "@hi-stranger/core/clock";
import { toProfileRow } from "@hi-stranger/core/store/profile-store";
import { describe, expect, it } from "vitest";
import { describeProfileStore } from "../../../../packages/core/test/profile-store-contract.ts";
import { walkList } from "../../../../packages/core/test/profile-store-walk.ts";
import { createCachedProfileStore } from "../../src/stores/profiles.cached.ts";
import { createD1ProfileStore, maxScannedRows } from "../../src/stores/profiles.d1.ts";
import { createKvProfileStore } from "../../src/stores/profiles.kv.ts";
import { env } from "../support/env.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyDatabase, emptyNamespace } from "../support/empty.ts";
import { personas } from "../support/personas.ts";

describeProfileStore("D1", async () => {
  await emptyDatabase(env.DB);
  return createD1ProfileStore(env.DB, systemClock);
});

describeProfileStore("KV", async () => {
  await emptyNamespace(env.PROFILES_KV);
  return createKvProfileStore(env.PROFILES_KV, systemClock);
});

describeProfileStore("D1 behind the KV cache", async () => {
  await emptyDatabase(env.DB);
  await emptyNamespace(env.PROFILES_KV);
  return cached();
});

let epoch = 0;
function cached() {
  return createCachedProfileStore(createD1ProfileStore(env.DB, systemClock), {
    kv: env.PROFILES_KV,
    newEpoch: () => `epoch ${(epoch += 1)}`,
    defer: (work) => void pending.push(work),
  });
}
const pending: Promise<unknown>[] = [];

const toRow = (profile: ReturnType<typeof personas>[number]) =>
  toProfileRow({ profile, line: JSON.stringify(profile) });

describe("the rows that D1 reads", () => {
  it("are one for a count, and at most one more than a page for a list, at any depth", async () => {
    await emptyDatabase(env.DB);
    const { db, rowsRead } = countingDatabase(env.DB);
    const store = createD1ProfileStore(db, systemClock);
    await store.write(personas(2_500).map(toRow));
    rowsRead.length = 0;
    expect(await store.count()).toBe(2_500);
    expect(rowsRead).toEqual([1]);
    for (const depth of [0, 1_000, 2_400]) {
      const start = await store.list({ filter: {}, cursor: null, limit: depth + 1 });
      rowsRead.length = 0;
      const page = await store.list({ filter: {}, cursor: start.nextCursor, limit: 50 });
      expect(page.items).toHaveLength(50);
      expect(rowsRead[0]).toBeLessThanOrEqual(51);
    }
    rowsRead.length = 0;
    const german = await store.list({ filter: { language: "de" }, cursor: null, limit: 50 });
    expect(german.items).toHaveLength(50);
    expect(rowsRead[0]).toBeLessThanOrEqual(51);
  });

  it("are bounded for a filter without an index, and the walk still finds every match", async () => {
    await emptyDatabase(env.DB);
    const { db, rowsRead } = countingDatabase(env.DB);
    const store = createD1ProfileStore(db, systemClock);
    const rare = personas(maxScannedRows * 2 + 10).map((persona, index) => {
      const isRare = index % 2_500 === 2_499;
      persona.profile.behavior.assertiveness_level = isRare ? 5 : 1;
      return persona;
    });
    for (let index = 0; index < rare.length; index += 2_000) {
      await store.write(rare.slice(index, index + 2_000).map(toRow));
    }
    rowsRead.length = 0;
    let cursor: string | null = null;
    const found: string[] = [];
    do {
      const page = await store.list({ filter: { assertiveness: 5 }, cursor, limit: 3 });
      found.push(...page.items.map(({ profileId }) => profileId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toHaveLength(4);
    // Twice, because the end of the stretch is looked up beside the page.
    for (const count of rowsRead) expect(count).toBeLessThanOrEqual(maxScannedRows + 1);
  });
});

describe.each(["D1", "KV"])("large records in %s", (home) => {
  it("end a page before its limit, and the walk still finds every one", async () => {
    await emptyDatabase(env.DB);
    await emptyNamespace(env.PROFILES_KV);
    const store =
      home === "D1"
        ? createD1ProfileStore(env.DB, systemClock)
        : createKvProfileStore(env.PROFILES_KV, systemClock);
    const large = personas(150).map((persona) => {
      persona.profile.interests.interests = ["x".repeat(120_000)];
      return toRow(persona);
    });
    await store.write(large);
    const first = await store.list({ filter: {}, cursor: null, limit: 1_000 });
    expect(first.items.length).toBeLessThan(135);
    const all = await walkList(store, {}, 1_000);
    expect(all.map(({ profileId }) => profileId)).toEqual(
      large.map(({ profileId }) => profileId).sort(),
    );
    const changes = await store.changes(0, 1_000);
    expect(changes.changes.length).toBeLessThan(135);
    expect(changes.isComplete).toBe(false);
    const rest = await store.changes(changes.nextSinceRev, 1_000);
    expect(changes.changes.length + rest.changes.length).toBe(150);
    expect(rest.isComplete).toBe(true);
  });
});

describe("the cache of single personas", () => {
  it("answers a third read without the database, and keeps nothing for a single one", async () => {
    await emptyDatabase(env.DB);
    await emptyNamespace(env.PROFILES_KV);
    const store = cached();
    const [persona] = personas(1);
    if (!persona) throw new Error("no persona");
    await store.write([toRow(persona)]);
    const first = await store.get(persona.profile_id);
    await Promise.all(pending);
    const kept = () => env.PROFILES_KV.get(`profile:${persona.profile_id}`);
    expect(await kept()).toBeNull();
    expect(await store.get(persona.profile_id)).toEqual(first);
    await Promise.all(pending);
    expect(await kept()).toBe(first?.line);
    await env.DB.prepare("DELETE FROM profiles").run();
    expect(await store.get(persona.profile_id)).toEqual(first);
    expect(await store.getFresh(persona.profile_id)).toBeNull();
  });

  it("is void after a write, and refuses an entry that raced one", async () => {
    await emptyDatabase(env.DB);
    await emptyNamespace(env.PROFILES_KV);
    const store = cached();
    const [persona] = personas(1);
    if (!persona) throw new Error("no persona");
    await store.write([toRow(persona)]);
    await store.get(persona.profile_id);
    const before = await store.get(persona.profile_id);
    const changed = structuredClone(persona);
    changed.profile.identity.user_name = "another name";
    await store.write([toRow(changed)]);
    // The entry of the second read lands only now, behind the write.
    await Promise.all(pending);
    const after = await store.get(persona.profile_id);
    expect(after?.line).toContain("another name");
    expect(after?.rev).toBeGreaterThan(before?.rev ?? 0);
  });
});
