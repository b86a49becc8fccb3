import { beforeEach, describe, expect, it } from "vitest";
import { rotationPurposes } from "@hi-stranger/core/contract/rotation-purposes";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { countingDatabase } from "../support/counting-database.ts";
import {
  addPerson,
  clock,
  createRings,
  finishRotation,
  longSeconds,
  newId,
  openIsolate,
  rowsOf,
  startRotation,
  withoutFirst,
} from "../support/isolates.ts";

const { first, both } = createRings();
/** What a rotation changes, and a keyring that opens nothing that it has left as it was. */
const changedBy = {
  kek: { table: "data_keys", column: "wrapped", keyring: withoutFirst(both, "kek") },
  dek: { table: "personal_data", column: "email", keyring: both },
  index: { table: "personal_data", column: "email_hash", keyring: withoutFirst(both, "index") },
};
const details = { name: "Ada", address: "1 Quay", country: "PT", timezone: "Europe/Lisbon" };

async function addPeople(count: number): Promise<string[]> {
  const isolate = openIsolate(first);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const personId = await addPerson(isolate, `p${index}@example.org`);
    await isolate.people.change(personId, details, 1);
    ids.push(personId);
  }
  clock.move(1);
  return ids;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

describe.each(rotationPurposes)("a rotation of %s", (purpose) => {
  it("leaves every value as it was, and none on the old key", async () => {
    const ids = await addPeople(60);
    const { table, column, keyring } = changedBy[purpose];
    const old = new Set((await rowsOf(table)).map((row) => row[column]));
    expect(old.size).toBe(60);
    const isolate = openIsolate(both);
    const { rotation } = await finishRotation(isolate, await startRotation(isolate, purpose));
    expect(rotation).toMatchObject({ state: "finished", failed: 0, left_over: 0 });
    expect(rotation.finished_at).not.toBeNull();
    const inUse = (await rowsOf(table)).filter((row) => (row["retired_at"] ?? null) === null);
    expect(inUse.filter((row) => old.has(row[column]))).toEqual([]);
    const { people } = openIsolate(keyring);
    for (const [index, personId] of ids.entries()) {
      const email = `p${index}@example.org`;
      expect(await people.get(personId)).toMatchObject({ ...details, email });
      expect(await people.findByEmail(email)).toBe(personId);
    }
  });

  it("goes on where it was when each of its steps is by somebody who knows of none before", async () => {
    await addPeople(60);
    const rotationId = await startRotation(openIsolate(both), purpose);
    const seen: string[] = [];
    for (let steps = 0; seen.at(-1) !== "finished"; steps += 1) {
      expect(steps).toBeLessThan(12);
      seen.push((await openIsolate(both).rotations.run(rotationId, 1)).rotation.state);
    }
    expect(seen.length).toBeGreaterThan(3);
  });

  it("does in many hands at once what it does in one", async () => {
    await addPeople(60);
    const hands = Array.from({ length: 4 }, () => openIsolate(both));
    const [hand] = hands;
    if (!hand) throw new Error("no hand");
    const rotationId = await startRotation(hand, purpose);
    const ends = await Promise.all(hands.map((each) => finishRotation(each, rotationId)));
    for (const { rotation } of ends)
      expect(rotation).toMatchObject({ state: "finished", failed: 0 });
    const isolate = openIsolate(both);
    for (const { person_id: personId } of await rowsOf("personal_data")) {
      expect(await isolate.people.get(String(personId))).toMatchObject(details);
    }
  });

  it("is one at a time, and asking again finds it", async () => {
    await addPeople(1);
    const starts = await Promise.all(
      [1, 2, 3].map(() => openIsolate(both).rotations.start(purpose)),
    );
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(starts.map(({ rotation }) => rotation.rotation_id)).size).toBe(1);
  });

  it("of nobody's data ends at once", async () => {
    const isolate = openIsolate(both);
    const { rotation } = await finishRotation(isolate, await startRotation(isolate, purpose));
    expect(rotation).toMatchObject({ state: "finished", total: 0, left_over: 0 });
  });

  it("is brought on by the job that nobody looks at", async () => {
    await addPeople(3);
    await startRotation(openIsolate(both), purpose);
    const runs = await openIsolate(both).rotations.continueAll(12);
    expect(runs.map(({ rotation }) => rotation.state)).toEqual(["finished"]);
    expect(await openIsolate(both).rotations.continueAll(12)).toEqual([]);
  });

  it("reads each row a bounded number of times, however many there are", async () => {
    const rowsReadFor = async (people: number) => {
      await emptyPeople(env.PII_DB);
      await addPeople(people);
      const { db, rowsRead } = countingDatabase(env.PII_DB);
      const isolate = openIsolate(both, db);
      await finishRotation(isolate, await startRotation(isolate, purpose));
      return rowsRead.reduce((sum, rows) => sum + rows, 0);
    };
    const few = await rowsReadFor(20);
    const more = await rowsReadFor(120);
    expect((more - few) / 100).toBeLessThan(40);
  });
});

