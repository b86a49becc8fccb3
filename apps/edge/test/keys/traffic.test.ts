/** Rotations while fifty people read and write, over the real bindings, by several servers at once. */
import { readKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted, reveal } from "@hi-stranger/core/crypto/redacted";
import type { RotationInfo } from "@hi-stranger/core/contract/keys";
import {
  type RotationPurpose,
  rotationPurposes,
} from "@hi-stranger/core/contract/rotation-purposes";
import { beforeEach, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { json } from "../support/api.ts";
import { type Browser, createHeldClock, openApp, openBrowser, origin } from "../support/browser.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { createRings, longSeconds, rowsOf } from "../support/isolates.ts";

const clientCount = 50;
const { both } = createRings();

interface Client {
  readonly email: string;
  readonly browser: Browser;
  /** What the last answer of a write said. */
  name: string;
  rounds: number;
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

const operator = { Authorization: `Bearer ${env.OPERATOR_SECRET}` };

async function call<Body>(app: App, method: string, path: string, body?: unknown): Promise<Body> {
  const headers = { ...operator, "Content-Type": "application/json" };
  const init = body === undefined ? { method, headers: operator } : { method, headers };
  const answer = await app.fetch(
    new Request(
      `${origin}${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    ),
  );
  expect(answer.ok).toBe(true);
  return json<Body>(answer);
}

/** Changes a field and reads all of them. */
async function useStore(client: Client, index: number): Promise<void> {
  const { browser, email } = client;
  const name = `name ${index} ${client.rounds}`;
  const changed = await browser.send("PUT", "/api/me/personal-data", { name });
  expect([changed.status, await json(changed)]).toMatchObject([200, { name, email }]);
  client.name = name;
  const read = await browser.fetch("/api/me/personal-data");
  expect([read.status, await json(read)]).toMatchObject([200, { name, email }]);
  client.rounds += 1;
}

it.each(rotationPurposes)(
  "a rotation of %s completes while fifty people read and write, and no request of theirs fails",
  async (purpose) => {
    const clock = createHeldClock();
    const secret = { KEYRING: reveal(writeKeyring(withBothVersions())) };
    const apps = [1, 2, 3].map(() => openApp(secret, clock));
    const [app] = apps;
    if (!app) throw new Error("no app");
    const clients: Client[] = [];
    for (let index = 0; index < clientCount; index += 1) {
      const browser = openBrowser(apps[index % apps.length] ?? app);
      const email = `p${index}@example.org`;
      await browser.signIn(email);
      clients.push({ email, browser, name: "", rounds: 0 });
    }
    clock.move(1);
    const over = new AbortController();
    const traffic = clients.map(async (client, index) => {
      while (!over.signal.aborted || client.rounds < 2) await useStore(client, index);
    });
    // Finds accounts by their addresses, and makes new ones.
    const signIns = async () => {
      for (let index = 0; !over.signal.aborted || index < 2; index += 1) {
        const known = index % 2 === 0 ? clients[index % clients.length] : undefined;
        const browser = openBrowser(apps[index % apps.length] ?? app);
        const session = await browser.signIn(known?.email ?? `new${index}@example.org`);
        const isSame = session.person_id === known?.browser.session?.person_id;
        expect(isSame).toBe(known !== undefined);
      }
    };
    const rotate = async () => {
      const path = "/api/admin/keys/rotations";
      let rotation = await call<RotationInfo>(app, "POST", path, { purpose });
      clock.move(longSeconds);
      while (rotation.state !== "finished") {
        const run = `${path}/${rotation.rotation_id}/batches`;
        ({ rotation } = await call<{ rotation: RotationInfo }>(app, "POST", run));
        expect(rotation.state).not.toBe("stuck");
      }
      over.abort();
    };
    await Promise.all([...traffic, signIns(), rotate()]);
    await expectAllRight(purpose, clients);
  },
  300_000,
);

/** The keyring of the tests, with two versions of what rotates. */
function withBothVersions(): typeof both {
  const { rootsByPurpose, activeByPurpose } = readKeyring(new Redacted(env.KEYRING));
  const { kek, index } = both.rootsByPurpose;
  return { activeByPurpose, rootsByPurpose: { ...rootsByPurpose, kek, index } };
}

async function expectAllRight(purpose: RotationPurpose, clients: readonly Client[]): Promise<void> {
  for (const { browser, email, name } of clients) {
    expect(await json(await browser.fetch("/api/me/personal-data"))).toMatchObject({ name, email });
  }
  const keys = await rowsOf("data_keys");
  const people = await rowsOf("personal_data");
  expect(people.length).toBeGreaterThanOrEqual(clients.length);
  const retired = keys.filter((key) => key["retired_at"] !== null);
  expect(retired.length).toBeGreaterThanOrEqual(purpose === "dek" ? clients.length : 0);
  const fields = JSON.stringify(people);
  const left = {
    kek: keys.filter((key) => key["kek_version"] !== 2),
    dek: retired.filter((key) =>
      fields.includes(`hs2.${String(key["dek_id"])}.${String(key["version"])}.`),
    ),
    index: people.filter((row) => !String(row["email_hash"]).startsWith("2.")),
  };
  expect(left[purpose]).toEqual([]);
}
