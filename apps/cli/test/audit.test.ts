import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { generatePersonaLines } from "@hi-stranger/sdk/demo/personas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hi, parseLines } from "./support/hi.ts";
import { type Folder, type ServerProcess, createFolder, startServer } from "./support/server.ts";

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;

const stateDir = () => join(folder.path, "server");

beforeAll(async () => {
  folder = await createFolder();
  server = await startServer({ stateDir: stateDir() });
  env = { HI_URL: server.url, HI_STATE_DIR: join(folder.path, "state") };
  const { stdout } = await hi(["token", "create", "--quiet"], { env });
  const lines = [...generatePersonaLines({ count: 3, seed: 5 })];
  const input = `${lines.join("\n")}\n`;
  await hi(["import", "-"], { env: { ...env, HI_TOKEN: stdout.trim() }, input });
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

interface Entry {
  readonly seq: number;
  readonly action: string;
  readonly outcome: string;
  readonly detail: Record<string, unknown>;
}

describe("hi audit list", () => {
  test("shows what happened, the newest first, with the operator's secret alone", async () => {
    const { code, stdout } = await hi(["audit", "list", "--json"], { env });
    expect(code).toBe(0);
    const entries = parseLines(stdout) as unknown as Entry[];
    const sequence = entries.map(({ seq }) => seq);
    expect(sequence).toEqual(sequence.toSorted((a, b) => b - a));
    const imported = entries.find(({ action }) => action === "import.finished");
    expect(imported).toMatchObject({ outcome: "done", detail: { lines_valid: 3 } });
  });

  test("shows a table, filters it, and stops at its limit", async () => {
    const all = await hi(["audit", "list", "--limit", "2"], { env });
    expect(all.stdout).toMatch(/^SEQ +AT +ACTION +OUTCOME +ACTOR +SUBJECT +DETAIL\n/);
    expect(all.stdout.trim().split("\n")).toHaveLength(3);
    const filter = ["--action", "import.finished", "--outcome", "done", "--since", "2026-01-01"];
    const filtered = await hi(["audit", "list", ...filter], { env });
    expect(filtered.stdout.trim().split("\n")).toHaveLength(2);
    const none = await hi(["audit", "list", "--until", "2020-01-01"], { env });
    expect(none).toMatchObject({ code: 0, stdout: "", stderr: "There is no such entry." });
  });

  test("refuses an action and a time that are none, and says which there are", async () => {
    const action = await hi(["audit", "list", "--action", "sleeping"], { env });
    expect(action).toMatchObject({ code: 2 });
    expect(action.stderr).toContain("session.begun");
    expect(await hi(["audit", "list", "--since", "yesterday"], { env })).toMatchObject({ code: 2 });
  });

  test("takes a token with the scope, and says how to make one when it lacks it", async () => {
    const made = await hi(["token", "create", "--quiet", "--scope", "audit"], { env });
    const withToken = { ...env, HI_TOKEN: made.stdout.trim() };
    expect(await hi(["audit", "list"], { env: withToken })).toMatchObject({ code: 0 });
    const other = await hi(["token", "create", "--quiet", "--scope", "read"], { env });
    const refused = await hi(["audit", "list"], { env: { ...env, HI_TOKEN: other.stdout.trim() } });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("hi token create --scope audit");
  });

  test("leaves no token behind", async () => {
    await hi(["audit", "list"], { env });
    const { stdout } = await hi(["token", "list", "--json"], { env });
    const names = (parseLines(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).not.toContain("hi audit");
  });
});

describe("hi audit verify", () => {
  test("says that a log is whole, and how far it is signed", async () => {
    const { code, stdout } = await hi(["audit", "verify"], { env });
    expect(stdout).toMatch(/^The audit log is whole: \d+ entries\.\nNo day is signed yet/);
    expect(code).toBe(0);
    const json = await hi(["audit", "verify", "--json"], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, first_seq: 1, last_day: null });
  });

  test("ends with 9 and names the first bad entry of a log that somebody wrote to", async () => {
    await server.close();
    const database = await openDatabase();
    database.exec("UPDATE audit_log SET actor = 'system' WHERE seq = 3");
    database.close();
    server = await startServer({ stateDir: stateDir() });
    env = { ...env, HI_URL: server.url };
    const { code, stderr } = await hi(["audit", "verify"], { env });
    expect(stderr).toContain("The audit log is damaged. Entry 3 is not what was entered.");
    expect(code).toBe(9);
    const json = await hi(["audit", "verify", "--json"], { env });
    expect(json.code).toBe(9);
    expect(json.stdout + json.stderr).toMatch(/"code":"entry_changed".*"seq":3/s);
  });

  test("takes a public key, and refuses what is none", async () => {
    expect(await hi(["audit", "verify", "--key", "short"], { env })).toMatchObject({ code: 2 });
  });
});

/** The stopped server's database that holds the log. */
async function openDatabase(): Promise<DatabaseSync> {
  const names = await readdir(stateDir(), { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".sqlite"))) {
    const database = new DatabaseSync(join(stateDir(), name));
    const sql = "SELECT 1 FROM sqlite_master WHERE name = 'audit_log'";
    if (database.prepare(sql).get()) return database;
    database.close();
  }
  throw new Error("there is no audit log");
}
