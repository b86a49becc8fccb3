import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import type { KeyInfo, RotationInfo } from "@hi-stranger/core/contract/keys";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HiOptions, type HiResult, hi } from "./support/hi.ts";
import { signUp } from "./support/people.ts";
import { type Folder, type ServerProcess, createFolder, startServer } from "./support/server.ts";

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  folder = await createFolder();
  server = await startServer({ stateDir: join(folder.path, "server"), secretsDir: folder.path });
  file = join(folder.path, "worker.vars");
  const secret = /^OPERATOR_SECRET=(\S+)$/m.exec(await readFile(file, "utf8"))?.[1] ?? "";
  env = { HI_URL: server.url, HI_OPERATOR_SECRET: secret };
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

const keys = (args: readonly string[], options: HiOptions = {}): Promise<HiResult> =>
  hi(["keys", ...args], { env, ...options });

async function ringText(): Promise<string> {
  return /^KEYRING=(\S+)$/m.exec(await readFile(file, "utf8"))?.[1] ?? "";
}

async function statusOf(): Promise<{ keys: KeyInfo[]; rotations: RotationInfo[]; next: string[] }> {
  const { code, stdout } = await keys(["status", "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as { keys: KeyInfo[]; rotations: RotationInfo[]; next: string[] };
}

/** No root of `text` in what a command printed. */
function expectNoKey(text: string, ...results: readonly HiResult[]): void {
  const { active: _, ...roots } = JSON.parse(text) as Record<string, Record<string, string>>;
  const secrets = Object.values(roots).flatMap((versions) => Object.values(versions));
  expect(secrets.length).toBeGreaterThanOrEqual(5);
  for (const { stdout, stderr } of results) {
    expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
  }
}

describe("a local store's keys", () => {
  test("are rotated in three commands that print no key, while it runs", async () => {
    const ada = await signUp(server.url, "ada@example.org");
    await ada.change({ name: "Ada" });
    const before = await statusOf();
    expect(before.next).toEqual([]);
    const early = await keys(["retire", "kek", "1", "--file", file]);
    expect([early.code, early.stderr]).toMatchObject([1, expect.stringContaining("still opens 1")]);

    const results = [await keys(["generate", "kek", "--file", file])];
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await statusOf()).next).toEqual(["npx hi keys rotate kek"]);
    const inUse = await keys(["retire", "kek", "2", "--file", file]);
    expect(inUse.code).toBe(1);
    results.push(inUse, await keys(["rotate", "kek"]));
    const after = await statusOf();
    expect(after.next).toEqual(["npx hi keys retire kek 1"]);
    expect(after.keys.find((key) => key.is_retirable)).toMatchObject({ purpose: "kek", uses: 0 });
    const full = await ringText();
    results.push(await keys(["retire", "kek", "1", "--file", file]));
    expectNoKey(full, ...results);
    expect(results.map(({ code }) => code)).toEqual([0, 1, 0, 0]);
    expect(JSON.parse(await ringText())).toMatchObject({ active: { kek: 2 } });
    expect(Object.keys((JSON.parse(await ringText()) as { kek: object }).kek)).toEqual(["2"]);

    const retired = await statusOf();
    expect(retired.keys.filter(({ purpose }) => purpose === "kek")).toMatchObject([
      { version: 2, is_active: true, uses: 1 },
    ]);
    expect(await ada.read()).toMatchObject({ name: "Ada", email: "ada@example.org" });
    expect((await readdir(folder.path)).filter((name) => name.includes(".hi-"))).toEqual([]);
  });

  test("of the index and of people rotate as well, and what was there is found", async () => {
    const bob = await signUp(server.url, "bob@example.org");
    expect((await keys(["generate", "index", "--file", file])).code).toBe(0);
    for (const purpose of ["index", "dek"]) {
      const { code, stdout } = await keys(["rotate", purpose, "--json"]);
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { purpose, state: "finished" }]);
    }
    expect((await keys(["retire", "index", "1", "--file", file])).code).toBe(0);
    expect(await bob.read()).toMatchObject({ email: "bob@example.org" });
    const again = await signUp(server.url, "bob@example.org");
    expect(again.personId).toBe(bob.personId);
  });

  test("aren't rotated without a new version, and the error says how to make one", async () => {
    const { code, stderr } = await keys(["rotate", "kek"]);
    expect(code).toBe(1);
    expect(stderr).toContain("hi keys generate kek");
  });
});

