/** Fields by the key and the suite that sealed them. */
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { dataKeyOf, maxSealsPerKey, sealField } from "@hi-stranger/core/crypto/envelope";
import { personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import { beforeEach, describe, expect, it } from "vitest";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import {
  addPerson,
  clock,
  createRings,
  finishRotation,
  openIsolate,
  rowsOf,
  startRotation,
} from "../support/isolates.ts";

const { first } = createRings();
const details = { name: "Ada", address: "1 Quay", country: "PT", timezone: "Europe/Lisbon" };

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

async function countsOf(): Promise<unknown[]> {
  const rows = await rowsOf("data_keys");
  return rows.map(({ version, sealed }) => [version, sealed]);
}

async function rotateDek(): Promise<void> {
  clock.move(1);
  const { rotation } = await finishRotation(
    openIsolate(first),
    await startRotation(openIsolate(first), "dek"),
  );
  expect(rotation).toMatchObject({ state: "finished", failed: 0 });
}

describe("the fields that a key has sealed", () => {
  it("are counted with each write and each move to a new key", async () => {
    const isolate = openIsolate(first);
    const personId = await addPerson(isolate, "ada@example.org");
    expect(await countsOf()).toEqual([[1, 1]]);
    await isolate.people.change(personId, details, 1);
    await isolate.people.change(personId, { name: null, country: "ES" }, 2);
    expect(await countsOf()).toEqual([[1, 6]]);
    await rotateDek();
    expect(await countsOf()).toEqual([
      [1, 6],
      [2, 4],
    ]);
    await openIsolate(first).people.change(personId, { name: "Ada" }, 3);
    expect(await countsOf()).toEqual([
      [1, 6],
      [2, 5],
    ]);
  });

  it("are as many as random IVs allow: then nothing is written until there is a new key", async () => {
    const isolate = openIsolate(first);
    const personId = await addPerson(isolate, "ada@example.org");
    await isolate.people.change(personId, details, 1);
    const count = env.PII_DB.prepare("UPDATE data_keys SET sealed = ?1");
    await count.bind(maxSealsPerKey - 1).run();
    await expect(
      isolate.people.change(personId, { name: "Eve", country: "ES" }, 2),
    ).rejects.toThrow(/CHECK/);
    expect(await isolate.people.get(personId)).toMatchObject(details);
    expect(await isolate.people.change(personId, { name: "Eve" }, 3)).toMatchObject({
      ...details,
      name: "Eve",
    });
    expect(await countsOf()).toEqual([[1, maxSealsPerKey]]);
    await rotateDek();
    expect(await openIsolate(first).people.change(personId, { country: "ES" }, 4)).toMatchObject({
      name: "Eve",
      country: "ES",
    });
  });
});

it("a value of suite hs1 opens, and is of hs2 once it was moved to another key", async () => {
  const isolate = openIsolate(first);
  const personId = await addPerson(isolate, "ada@example.org");
  const place = {
    environment: "preview",
    table: "personal_data",
    column: "name",
    rowId: personId,
    subjectId: personId,
    schemaVersion: personalDataVersion,
  };
  const key = await isolate.keys.obtain(personId, "pii");
  const options = { suite: "hs1", fillRandom: platformRandom } as const;
  const sealed = await sealField(crypto.subtle, key, place, "Ada", options);
  await env.PII_DB.prepare("UPDATE personal_data SET name = ?1").bind(sealed).run();
  expect(await openIsolate(first).people.get(personId)).toMatchObject({ name: "Ada" });
  await rotateDek();
  expect(await openIsolate(first).people.get(personId)).toMatchObject({ name: "Ada" });
  const [row] = await rowsOf("personal_data");
  expect(dataKeyOf(String(row?.["name"]))).toMatchObject({ suite: "hs2", dekVersion: 2 });
});
