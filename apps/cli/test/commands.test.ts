import { once } from "node:events";
import { watch } from "node:fs";
import { open, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { version } from "@hi-stranger/core/version";
import { generatePersonaLines } from "@hi-stranger/sdk/demo/personas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hi, parseLines, startHi } from "./support/hi.ts";
import {
  type Folder,
  type ServerProcess,
  createEnvironment,
  createFolder,
  findFreePort,
  startServer,
} from "./support/server.ts";

const count = 60;
const lines = [...generatePersonaLines({ count, seed: 11 })];
const profiles = lines.map((line) => JSON.parse(line) as PersonaRecord);

interface PersonaRecord {
  readonly profile_id: string;
  readonly profile: {
    readonly identity: { readonly user_name: string };
    readonly emotional: { readonly empathy_depth: number; readonly emotional_regulation: string };
    readonly system?: { readonly language?: string };
  };
}

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;
/** An address where nobody listens. */
let nobody: string;

beforeAll(async () => {
  folder = await createFolder();
  nobody = `http://127.0.0.1:${await findFreePort()}`;
  server = await startServer({ stateDir: join(folder.path, "server") });
  env = await createEnvironment(server.url, join(folder.path, "state"));
  await hi(["import", "-"], { env, input: `${lines.join("\n")}\n` });
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

describe("the program", () => {
  test("says its version, which is that of the release", async () => {
    expect(await hi(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("tells all commands, the environment and the exit codes in its help", async () => {
    const { code, stdout } = await hi(["--help"]);
    expect(code).toBe(0);
    for (const word of [
      "generate",
      "import",
      "export",
      "list",
      "get",
      "count",
      "delete",
      "token",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${word}\\b`, "m"));
    }
    for (const word of ["HI_URL", "HI_TOKEN", "HI_OPERATOR_SECRET", "NO_COLOR"]) {
      expect(stdout).toContain(word);
    }
    for (const exitCode of [0, 1, 2, 3, 4, 5, 6, 130]) {
      expect(stdout).toMatch(new RegExp(`^  ${exitCode} +\\S`, "m"));
    }
  });

  test.each([
    ["generate"],
    ["import"],
    ["export"],
    ["list"],
    ["get"],
    ["count"],
    ["delete"],
    ["doctor"],
    ["token create"],
    ["token list"],
    ["token revoke"],
    ["keys generate"],
    ["keys rotate"],
    ["keys status"],
    ["keys retire"],
    ["keys show"],
    ["admin grant"],
    ["admin list"],
    ["admin revoke"],
    ["audit list"],
    ["audit verify"],
  ])("`hi %s --help` gives an example", async (command) => {
    const { code, stdout } = await hi([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}\$ .*hi /);
    expect(stdout).toContain(`hi ${command}`);
    expect(stdout).toContain("--json");
  });

  test.each([
    [["lst"], "Did you mean list?"],
    [["import"], "file"],
    [["list", "--limit", "many"], '--limit can\'t be "many". It takes a whole number from 1 to '],
    [["list", "--limit", "1000001"], "from 1 to 1,000,000."],
    [["generate", "-n", "-1"], '--count can\'t be "-1". It takes'],
    [["list", "--empathy", "6"], "from 1 to 5"],
    [["get", "someone"], '"someone" is no id. An id is usr_ and'],
    [["token", "revoke", "hst_x"], '"hst_x" is no id. A token\'s id is tok_'],
    [["count", "--url", "localhost:8788"], "http://"],
    [["count", "--url", "http://user:word@localhost:1"], "password"],
    [["token", "create", "--scope", "admin"], "read, import, delete"],
    [["token", "create", "--ttl", "10"], "30d"],
    [["import", "no-such-file.ndjson"], "no-such-file.ndjson"],
    [["import", "/"], "folder"],
    [["import", "-", "--token-file", "-"], "Stdin"],
  ])("%j is a wrong command line: 2, and what is wrong", async (args, words) => {
    const result = await hi(args, { env });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("error: ");
    expect(result.stderr).toContain(words);
  });

  test.each([
    [["token", "create", "--ttl", "list"], "hi token create --help"],
    [["token", "--no-such"], "hi token --help"],
    [["--url", "list", "count", "--no-such"], "hi count --help"],
    [["import", "export", "list"], "hi import --help"],
    [["export", "--out"], "hi export --help"],
    [["nobody", "list"], "hi --help"],
  ])("%j leads to the help of what was asked for", async (args, words) => {
    const result = await hi(args, { env });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`\`npx ${words}\``);
  });

  test("without a command it shows the help, on stderr, and ends with 2", async () => {
    const { code, stdout, stderr } = await hi([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: hi");
  });

  test("with --json an error is one object on stderr", async () => {
    const { code, stdout, stderr } = await hi(["get", "usr_nobody00", "--json"], { env });
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: "profile_not_found",
        message: "There is no persona usr_nobody00.",
        hint: expect.stringContaining("hi list"),
        exit_code: 6,
      },
    });
  });

  test("colours nothing that is no terminal, and everything when asked to", async () => {
    const plain = await hi(["list"], { env });
    expect(plain.stdout).not.toContain("\u001b");
    const forced = await hi(["list"], { env: { ...env, FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[1m");
    const refused = await hi(["list", "--no-color"], { env: { ...env, FORCE_COLOR: "1" } });
    expect(refused.stdout).not.toContain("\u001b[1m");
  });
});

describe("the way to the store", () => {
  test("no server: 5, and how to start one", async () => {
    const result = await hi(["count", "--url", nobody], { env });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toContain(`No store answers at ${nobody}.`);
    expect(result.stderr).toContain("npm start");
  });

  test.each(["", " "])(
    "an address of %j in the environment is none, and the usual one holds",
    async (url) => {
      const result = await hi(["doctor", "--json"], { env: { HI_URL: url } });
      expect(JSON.parse(result.stdout)).toMatchObject({ url: "http://localhost:8788" });
    },
  );

  test("an import without a server fails at once", async () => {
    const args = ["import", "-", "--url", nobody];
    const result = await hi(args, { env, input: lines[0] ?? "" });
    expect(result).toMatchObject({ code: 5, stdout: "" });
  });

  test("no token: 4, and how to make one", async () => {
    const result = await hi(["count"], { env: { HI_URL: server.url } });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect(result.stderr).toContain("export HI_TOKEN=$(npx hi token create --quiet)");
  });

  test("a token that nobody made: 4", async () => {
    const wrong = { HI_URL: server.url, HI_TOKEN: `hst_${"A".repeat(43)}` };
    const result = await hi(["count"], { env: wrong });
    expect(result).toMatchObject({ code: 4, stdout: "" });
  });

  test("a token without the scope: 4, and which one it takes", async () => {
    const reader = await createEnvironment(server.url, folder.path, "read");
    const result = await hi(["delete", "usr_nobody00"], { env: reader });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect(result.stderr).toContain("profiles:delete");
  });

  test("a token never goes unencrypted to another machine", async () => {
    const result = await hi(["count"], { env: { ...env, HI_URL: "http://store.example" } });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("https://");
    expect(result.stderr).not.toContain(env["HI_TOKEN"]);
  });

  test("takes the token from a file, or from stdin", async () => {
    const file = join(folder.path, "token");
    await writeFile(file, `${env["HI_TOKEN"]}\n`);
    const fromFile = await hi(["count", "--token-file", file], { env: { HI_URL: server.url } });
    expect(fromFile).toMatchObject({ code: 0, stdout: `${count}\n` });
    const fromStdin = await hi(["count", "--token-file", "-"], {
      env: { HI_URL: server.url },
      input: env["HI_TOKEN"] ?? "",
    });
    expect(fromStdin).toMatchObject({ code: 0, stdout: `${count}\n` });
  });
});

describe("count, get and delete", () => {
  test("count prints the number alone, and an object with --json", async () => {
    expect(await hi(["count"], { env })).toMatchObject({
      code: 0,
      stdout: `${count}\n`,
      stderr: "",
    });
    expect((await hi(["--json", "count"], { env })).stdout).toBe(`{"total":${count}}\n`);
  });

  test("get prints the persona: indented, or on one line with --json", async () => {
    const [persona] = profiles;
    const id = persona?.profile_id ?? "";
    const indented = await hi(["get", id], { env });
    expect(indented.stdout).toContain(`\n  "profile_id": "${id}"`);
    expect(JSON.parse(indented.stdout)).toEqual(persona);
    expect((await hi(["get", id, "--json"], { env })).stdout).toBe(`${lines[0]}\n`);
  });

  test("delete removes one persona; once more there is none: 6", async () => {
    const extra = [...generatePersonaLines({ count: 1, seed: 12 })].join("");
    const { profile_id: id } = JSON.parse(extra) as PersonaRecord;
    await hi(["import", "-"], { env, input: extra });
    const deleted = await hi(["delete", id, "--json"], { env });
    expect(deleted).toMatchObject({ code: 0, stdout: `{"deleted":"${id}"}\n`, stderr: "" });
    expect(await hi(["delete", id], { env })).toMatchObject({ code: 6, stdout: "" });
    expect(await hi(["get", id], { env })).toMatchObject({ code: 6 });
  });
});

describe("list", () => {
  test("shows a table of the first twenty, and that there are more", async () => {
    const { code, stdout, stderr } = await hi(["list"], { env });
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(head).toMatch(/^ID +NAME +LANGUAGE/);
    expect(rows.map((row) => row.split(" ")[0])).toEqual(
      profiles.slice(0, 20).map(({ profile_id: id }) => id),
    );
    expect(rows[0]).toContain(profiles[0]?.profile.identity.user_name);
    expect(stderr).toContain(`20 of ${count} personas`);
  });

  test("--all --json gives every persona on a line, as it was imported", async () => {
    const { stdout, stderr } = await hi(["list", "--all", "--json"], { env });
    expect(stdout).toBe(`${lines.join("\n")}\n`);
    expect(stderr).toBe("");
  });

  test("filters by all that it is given", async () => {
    const args = ["list", "--all", "--json", "--language", "en", "--regulation", "calm"];
    const { stdout } = await hi(args, { env });
    const wanted = profiles.filter(
      ({ profile }) =>
        profile.system?.language === "en" && profile.emotional.emotional_regulation === "calm",
    );
    expect(wanted.length).toBeGreaterThan(1);
    expect(parseLines(stdout)).toEqual(wanted);
    const [first] = wanted;
    const empathy = first?.profile.emotional.empathy_depth ?? 0;
    const narrower = await hi([...args, "--empathy", String(empathy)], { env });
    expect(parseLines(narrower.stdout)).toEqual(
      wanted.filter(({ profile }) => profile.emotional.empathy_depth === empathy),
    );
  });

  test("--limit is kept across pages and with --json", async () => {
    const { stdout } = await hi(["list", "--limit", "7", "--json"], { env });
    expect(parseLines(stdout)).toEqual(profiles.slice(0, 7));
  });

  test("says so when nobody is like that", async () => {
    const result = await hi(["list", "--language", "tlh"], { env });
    expect(result).toMatchObject({ code: 0, stdout: "" });
    expect(result.stderr).toContain("No persona");
  });
});

describe("token", () => {
  test("create --quiet prints the token and nothing else", async () => {
    const { code, stdout, stderr } = await hi(["token", "create", "--quiet"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^hst_[\w-]{43}\n$/);
  });

  test("create prints the token on stdout, and what it may do on stderr, without the token", async () => {
    const { stdout, stderr } = await hi(["token", "create", "--ttl", "2d"], { env });
    expect(stdout).toMatch(/^hst_[\w-]{43}\n$/);
    expect(stderr).toContain("may read and import");
    expect(stderr).not.toContain("hst_");
  });

  test("a token lasts as long and may do what was asked for, until it is revoked", async () => {
    const args = [
      "token",
      "create",
      "--json",
      "--name",
      "reader",
      "--scope",
      "read",
      "--ttl",
      "90m",
    ];
    const created = JSON.parse((await hi(args, { env })).stdout) as Record<string, string>;
    expect(created).toMatchObject({ name: "reader", scopes: ["profiles:read"] });
    const lifeMs =
      Date.parse(created["expires_at"] ?? "") - Date.parse(created["created_at"] ?? "");
    expect(lifeMs).toBe(90 * 60_000);

    const listed = parseLines((await hi(["token", "list", "--json"], { env })).stdout);
    const { token, ...info } = created;
    expect(listed).toContainEqual(info);
    expect((await hi(["token", "list"], { env })).stdout).toMatch(/reader +read +/);

    const reader = { HI_URL: server.url, HI_TOKEN: token ?? "" };
    expect(await hi(["count"], { env: reader })).toMatchObject({ code: 0 });
    const id = created["token_id"] ?? "";
    expect(await hi(["token", "revoke", id], { env })).toMatchObject({ code: 0, stdout: "" });
    expect(await hi(["count"], { env: reader })).toMatchObject({ code: 4 });
    expect(await hi(["token", "revoke", id], { env })).toMatchObject({ code: 6 });
  });

  test("the operator's secret of the environment goes before the file's, and is named when it is refused", async () => {
    const secret = "x".repeat(43);
    const wrong = { ...env, HI_OPERATOR_SECRET: secret };
    for (const args of [["list"], ["create"]]) {
      const result = await hi(["token", ...args], { env: wrong });
      expect(result).toMatchObject({ code: 4, stdout: "" });
      expect(result.stderr).toContain("refuses the operator's secret in HI_OPERATOR_SECRET.");
      expect(result.stderr).toContain("Unset HI_OPERATOR_SECRET");
      expect(result.stderr).not.toContain("HI_TOKEN");
      expect(result.stderr).not.toContain(secret);
    }
  });

  test("for a store elsewhere the local secret isn't used", async () => {
    const elsewhere = { HI_URL: "https://store.invalid" };
    const result = await hi(["token", "list"], { env: elsewhere });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect(result.stderr).toContain("HI_OPERATOR_SECRET");
  });
});

describe("generate", () => {
  test("gives the same personas for the same seed, and others for another", async () => {
    const [one, again, other] = await Promise.all(
      ["11", "11", "12"].map((seed) => hi(["generate", "--count", String(count), "--seed", seed])),
    );
    expect(one?.stdout).toBe(`${lines.join("\n")}\n`);
    expect(again?.stdout).toBe(one?.stdout);
    expect(other?.stdout).not.toBe(one?.stdout);
  });

  test("writes a file, packed when its name says so, and tells of it", async () => {
    const out = join(folder.path, "made.ndjson.gz");
    const { stdout } = await hi(["generate", "-n", String(count), "-s", "11", "-o", out, "--json"]);
    expect(gunzipSync(await readFile(out)).toString()).toBe(`${lines.join("\n")}\n`);
    const { size: bytes } = await stat(out);
    expect(JSON.parse(stdout)).toEqual({ file: out, count, seed: 11, bytes });
  });

  test("listens to Ctrl-C while it writes to a file that takes everything at once", async () => {
    const path = join(folder.path, "endless");
    const file = await open(path, "w");
    const { child, result } = startHi(["generate", "-n", "90000000"], { stdoutFd: file.fd });
    const watcher = watch(path);
    await once(watcher, "change");
    watcher.close();
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: 130, signal: null });
    await file.close();
  });

  test("ends quietly when whoever reads it goes away", async () => {
    const { child, result } = startHi(["generate", "--count", "1000000"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: "" });
  });
});