describe("the first phase of a rotation", () => {
  it("uses the new version nowhere", async () => {
    await addPeople(1);
    const isolate = openIsolate(both);
    const { rotation } = await isolate.rotations.start("kek");
    await isolate.rotations.start("index");
    expect(rotation).toMatchObject({ state: "waiting", from_version: 1, to_version: 2 });
    await addPerson(openIsolate(both), "new@example.org");
    expect(await isolate.rotations.run(rotation.rotation_id, 6)).toMatchObject({
      rotation: { state: "waiting" },
    });
    const [people, keys] = [await rowsOf("personal_data"), await rowsOf("data_keys")];
    expect(keys.every((key) => key["kek_version"] === 1)).toBe(true);
    expect(people.every((row) => String(row["email_hash"]).startsWith("1."))).toBe(true);
    expect(people.every((row) => row["email_hash_next"] === null)).toBe(true);
  });

  it("lasts while a server is met that lacks the new version", async () => {
    const isolate = openIsolate(both);
    const { rotation } = await isolate.rotations.start("kek");
    clock.move(59);
    await addPerson(openIsolate(first), "late@example.org");
    clock.move(30);
    const run = () => openIsolate(both).rotations.run(rotation.rotation_id, 1);
    expect((await run()).rotation.state).toBe("waiting");
    clock.move(longSeconds);
    expect((await run()).rotation.state).toBe("moving");
  });

  it("is refused without a newer version, and after it was used up", async () => {
    for (const purpose of ["kek", "index"] as const) {
      await expect(openIsolate(first).rotations.start(purpose)).rejects.toThrow(/hi keys generate/);
      const isolate = openIsolate(both);
      await finishRotation(isolate, await startRotation(isolate, purpose));
      await expect(isolate.rotations.start(purpose)).rejects.toThrow(/newest of the keyring/);
    }
  });
});

describe("a server that lacks the version in use", () => {
  it("says so as something that passes, and harms nothing", async () => {
    const [personId = ""] = await addPeople(1);
    const isolate = openIsolate(both);
    for (const purpose of ["kek", "index"] as const) {
      await finishRotation(isolate, await startRotation(isolate, purpose));
    }
    const stale = openIsolate(first);
    const unavailable = { code: "store_unavailable", extra: { headers: { "Retry-After": "10" } } };
    await expect(stale.people.get(personId)).rejects.toMatchObject(unavailable);
    const email = "new@example.org";
    const added = stale.people.add({ personId: newId("psn"), email, atMs: 1, consents: [] });
    await expect(added).rejects.toMatchObject(unavailable);
    const found = openIsolate(first).people.findByEmail("p0@example.org");
    await expect(found).rejects.toMatchObject(unavailable);
    expect(await rowsOf("personal_data")).toHaveLength(1);
  });

  it("moves nothing, rather than to count everything as damaged", async () => {
    await addPeople(2);
    const rotationId = await startRotation(openIsolate(both), "kek");
    await openIsolate(both).rotations.run(rotationId, 1);
    const run = openIsolate(first).rotations.run(rotationId, 3);
    await expect(run).rejects.toMatchObject({ code: "store_unavailable" });
    expect((await openIsolate(both).rotations.list())[0]).toMatchObject({ done: 0, failed: 0 });
  });
});
