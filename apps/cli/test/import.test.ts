import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { generatePersonaLines } from "@hi-stranger/sdk/demo/personas";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hi, parseLines, startHi } from "./support/hi.ts";
import {
  type Folder,
  type ServerProcess,
  createEnvironment,
  createFolder,
  startServer,
} from "./support/server.ts";

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;
/** An empty folder for each test, which `hi` is run in. */
let cwd: string;
let testNo = 0;

beforeAll(async () => {
  folder = await createFolder();
  server = await startServer({ stateDir: join(folder.path, "server") });
  env = await createEnvironment(server.url, join(folder.path, "state"));
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

beforeEach(async () => {
  testNo += 1;
  cwd = join(folder.path, `test-${testNo}`);
  await mkdir(cwd);
});

/** Personas that no other test has, unless it takes the same seed. */
function personas(count: number, seed = 1000 + testNo): string[] {
  return [...generatePersonaLines({ count, seed })];
}

function save(name: string, content: string | Uint8Array): Promise<void> {
  return writeFile(join(cwd, name), content);
}

function load(name: string): Promise<Buffer> {
  return readFile(join(cwd, name));
}

describe("a file of valid lines", () => {
  test("is stored, and what became of it told in one object", async () => {
    const lines = personas(25);
    await save("in.ndjson", lines.join("\n"));
    const { code, stdout, stderr } = await hi(["import", "in.ndjson", "--json"], { env, cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      input: "in.ndjson",
      url: server.url,
      lines_total: 25,
      lines_valid: 25,
      lines_invalid: 0,
      inserted: 25,
      updated: 0,
      unchanged: 0,
      refused_by_reason: [],
      refused_file: null,
      reasons_file: null,
      bytes_read: Buffer.byteLength(lines.join("\n")),
      input_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      import_ids: [expect.stringMatching(/^imp_[0-9a-z]{26}$/)],
      shards: 1,
      shards_resumed: 0,
      duration_ms: expect.any(Number),
    });
    expect(await readdir(cwd)).toEqual(["in.ndjson"]);
    expect(await readdir(join(env["HI_STATE_DIR"] ?? "", "imports"))).toEqual([]);
  });

  test("is told of in a summary for people; --quiet says nothing", async () => {
    await save("in.ndjson", personas(3).join("\n"));
    const first = await hi(["import", "in.ndjson"], { env, cwd });
    expect(first.stdout).toContain(`Imported in.ndjson into ${server.url}`);
    expect(first.stdout).toMatch(/^ +3 read/m);
    expect(first.stdout).toMatch(/^ +3 stored +3 new, 0 changed, 0 as before$/m);
    expect(first.stdout).toMatch(/^ +0 refused$/m);
    const quiet = await hi(["import", "in.ndjson", "--quiet"], { env, cwd });
    expect(quiet).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  test("imported once more changes nothing, and stores again what was deleted in between", async () => {
    const lines = personas(4);
    await save("in.ndjson", lines.join("\n"));
    const run = async () =>
      JSON.parse((await hi(["import", "in.ndjson", "--json"], { env, cwd })).stdout) as object;
    expect(await run()).toMatchObject({ inserted: 4 });
    expect(await run()).toMatchObject({ inserted: 0, unchanged: 4 });
    const { profile_id: id } = JSON.parse(lines[2] ?? "") as { profile_id: string };
    await hi(["delete", id], { env });
    expect(await run()).toMatchObject({ inserted: 1, unchanged: 3 });
  });

  test.each([
    ["plain", (bytes: Buffer) => bytes],
    ["gzip, whatever its name", (bytes: Buffer) => gzipSync(bytes)],
    [
      "gzip of several members",
      (bytes: Buffer) =>
        Buffer.concat([gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000))]),
    ],
  ])("may come on stdin: %s", async (_name, pack) => {
    const lines = personas(12);
    const input = pack(Buffer.from(`${lines.join("\n")}\n`));
    const { code, stdout } = await hi(["import", "-", "--json"], { env, cwd, input });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ input: "stdin", inserted: 12, lines_invalid: 0 });
  });

  test("may be packed in a file", async () => {
    await save("in.gz", gzipSync(personas(9).join("\n")));
    const { stdout } = await hi(["import", "in.gz", "--json"], { env, cwd });
    expect(JSON.parse(stdout)).toMatchObject({ input: "in.gz", inserted: 9 });
  });

  test("is told of line by line with --progress lines, to its last line", async () => {
    await save("in.ndjson", personas(200).join("\n"));
    const args = ["import", "in.ndjson", "--quiet", "--part-bytes", "50000", "--progress", "lines"];
    const { code, stdout, stderr } = await hi(args, { env, cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const told = parseLines(stderr).map(({ progress }) => progress as { lines_done: number });
    expect(told.length).toBeGreaterThan(4);
    expect(told.at(-1)).toMatchObject({ lines_done: 200, lines_read: 200, lines_refused: 0 });
    const done = told.map(({ lines_done: linesDone }) => linesDone);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });
});

describe("a folder for notes that can't be used", () => {
  test("is warned of, and the import goes on without", async () => {
    await save("file", "");
    const noState = { ...env, HI_STATE_DIR: join(cwd, "file", "state") };
    const input = personas(3).join("\n");
    const { code, stdout, stderr } = await hi(["import", "-", "--json"], {
      env: noState,
      cwd,
      input,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ inserted: 3 });
    expect(JSON.parse(stderr)).toEqual({ warning: expect.stringContaining("start anew") });
  });
});

describe("refused lines", () => {
  const badMood = (line: string) => line.replace(/"empathy_depth":\d/, '"empathy_depth":7');

  test("go to a file just as they were, with the reasons beside: exit code 3", async () => {
    const lines = personas(40);
    const latin1 = Buffer.from("caf\xe9", "latin1");
    const long = `{"x":"${"y".repeat(200_000)}"}`;
    const parts: [number, string | Buffer][] = [
      [3, badMood(lines[3] ?? "")],
      [7, "{not json\r"],
      [8, ""],
      [11, latin1],
      [12, long],
      [30, badMood(lines[30] ?? "")],
    ];
    const replaced = new Map(parts);
    const content = Buffer.concat(
      lines.flatMap((line, index) => [Buffer.from(replaced.get(index) ?? line), Buffer.from("\n")]),
    );
    await save("in.ndjson", content);
    const { code, stdout } = await hi(["import", "in.ndjson", "--json"], { env, cwd });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      lines_total: 39,
      lines_valid: 34,
      lines_invalid: 5,
      inserted: 34,
      refused_file: "in.refused.ndjson",
      reasons_file: "in.refused.reasons.ndjson",
      refused_by_reason: [
        { error_code: "maximum", path: "/profile/emotional/empathy_depth", lines: 2 },
        { error_code: "json_parse_error", path: "", lines: 1 },
        { error_code: "invalid_utf8", path: "", lines: 1 },
        { error_code: "line_too_large", path: "", lines: 1 },
      ],
    });
    const refused = [parts[0], ["", "{not json"], parts[3], parts[4], parts[5]];
    expect(await load("in.refused.ndjson")).toEqual(
      Buffer.concat(refused.flatMap((part) => [Buffer.from(part?.[1] ?? ""), Buffer.from("\n")])),
    );
    const reasons = parseLines((await load("in.refused.reasons.ndjson")).toString());
    expect(reasons.map(({ line_no: no, refused_line_no: at }) => [no, at])).toEqual([
      [4, 1],
      [8, 2],
      [12, 3],
      [13, 4],
      [31, 5],
    ]);
    expect(reasons[0]).toMatchObject({
      errors: [{ path: "/profile/emotional/empathy_depth", error_code: "maximum" }],
    });
  });

  test("mended in that file, can be imported from it", async () => {
    const lines = personas(10);
    await save(
      "in.ndjson",
      lines.map((line, index) => (index % 5 ? line : badMood(line))).join("\n"),
    );
    await hi(["import", "in.ndjson"], { env, cwd });
    const refused = (await load("in.refused.ndjson")).toString();
    await save("in.refused.ndjson", refused.replaceAll('"empathy_depth":7', '"empathy_depth":5'));
    const { code, stdout } = await hi(["import", "in.refused.ndjson", "--json"], { env, cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ inserted: 2, lines_invalid: 0 });
  });

  test("are all in the files, however many: a report tells only the first", async () => {
    const lines = personas(900).map(badMood);
    const args = ["import", "-", "--json", "--refused", "bad.ndjson"];
    const { code, stdout } = await hi(args, { env, cwd, input: lines.join("\n") });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ lines_valid: 0, lines_invalid: 900 });
    expect((await load("bad.ndjson")).toString()).toBe(`${lines.join("\n")}\n`);
    expect(parseLines((await load("bad.reasons.ndjson")).toString())).toHaveLength(900);
  });

  test("are told to people by reason, with the next command", async () => {
    const lines = personas(6);
    await save("my file.ndjson", [...lines.slice(0, 5), badMood(lines[5] ?? "")].join("\n"));
    const { stdout } = await hi(["import", "my file.ndjson"], { env, cwd });
    expect(stdout).toMatch(/^ +1 +maximum +\/profile\/emotional\/empathy_depth must be <= 5$/m);
    expect(stdout).toContain("npx hi import 'my file.refused.ndjson'");
  });

  test("don't overwrite a file that somebody may be mending, unless it is named", async () => {
    const input = personas(2).map(badMood).join("\n");
    await save("stdin.refused.ndjson", "mine");
    await hi(["import", "-"], { env, cwd, input });
    expect((await load("stdin.refused.ndjson")).toString()).toBe("mine");
    expect((await load("stdin.refused-2.ndjson")).toString()).toBe(`${input}\n`);
    await hi(["import", "-", "--refused", "stdin.refused.ndjson"], { env, cwd, input });
    expect((await load("stdin.refused.ndjson")).toString()).toBe(`${input}\n`);
  });

  test("of the same file refused again are in the same file", async () => {
    const input = personas(2).map(badMood).join("\n");
    await hi(["import", "-"], { env, cwd, input });
    await hi(["import", "-"], { env, cwd, input });
    expect(await readdir(cwd)).toEqual(["stdin.refused.ndjson", "stdin.refused.reasons.ndjson"]);
  });
});

