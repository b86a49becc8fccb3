import { createServer } from "node:http";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "@hi-stranger/core/version";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HiOptions, hi } from "../support/hi.ts";
import {
  type Folder,
  type ServerProcess,
  createEnvironment,
  createFolder,
  findFreePort,
  startServer,
} from "../support/server.ts";

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await createFolder();
  server = await startServer({ stateDir: join(folder.path, "server") });
  env = await createEnvironment(server.url, join(folder.path, "state"));
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly text: string;
  readonly fix?: string;
}

/** Runs the doctor; its findings by the name of the check. */
async function examine(options: HiOptions) {
  const { code, stdout, stderr } = await hi(["doctor", "--json"], options);
  expect(stderr).toBe("");
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(code === 0);
  return {
    code,
    findings: Object.fromEntries(findings.map((finding) => [finding.check, finding])),
  };
}

/** Answers every request alike, as some other program on the port would. */
async function startForeignServer(
  body: string,
  headers: Record<string, string>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const foreign = createServer((_request, response) => {
    response.writeHead(200, headers).end(body);
  });
  foreign.listen(0, "127.0.0.1");
  await once(foreign, "listening");
  const address = foreign.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    foreign.close();
    foreign.closeAllConnections();
  }
}

describe("a set-up in which all is well", () => {
  test("has nothing bad, and ends with 0", async () => {
    const { code, findings } = await examine({ env });
    expect(code).toBe(0);
    expect(Object.values(findings).filter(({ state }) => state !== "good")).toEqual([]);
    expect(findings["store"]?.text).toContain(server.url);
    expect(findings["token"]?.text).toContain("it may read, import, delete");
    expect(findings["operator"]?.text).toBe("The store takes the operator's secret");
    expect(findings["count"]?.text).toContain("0 personas");
    expect(findings["node"]?.text).toContain(process.versions.node);
  });

  test("is told of in words, a line each, and changes nothing", async () => {
    const { code, stdout, stderr } = await hi(["doctor"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ A store answers at /m);
    expect(stdout).not.toMatch(/^✗/m);
    expect(stdout).not.toContain(env["HI_TOKEN"]);
    expect(stderr).toContain("All is well.");
    expect((await hi(["count"], { env })).stdout).toBe("0\n");
  });
});

describe("something wrong is named with what to do, and ends with 1", () => {
  test("nobody listens", async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const { code, findings } = await examine({ env: { ...env, HI_URL: url } });
    expect(code).toBe(1);
    expect(findings["store"]).toMatchObject({
      state: "bad",
      text: `No store answers at ${url}`,
      fix: expect.stringContaining("npm start"),
    });
    expect(findings["token"]?.state).toBe("skipped");
  });

  test.each([
    ["a page", "<h1>hello</h1>", { "content-type": "text/html" }],
    ["other JSON", "[]", { "content-type": "application/json" }],
  ])("another program listens, and answers %s", async (_name, body, headers) => {
    await startForeignServer(body, headers, async (url) => {
      const { code, findings } = await examine({ env: { ...env, HI_URL: url } });
      expect(code).toBe(1);
      expect(findings["store"]).toMatchObject({
        state: "bad",
        fix: expect.stringContaining("--port"),
      });
      expect(findings["store"]?.text).toContain("no Hi Stranger store");
    });
  });

  test("the store is of another version, and the clocks differ", async () => {
    const ping = JSON.stringify({ ok: true, env: "local", mode: "live", version: "9.9.9" });
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const headers = { "content-type": "application/json", date };
    await startForeignServer(ping, headers, async (url) => {
      const { code, findings } = await examine({ env: { ...env, HI_URL: url } });
      expect(code).toBe(1);
      expect(findings["version"]).toMatchObject({ state: "note" });
      expect(findings["version"]?.text).toContain("9.9.9");
      expect(findings["version"]?.text).toContain(version);
      expect(findings["clock"]).toMatchObject({
        state: "bad",
        text: expect.stringMatching(/1 h 00 min ahead/),
      });
    });
  });

  test("no token is set", async () => {
    const { HI_TOKEN: _, ...without } = env;
    const { code, findings } = await examine({ env: without });
    expect(code).toBe(1);
    expect(findings["token"]).toMatchObject({
      state: "bad",
      fix: "export HI_TOKEN=$(npx hi token create --quiet)",
    });
    expect(findings["count"]?.state).toBe("skipped");
  });

  test("the token is nobody's, or no token at all", async () => {
    const unknown = await examine({ env: { ...env, HI_TOKEN: `hst_${"A".repeat(43)}` } });
    expect(unknown.findings["token"]).toMatchObject({ state: "bad" });
    expect(unknown.findings["token"]?.text).toContain("does not know the token");
    const { code, findings } = await examine({ env: { ...env, HI_TOKEN: "two words" } });
    expect(code).toBe(1);
    expect(findings["token"]).toMatchObject({
      state: "bad",
      text: "What HI_TOKEN holds is no token",
    });
  });

  test("the operator's secret is not the store's: it says which one, and how to be rid of it", async () => {
    const wrong = { ...env, HI_OPERATOR_SECRET: "x".repeat(43) };
    const { code, findings } = await examine({ env: wrong });
    expect(code).toBe(1);
    expect(findings["operator"]).toMatchObject({
      state: "bad",
      text: `The store at ${server.url} refuses the operator's secret in HI_OPERATOR_SECRET`,
      fix: expect.stringContaining("Unset HI_OPERATOR_SECRET"),
    });
    expect(findings["token"]?.state).toBe("good");
  });

  test("the token lacks scopes: it says which it has", async () => {
    const reader = await createEnvironment(server.url, join(folder.path, "state"), "read");
    const { code, findings } = await examine({ env: reader });
    expect(code).toBe(0);
    expect(findings["token"]?.text).toMatch(/it may read$/);
    const importer = await createEnvironment(server.url, join(folder.path, "state"), "import");
    const other = await examine({ env: importer });
    expect(other.findings["token"]?.text).toMatch(/it may import$/);
    expect(other.findings["count"]?.state).toBe("skipped");
  });

  test("the folder for notes can't be made", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "");
    const { code, findings } = await examine({
      env: { ...env, HI_STATE_DIR: join(file, "state") },
    });
    expect(code).toBe(1);
    expect(findings["state_folder"]).toMatchObject({
      state: "bad",
      fix: expect.stringContaining("HI_STATE_DIR"),
    });
  });
});

