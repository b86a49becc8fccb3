import { systemClock } from "@hi-stranger/core/clock";
import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import { FieldError } from "@hi-stranger/core/crypto/envelope";
import { createKeyring, type Keyring } from "@hi-stranger/core/crypto/keyring";
import { mappedKeys } from "@hi-stranger/core/data-map/keys";
import { personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import { beforeEach, describe, expect, it } from "vitest";
import { createAudit } from "../../src/app-audit.ts";
import { createKeys } from "../../src/app-keys.ts";
import type { Env } from "../../src/env.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const newId = createIdSource(systemClock);
const first = createKeyring(platformRandom);
const canaries = {
  name: "Canary Wren",
  address: "12 Canary Wharf",
  country: "DE",
  timezone: "Europe/Berlin",
  payment_ref: "tok_canary99",
};

/** The stores of one isolate; another call is another isolate, which remembers nothing. */
function open(keyring: Keyring = first, environment: Env["HS_ENV"] = "preview") {
  const { PII_DB: db, KEY_SHARES: bucket } = env;
  const audit = createAudit(env.DB, env, { clock: systemClock, newId });
  const parts = { environment, keyring, feed: undefined, db, bucket, newId, audit };
  return createKeys({ ...parts, clock: systemClock });
}

async function addPerson(email: string, { people } = open()): Promise<string> {
  const personId = newId("psn");
  expect(await people.add({ personId, email, atMs: 1_000, consents: [] })).toBe(true);
  return personId;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

describe("personal data", () => {
  it("comes back as it was given, in another isolate too", async () => {
    const personId = await addPerson("ada@example.org");
    const changed = await open().people.change(personId, canaries, 2_000);
    expect(changed).toEqual({
      schema_version: personalDataVersion,
      person_id: personId,
      email: "ada@example.org",
      ...canaries,
      verification_status: "verified",
      created_at: "1970-01-01T00:00:01.000Z",
      last_login_at: null,
    });
    await open().people.noteSignIn(personId, 3_000);
    const { last_login_at: lastLoginAt } = (await open().people.get(personId)) ?? {};
    expect(lastLoginAt).toBe("1970-01-01T00:00:03.000Z");
  });

  it("loses a field that is set to null, and keeps those that aren't named", async () => {
    const personId = await addPerson("ada@example.org");
    await open().people.change(personId, canaries, 2_000);
    const changed = await open().people.change(personId, { address: null }, 3_000);
    expect(changed).toMatchObject({ ...canaries, address: null });
  });

  it("has one person for an address, whoever comes at once", async () => {
    const tries = Array.from({ length: 8 }, () =>
      open().people.add({
        personId: newId("psn"),
        email: "ada@example.org",
        atMs: 1,
        consents: [],
      }),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await open().people.findByEmail("bob@example.org")).toBeNull();
    expect(await open().people.findByEmail("ada@example.org")).toMatch(/^psn_/);
  });

  it("gives nothing for a person that isn't there", async () => {
    expect(await open().people.get("psn_nobody")).toBeNull();
    expect(await open().people.change("psn_nobody", { name: "x" }, 1)).toBeNull();
    expect((await env.KEY_SHARES.list()).objects).toEqual([]);
  });

  it("leaves no readable trace in any row", async () => {
    const personId = await addPerson("canary@example.org");
    await open().people.change(personId, canaries, 2_000);
    const tables = ["personal_data", "data_keys"];
    const dumps = await env.PII_DB.batch(
      tables.map((table) => env.PII_DB.prepare(`SELECT * FROM ${table}`)),
    );
    const text = JSON.stringify(dumps.map(({ results }) => results)).toLowerCase();
    expect(text).toContain("hs2.");
    for (const secret of ["canary", "wharf", "berlin", btoa("canary").slice(0, 8).toLowerCase()]) {
      expect(text).not.toContain(secret);
    }
  });
});

it("a share is kept where the data map says", async () => {
  const personId = await addPerson("ada@example.org");
  const [{ key } = { key: "" }] = (await env.KEY_SHARES.list()).objects;
  const mapped = mappedKeys.find(({ home }) => home === "KEY_SHARES");
  expect(key).toBe(mapped?.key.replace("{subject_id}", personId));
});

describe("a ciphertext", () => {
  /** Puts the value of one place into another. */
  async function move(from: [string, string], to: [string, string]): Promise<void> {
    await env.PII_DB.prepare(
      `UPDATE personal_data SET ${to[1]} = (SELECT ${from[1]} FROM personal_data WHERE person_id = ?1)
       WHERE person_id = ?2`,
    )
      .bind(from[0], to[0])
      .run();
  }

  it("moved to another column is refused", async () => {
    const personId = await addPerson("ada@example.org");
    await open().people.change(personId, canaries, 2_000);
    await move([personId, "name"], [personId, "address"]);
    await expect(open().people.get(personId)).rejects.toThrow(FieldError);
  });

  it("moved to another person isn't read, not even by the key that it names", async () => {
    const ada = await addPerson("ada@example.org");
    const bob = await addPerson("bob@example.org");
    await move([ada, "email"], [bob, "email"]);
    expect(await open().people.get(bob)).toBeNull();
  });

  it("from another environment doesn't open", async () => {
    const personId = await addPerson("ada@example.org");
    await expect(open(first, "production").people.get(personId)).rejects.toThrow(/unwrap/);
  });
});

describe("a shred", () => {
  it("makes a copy of the database from before unreadable, in every isolate", async () => {
    const personId = await addPerson("ada@example.org");
    const dump = async (table: string) =>
      (await env.PII_DB.prepare(`SELECT * FROM ${table}`).all()).results;
    const copies = {
      personal_data: await dump("personal_data"),
      data_keys: await dump("data_keys"),
    };
    const { keys, people } = open();
    await people.get(personId);
    await keys.shred(personId);
    expect(await people.get(personId)).toBeNull();
    // The copy is put back whole, as a restored backup would be.
    await emptyPeople(env.PII_DB);
    for (const [table, rows] of Object.entries(copies)) {
      for (const row of rows) {
        const columns = Object.keys(row);
        await env.PII_DB.prepare(
          `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
        )
          .bind(...Object.values(row))
          .run();
      }
    }
    expect(await open().people.get(personId)).toBeNull();
    await expect(open().people.change(personId, { name: "x" }, 1)).rejects.toThrow(/shredded/);
  });

  it("of one person leaves the others alone", async () => {
    const ada = await addPerson("ada@example.org");
    const bob = await addPerson("bob@example.org");
    await open().keys.shred(ada);
    expect(await open().people.get(bob)).toMatchObject({ email: "bob@example.org" });
  });
});