describe("input that can't be imported", () => {
  test.each([
    ["an empty file", Buffer.alloc(0)],
    ["blank lines alone", Buffer.from("\n \n\r\n")],
  ])("%s: 1, as nothing was imported", async (_name, input) => {
    const result = await hi(["import", "-"], { env, cwd, input });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("holds no line");
  });

  test("gzip that ends too early, or is damaged: 1, and no half file", async () => {
    const packed = gzipSync(personas(2_000).join("\n"));
    const cut = await hi(["import", "-"], { env, cwd, input: packed.subarray(0, -500) });
    expect(cut).toMatchObject({ code: 1, stdout: "" });
    expect(cut.stderr).toContain("ends too early");
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20_000, 20_100);
    const broken = await hi(["import", "-"], { env, cwd, input: damaged });
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toContain("is damaged");
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe("an export", () => {
  test("ends quietly when whoever reads it goes away", async () => {
    await hi(["import", "-", "-q"], { env, cwd, input: personas(2_000).join("\n") });
    const { child, result } = startHi(["export"], { env, cwd });
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: "" });
  });

  test("that fails leaves the file of before, and no other", async () => {
    await save("out.ndjson", "before");
    const noReader = await createEnvironment(server.url, join(folder.path, "state"), "import");
    const result = await hi(["export", "-o", "out.ndjson"], { env: noReader, cwd });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    expect((await load("out.ndjson")).toString()).toBe("before");
    expect(await readdir(cwd)).toEqual(["out.ndjson"]);
  });
});
