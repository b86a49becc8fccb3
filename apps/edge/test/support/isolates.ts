/** Servers that share the bindings and a clock, each with a keyring and a memory of its own. */
import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import {
  activateKeyVersion,
  addKeyVersion,
  createKeyring,
  type Keyring,
  removeKeyVersion,
} from "@hi-stranger/core/crypto/keyring";
import type { RotationPurpose } from "@hi-stranger/core/contract/rotation-purposes";
import { expect } from "vitest";
import { createAudit } from "../../src/app-audit.ts";
import { type Keys, createKeys } from "../../src/app-keys.ts";
import { createHeldClock } from "./browser.ts";
import { env } from "./env.ts";

/** Longer than any server waits for anything, in seconds. */
export const longSeconds = 120;

export const clock = createHeldClock();
export const newId = createIdSource(clock);

/** A keyring, and the same with a second KEK and index that aren't in use. */
export function createRings(): { first: Keyring; both: Keyring } {
  const first = createKeyring(platformRandom);
  const withKek = addKeyVersion(first, "kek", platformRandom);
  return { first, both: addKeyVersion(withKek, "index", platformRandom) };
}

/** The keyring with the second version of a root alone, as after a rotation. */
export function withoutFirst(keyring: Keyring, purpose: "kek" | "index"): Keyring {
  return removeKeyVersion(activateKeyVersion(keyring, purpose, 2), purpose, 1);
}

export function openIsolate(
  keyring: Keyring,
  db: D1Database = env.PII_DB,
  bucket: R2Bucket = env.KEY_SHARES,
): Keys {
  const audit = createAudit(env.DB, env, { clock, newId });
  const parts = { environment: "preview", keyring, feed: undefined, audit } as const;
  return createKeys({ ...parts, db, bucket, clock, newId });
}

export async function addPerson({ people }: Keys, email: string): Promise<string> {
  const personId = newId("psn");
  const isAdded = await people.add({ personId, email, atMs: clock.now(), consents: [] });
  expect(isAdded).toBe(true);
  return personId;
}

/** Starts a rotation and gives every server the time it is given to get to know of it. */
export async function startRotation(
  { rotations }: Keys,
  purpose: RotationPurpose,
): Promise<string> {
  const { rotation } = await rotations.start(purpose);
  clock.move(longSeconds);
  return rotation.rotation_id;
}

/** Runs a rotation to its end, and gives the subjects whose rows didn't open. */
export async function finishRotation({ rotations }: Keys, rotationId: string) {
  const failedSubjects = new Set<string>();
  for (;;) {
    const run = await rotations.run(rotationId, 6);
    for (const subject of run.failedSubjects) failedSubjects.add(subject);
    const { state } = run.rotation;
    if (state === "finished" || state === "stuck") {
      return { rotation: run.rotation, failedSubjects: [...failedSubjects] };
    }
  }
}

/** All rows of a table of `PII_DB`. */
export async function rowsOf(table: string): Promise<Record<string, unknown>[]> {
  return (await env.PII_DB.prepare(`SELECT * FROM ${table}`).all()).results;
}
