/** What one invocation of a Worker has for a rotation of keys. */
import { rotationPurposes } from "@hi-stranger/core/contract/rotation-purposes";
import { expect, it } from "vitest";
import { pagesPerRun } from "../../src/services/rotations.ts";
import { inParallel } from "../../src/stores/in-parallel.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { addPerson, clock, createRings, openIsolate, startRotation } from "../support/isolates.ts";

/** Half of what there is: once an hour a run shares its invocation. */
const budget = 500;
const fewestRowsAPage = 25;
/** More than a run of any kind moves. */
const peopleCount = 500;
const details = { name: "Ada", address: "1 Quay", country: "PT", timezone: "Europe/Lisbon" };
const { first, both } = createRings();

/** `bucket`, noting each of its reads. */
function countingBucket(bucket: R2Bucket): { bucket: R2Bucket; keysRead: string[] } {
  const keysRead: string[] = [];
  const counting = new Proxy(bucket, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name) as unknown;
      return (key: string) => {
        keysRead.push(key);
        return target.get(key);
      };
    },
  });
  return { bucket: counting, keysRead };
}

it("no run of a rotation takes half of an invocation's statements and reads, however many people there are", async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
  const isolate = openIsolate(first);
  await inParallel(10, Array.from({ length: peopleCount }).keys(), async (index) => {
    const personId = await addPerson(isolate, `p${index}@example.org`);
    await isolate.people.change(personId, details, 1);
  });
  clock.move(1);
  for (const purpose of rotationPurposes) {
    const rotationId = await startRotation(openIsolate(both), purpose);
    await openIsolate(both).rotations.run(rotationId, 1);
    const { db, rowsRead } = countingDatabase(env.PII_DB);
    const { bucket, keysRead } = countingBucket(env.KEY_SHARES);
    const { rotations } = openIsolate(both, db, bucket);
    const { rotation } = await rotations.run(rotationId, pagesPerRun);
    // A full run: there was more to do than it did, and it did it.
    expect(rotation).toMatchObject({ state: "moving", failed: 0 });
    expect(rotation.done).toBeGreaterThanOrEqual(pagesPerRun * fewestRowsAPage);
    expect(rowsRead.length).toBeLessThan(budget);
    expect(rowsRead.length).toBeGreaterThan(pagesPerRun);
    expect(keysRead.length).toBeLessThan(budget);
    expect(keysRead.length).toBeGreaterThanOrEqual(rotation.done);
  }
});
