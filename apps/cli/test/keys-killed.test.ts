/** Rotations of keys whose server is killed in the middle. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyInfo, RotationInfo } from "@hi-stranger/core/contract/keys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hi } from "./support/hi.ts";
import { type SignedIn, signUp } from "./support/people.ts";
import { type Folder, type ServerProcess, createFolder, startServer } from "./support/server.ts";

/**
 * More people than one request gets through, which moves 125 data keys, 250 wraps or 375 indexes at
 * first. The data keys go first, so that everybody has two, and with them 760 wraps.
 */
const peopleCount = 380;
const signUpsAtOnce = 8;

let folder: Folder;
let server: ServerProcess;
let secret: string;
let people: SignedIn[];

beforeAll(async () => {
  folder = await createFolder();
  server = await start();
  secret = /^OPERATOR_SECRET=(\S+)$/m.exec(await readFile(varsFile(), "utf8"))?.[1] ?? "";
  people = await signUpAll();
}, 120_000);

afterAll(async () => {
  await server.close();
  await folder.remove();
});

const varsFile = () => join(folder.path, "worker.vars");
const addressOf = (index: number) => `p${index}@example.org`;

function start(port = 0): Promise<ServerProcess> {
  return startServer({ stateDir: join(folder.path, "server"), secretsDir: folder.path, port });
}

/** Several at once: each has an address of its own, so each finds its own mail. */
async function signUpAll(): Promise<SignedIn[]> {
  const signedUp: SignedIn[] = [];
  const signUpFrom = async (first: number) => {
    for (let index = first; index < peopleCount; index += signUpsAtOnce) {
      signedUp[index] = await signUp(server.url, addressOf(index));
    }
  };
  await Promise.all(Array.from({ length: signUpsAtOnce }, (_, first) => signUpFrom(first)));
  return signedUp;
}

/** What a command of `hi keys` prints. */
async function keys(...args: string[]): Promise<string> {
  const env = { HI_URL: server.url, HI_OPERATOR_SECRET: secret };
  const { code, stdout, stderr } = await hi(["keys", ...args], { env });
  if (code !== 0) throw new Error(`hi keys ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The API itself, which takes single steps where the command goes on to the end. */
async function callRotations<Body>(path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${server.url}/api/admin/keys/rotations${path}`, {
    headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Body;
}

async function newestRotation(): Promise<RotationInfo | undefined> {
  return (await callRotations<{ rotations: RotationInfo[] }>("")).rotations[0];
}

/** Moves the few pages of one request. */
async function moveSome({ rotation_id: id }: RotationInfo): Promise<RotationInfo> {
  return (await callRotations<{ rotation: RotationInfo }>(`/${id}/batches`, {})).rotation;
}

/** Starts a rotation and moves the first of its rows. */
async function beginRotation(purpose: string): Promise<RotationInfo> {
  let rotation = await callRotations<RotationInfo>("", { purpose });
  while (rotation.state === "waiting") {
    await sleep(100);
    rotation = await moveSome(rotation);
  }
  return rotation;
}

/** Leaves a request under way that has moved a page or more, and is too short to come to the end. */
async function moveOn(rotation: RotationInfo): Promise<void> {
  void moveSome(rotation).catch(() => undefined);
  while ((await newestRotation())?.done === rotation.done) continue;
}

function expectInTheMiddle({ state, done, total }: RotationInfo): void {
  expect(state).toBe("moving");
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(total);
}

/** The data of every person, or of one in `step`. */
async function expectReadable(step = 1): Promise<void> {
  const read = people.filter((_, index) => index % step === 0).map((person) => person.read());
  const expected = read.map((_, at) => ({ email: addressOf(at * step) }));
  expect(await Promise.all(read)).toMatchObject(expected);
}

test.each([
  { purpose: "dek", isRequestUnderWay: true },
  { purpose: "kek", isRequestUnderWay: true },
  { purpose: "index", isRequestUnderWay: false },
])(
  "a rotation of $purpose goes on from where its server was killed",
  async ({ purpose, isRequestUnderWay }) => {
    if (purpose !== "dek") await keys("generate", purpose, "--file", varsFile());
    const begun = await beginRotation(purpose);
    expectInTheMiddle(begun);
    if (isRequestUnderWay) await moveOn(begun);
    await server.kill();
    server = await start(server.port);

    const left = (await newestRotation()) ?? begun;
    expect(left).toMatchObject({ rotation_id: begun.rotation_id, purpose });
    expectInTheMiddle(left);
    expect(left.done).toBeGreaterThanOrEqual(begun.done + (isRequestUnderWay ? 1 : 0));
    // Of those who were moved and of those who weren't.
    await expectReadable(10);

    const end = JSON.parse(await keys("rotate", purpose, "--json")) as RotationInfo;
    const { rotation_id, total } = begun;
    // Each row was seen once: none was skipped, and none was begun with again.
    const whole = { done: total, total, failed: 0, left_over: 0 };
    expect(end).toMatchObject({ rotation_id, state: "finished", ...whole });
    const status = JSON.parse(await keys("status", "--json")) as { keys: KeyInfo[] };
    const retirable = status.keys.filter((key) => key.purpose === purpose && key.is_retirable);
    const { from_version: version } = begun;
    expect(retirable).toMatchObject(version === null ? [] : [{ version, uses: 0 }]);
    await expectReadable();
    for (const index of [0, peopleCount - 1]) {
      const again = await signUp(server.url, addressOf(index));
      expect(again.personId).toBe(people[index]?.personId);
    }
  },
  120_000,
);
