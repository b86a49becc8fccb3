import { rotationPurposes } from "@hi-stranger/core/contract/rotation-purposes";
import { factsOfColumn, mappedTables } from "@hi-stranger/core/data-map";
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

const { first, both } = createRings();
let ada: string;
let bob: string;

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
  ada = await addPerson(openIsolate(first), "ada@example.org");
  bob = await addPerson(openIsolate(first), "bob@example.org");
  clock.move(1);
});

async function change(sql: string, ...values: (string | number)[]): Promise<void> {
  await env.PII_DB.prepare(sql)
    .bind(...values)
    .run();
}

async function rotate(purpose: (typeof rotationPurposes)[number]) {
  const isolate = openIsolate(both);
  return finishRotation(isolate, await startRotation(isolate, purpose));
}

/** What makes Bob's row one that doesn't open, by the rotation that meets it. */
const damages = {
  kek: ["UPDATE data_keys SET wrapped = 'hw1.AAAA' WHERE subject_id = ?1"],
  dek: ["UPDATE personal_data SET name = 'hs2.x' WHERE person_id = ?1"],
  index: ["UPDATE personal_data SET email_hash = '1.forged' WHERE person_id = ?1"],
} as const;

describe.each(rotationPurposes)("a rotation of %s", (purpose) => {
  it("gets stuck on a row that doesn't open, names it, and goes on once that is mended", async () => {
    const before = await rowsOf("personal_data");
    const keysBefore = await rowsOf("data_keys");
    await change(damages[purpose][0], bob);
    const { rotation, failedSubjects } = await rotate(purpose);
    expect(rotation).toMatchObject({ state: "stuck", failed: 1, left_over: 1, finished_at: null });
    expect(failedSubjects).toEqual([bob]);
    expect(await openIsolate(both).people.get(ada)).toMatchObject({ email: "ada@example.org" });
    expect(await openIsolate(both).rotations.continueAll(6)).toEqual([]);

    const row = before.find(({ person_id: id }) => id === bob);
    const key = keysBefore.find(({ subject_id: id }) => id === bob);
    await change(
      "UPDATE personal_data SET name = NULL, email_hash = ?2 WHERE person_id = ?1",
      bob,
      String(row?.["email_hash"]),
    );
    await change(
      "UPDATE data_keys SET wrapped = ?2 WHERE subject_id = ?1 AND kek_version = 1 AND version = 1",
      bob,
      String(key?.["wrapped"]),
    );
    const again = openIsolate(both);
    const restarted = await again.rotations.start(purpose);
    expect(restarted).toMatchObject({ isNew: false, rotation: { state: "moving" } });
    const end = await finishRotation(again, restarted.rotation.rotation_id);
    expect(end.rotation).toMatchObject({ state: "finished", failed: 0, left_over: 0 });
  });
});

describe("a version that no keyring has", () => {
  it.each([7, 9_999])("as %i on a row stops the KEK's rotation there", async (version) => {
    await change("UPDATE data_keys SET kek_version = ?2 WHERE subject_id = ?1", bob, version);
    const { rotation, failedSubjects } = await rotate("kek");
    expect(rotation).toMatchObject({ state: "stuck", left_over: 1 });
    expect(failedSubjects).toEqual([bob]);
  });
});

describe("a version of a root", () => {
  const retirable = async () => {
    const keys = await openIsolate(both).rotations.keys();
    return keys.filter((key) => key.is_retirable).map(({ purpose, version }) => [purpose, version]);
  };

  it("may go when a finished rotation has left nothing on it, and not before", async () => {
    for (const purpose of ["kek", "index"] as const) {
      const isolate = openIsolate(both);
      const rotationId = await startRotation(isolate, purpose);
      expect(await retirable()).toEqual(purpose === "kek" ? [] : [["kek", 1]]);
      await isolate.rotations.run(rotationId, 1);
      expect(await retirable()).toEqual(purpose === "kek" ? [] : [["kek", 1]]);
      await finishRotation(isolate, rotationId);
    }
    expect(await retirable()).toEqual([
      ["kek", 1],
      ["index", 1],
    ]);
  });

  it("stays while one row is left on it, even if a restored backup has put that there", async () => {
    const [old] = await rowsOf("data_keys");
    await rotate("kek");
    await rotate("index");
    await change("UPDATE data_keys SET kek_version = 1 WHERE dek_id = ?1", String(old?.["dek_id"]));
    await change("UPDATE personal_data SET email_hash = '1.restored' WHERE person_id = ?1", bob);
    expect(await retirable()).toEqual([]);
    const keys = await openIsolate(both).rotations.keys();
    expect(keys.filter(({ purpose }) => purpose === "kek" || purpose === "index")).toMatchObject([
      { purpose: "kek", version: 1, uses: 1, is_active: false },
      { purpose: "kek", version: 2, uses: 1, is_active: true },
      { purpose: "index", version: 1, uses: 1, is_active: false },
      { purpose: "index", version: 2, uses: 1, is_active: true },
    ]);
  });
});

describe("what a shred left that was cut off", () => {
  it.each(["kek", "dek"] as const)("is gone after a rotation of %s", async (purpose) => {
    await change("DELETE FROM personal_data WHERE person_id = ?1", bob);
    await env.KEY_SHARES.delete(`share/${bob}`);
    expect((await rotate(purpose)).rotation.state).toBe("finished");
    expect((await rowsOf("data_keys")).filter((key) => key["subject_id"] === bob)).toEqual([]);
  });

  it.each(["kek", "dek"] as const)(
    "is kept by a rotation of %s while there is a person: a lost bucket must not cost the keys",
    async (purpose) => {
      await emptyBucket(env.KEY_SHARES);
      const { rotation } = await rotate(purpose);
      expect(rotation).toMatchObject({ state: "stuck", left_over: 2 });
      expect(await rowsOf("data_keys")).toHaveLength(2);
    },
  );
});

it("an index that a forger has given to somebody else stops the rotation at its owner", async () => {
  const indexOfBob = async () =>
    (await rowsOf("personal_data")).find(({ person_id: id }) => id === bob)?.["email_hash"];
  const old = String(await indexOfBob());
  await rotate("index");
  const moved = String(await indexOfBob());
  expect(moved).toMatch(/^2\./);
  await change("DELETE FROM key_rotations");
  await change("UPDATE personal_data SET email_hash = ?2 WHERE person_id = ?1", bob, old);
  await change("UPDATE personal_data SET email_hash_next = ?2 WHERE person_id = ?1", ada, moved);
  const { rotation, failedSubjects } = await rotate("index");
  expect(rotation).toMatchObject({ state: "stuck", left_over: 1 });
  expect(failedSubjects).toEqual([bob]);
});

it("everything that a person's data key encrypts is what the rotation goes through", () => {
  const tables = mappedTables.filter(
    (table) =>
      table.database === "PII_DB" &&
      Object.keys(table.columns).some(
        (column) => factsOfColumn(table, column).protection === "dek",
      ),
  );
  expect(tables.map(({ table }) => table)).toEqual(["personal_data"]);
});