describe("a deployment's keyring", () => {
  const document = () => join(folder.path, "keyring.json");

  test("goes to a new file for its owner alone, or through a pipe", async () => {
    expect((await keys(["generate", "--out", document()])).code).toBe(0);
    expect((await stat(document())).mode & 0o777).toBe(0o600);
    const again = await keys(["generate", "--out", document()]);
    expect([again.code, again.stderr]).toMatchObject([
      1,
      expect.stringContaining("is there already"),
    ]);
    const piped = await keys(["generate", "kek", "--in", document(), "--json"]);
    expect(piped.code).toBe(0);
    const { kek, active } = JSON.parse(piped.stdout) as { kek: object; active: object };
    expect(Object.keys(kek)).toEqual(["1", "2"]);
    expect(active).toMatchObject({ kek: 1 });
    expectNoKey(await readFile(document(), "utf8"), again);
  });

  test("shows its fingerprints and nothing else", async () => {
    const { stdout } = await keys(["show", "--public", "--json", "--in", document()]);
    const shown = JSON.parse(stdout) as { keys: object[] };
    expect(shown.keys).toHaveLength(5);
    expect(shown.keys[0]).toEqual({
      purpose: "kek",
      version: 1,
      is_active: true,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    const bare = await keys(["show", "--in", document()]);
    expect(bare.code).toBe(2);
    expectNoKey(await readFile(document(), "utf8"), bare, await keys(["show", "--public"]));
  });

  test("of another store is not one to retire from", async () => {
    await mkdir(join(folder.path, "other"), { recursive: true });
    const other = join(folder.path, "other", "worker.vars");
    await writeFile(other, `KEYRING=${reveal(writeKeyring(createKeyring(platformRandom)))}\n`);
    const { code, stderr } = await keys(["retire", "kek", "2", "--file", other]);
    expect([code, stderr]).toMatchObject([1, expect.stringContaining("is not the keyring of")]);
  });

  test("that is damaged or missing is told by its place, not by what is in it", async () => {
    const damaged = join(folder.path, "damaged.json");
    await writeFile(damaged, '{"kek":{"1":"c2VjcmV0"}}');
    const { code, stderr } = await keys(["show", "--public", "--in", damaged]);
    expect(code).toBe(9);
    expect(stderr).not.toContain("c2VjcmV0");
    expect((await keys(["show", "--public", "--in", join(folder.path, "none")])).code).toBe(6);
  });
});

describe("hi admin", () => {
  test("makes the first admin by an address from stdin, lists and unmakes them, and shows no address", async () => {
    const { personId } = await signUp(server.url, "eve@example.org");
    const input = "eve@example.org\n";
    const granted = await hi(["admin", "grant", "--role", "admin"], { env, input });
    expect([granted.code, granted.stdout]).toEqual([0, `${personId}\n`]);
    const listed = await hi(["admin", "list", "--json"], { env });
    expect(JSON.parse(listed.stdout)).toMatchObject({ person_id: personId, role: "admin" });
    const revoke = ["admin", "revoke", personId, "--role", "admin"];
    const revoked = await hi(revoke, { env });
    expect(revoked.code).toBe(0);
    expect((await hi(revoke, { env })).code).toBe(6);
    for (const { stdout, stderr } of [granted, listed, revoked]) {
      expect(stdout + stderr).not.toContain("eve");
    }
  });

  test("takes the address from a descriptor, and says when nobody has it", async () => {
    const args = ["admin", "grant", "--role", "moderator", "--email-fd", "3"];
    const { code, stderr } = await hi(args, { env, descriptors: ["nobody@example.org\n"] });
    expect([code, stderr]).toMatchObject([6, expect.stringContaining("Nobody with this address")]);
    expect(stderr).not.toContain("nobody@");
    expect((await hi(["admin", "grant", "--role", "owner"], { env })).code).toBe(2);
    const asArgument = await hi(["admin", "revoke", "x@example.org", "--role", "admin"], { env });
    expect(asArgument.code).toBe(2);
  });
});