describe("the prototype", () => {
  let prototype: ServerProcess;

  beforeAll(async () => {
    const stateDir = join(folder.path, "prototype");
    prototype = await startServer({ stateDir, mode: "prototype" });
  });

  afterAll(() => prototype.close());

  test("needs no token: the doctor finds nothing wrong, and imports take the secret by themselves", async () => {
    const open = { HI_URL: prototype.url, HI_STATE_DIR: env["HI_STATE_DIR"] ?? "" };
    const { code, findings } = await examine({ env: open });
    expect(code).toBe(0);
    expect(findings["store"]?.text).toContain("prototype");
    expect(findings["operator"]?.state).toBe("good");
    const input = (await hi(["generate", "-n", "3"])).stdout;
    expect(await hi(["import", "-", "--quiet"], { env: open, input })).toMatchObject({ code: 0 });
    expect((await hi(["export"], { env: open })).stdout).toBe(input);
    const [first = ""] = input.split("\n");
    const { profile_id: id } = JSON.parse(first) as { profile_id: string };
    expect(await hi(["delete", id], { env: open })).toMatchObject({ code: 0 });
    expect((await hi(["count"], { env: open })).stdout).toBe("2\n");
  });

  test("refuses a wrong operator's secret, and the doctor and the import both say whose it is", async () => {
    const wrong = { HI_URL: prototype.url, HI_OPERATOR_SECRET: "x".repeat(43) };
    const { code, findings } = await examine({ env: { ...env, ...wrong, HI_TOKEN: "" } });
    expect(code).toBe(1);
    expect(findings["operator"]?.state).toBe("bad");
    const input = (await hi(["generate", "-n", "1"])).stdout;
    const result = await hi(["import", "-", "--quiet"], { env: wrong, input });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect(result.stderr).toContain("HI_OPERATOR_SECRET");
    expect(result.stderr).not.toContain("hi token create");
  });

  test("has no tokens to make, and says what opens it", async () => {
    const result = await hi(["token", "create"], { env: { HI_URL: prototype.url } });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("prototype");
  });
});
