import { dataKeyOf } from "@hi-stranger/core/crypto/envelope";
import { beforeEach, expect, it } from "vitest";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import {
  addPerson,
  clock,
  createRings,
  finishRotation,
  newId,
  openIsolate,
  rowsOf,
  startRotation,
} from "../support/isolates.ts";

const { first, both } = createRings();

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

/** `PII_DB` where `act` happens between what a step has read and what it writes, once. */
function interrupted(act: () => Promise<unknown>): D1Database {
  let isDone = false;
  return new Proxy(env.PII_DB, {
    get(target, name) {
      if (name !== "batch") {
        const value = Reflect.get(target, name) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        if (!isDone) {
          isDone = true;
          await act();
        }
        return target.batch(statements);
      };
    },
  });
}

it("an edit between the reading and the writing of a rotation wins", async () => {
  const personId = await addPerson(openIsolate(first), "ada@example.org");
  await openIsolate(first).people.change(personId, { name: "before", address: "kept" }, 1);
  clock.move(1);
  const editor = openIsolate(first);
  await editor.people.get(personId);
  const db = interrupted(() => editor.people.change(personId, { name: "after" }, 2));
  const isolate = openIsolate(both, db);
  const rotationId = await startRotation(isolate, "dek");
  await isolate.rotations.run(rotationId, 2);
  const [row] = await rowsOf("personal_data");
  expect(dataKeyOf(String(row?.["name"]))?.dekVersion).toBe(1);
  await finishRotation(isolate, rotationId);
  const [moved] = await rowsOf("personal_data");
  for (const column of ["name", "address", "email"]) {
    expect(dataKeyOf(String(moved?.[column]))?.dekVersion).toBe(2);
  }
  const known = { name: "after", address: "kept", email: "ada@example.org" };
  expect(await openIsolate(both).people.get(personId)).toMatchObject(known);
});

it("whoever remembers a key that was retired seals with its successor", async () => {
  const old = openIsolate(both);
  const personId = await addPerson(old, "ada@example.org");
  clock.move(1);
  const rotationId = (await openIsolate(both).rotations.start("dek")).rotation.rotation_id;
  await finishRotation(openIsolate(both), rotationId);
  expect(await old.people.change(personId, { name: "Ada" }, 2)).toMatchObject({ name: "Ada" });
  const [row] = await rowsOf("personal_data");
  expect(dataKeyOf(String(row?.["name"]))?.dekVersion).toBe(2);
  const keys = await rowsOf("data_keys");
  expect(keys.map((key) => [key["version"], key["retired_at"] !== null])).toEqual([
    [1, true],
    [2, false],
  ]);
});

it("whoever remembers the plan from before a rotation adds people by the one of now", async () => {
  const old = openIsolate(both);
  await addPerson(old, "ada@example.org");
  const [kek, index] = await Promise.all(
    (["kek", "index"] as const).map(async (purpose) => {
      const { rotation } = await openIsolate(both).rotations.start(purpose);
      await env.PII_DB.prepare("UPDATE key_rotations SET ready_at = 0").run();
      return finishRotation(openIsolate(both), rotation.rotation_id);
    }),
  );
  expect([kek?.rotation.state, index?.rotation.state]).toEqual(["finished", "finished"]);
  await addPerson(old, "bob@example.org");
  expect((await rowsOf("data_keys")).map((key) => key["kek_version"])).toEqual([2, 2]);
  for (const row of await rowsOf("personal_data")) {
    expect(String(row["email_hash"])).toMatch(/^2\./);
    expect(row["email_hash_next"]).toBeNull();
  }
});

it.each(["waiting", "moving", "stuck", "switching", "finished"])(
  "one address has one person while the index is %s, whoever remembers what",
  async (state) => {
    const unaware = openIsolate(both);
    await addPerson(unaware, "other@example.org");
    const { rotation } = await openIsolate(both).rotations.start("index");
    const aware = openIsolate(both);
    await env.PII_DB.prepare("UPDATE key_rotations SET state = ?1 WHERE rotation_id = ?2")
      .bind(state, rotation.rotation_id)
      .run();
    const isolates = [unaware, aware, openIsolate(both), unaware, aware];
    const tries = await Promise.all(
      isolates.map(({ people }) =>
        people.add({ personId: newId("psn"), email: "ada@example.org", atMs: 1, consents: [] }),
      ),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    const found = await Promise.all(
      isolates.map(({ people }) => people.findByEmail("ada@example.org")),
    );
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toMatch(/^psn_/);
  },
);

it("a subject who is shredded while their key rotates gets no key again", async () => {
  const personId = await addPerson(openIsolate(first), "ada@example.org");
  clock.move(1);
  const db = interrupted(async () => {
    const { keys, people } = openIsolate(first);
    await keys.shred(personId);
    await people.remove(personId);
  });
  const isolate = openIsolate(both, db);
  const { rotation } = await finishRotation(isolate, await startRotation(isolate, "dek"));
  expect(rotation.state).toBe("finished");
  expect(await rowsOf("data_keys")).toEqual([]);
});
