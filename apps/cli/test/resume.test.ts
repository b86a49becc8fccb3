/** What ends an import early, and what the next one makes of it: always the right data and a true report. */
import { spawnSync } from "node:child_process";
import { constants, writeSync } from "node:fs";
import { type FileHandle, open, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HiResult, type RunningHi, hi, startHi } from "./support/hi.ts";
import {
  type Folder,
  type ServerProcess,
  createEnvironment,
  createFolder,
  startServer,
} from "./support/server.ts";

/** Personas in each file, and bytes in each part: about twenty parts. */
const count = 500;
const partBytes = "30000";

let folder: Folder;
let server: ServerProcess;
let env: Record<string, string>;
/** Everything that was imported so far, by its lines. */
const imported: string[] = [];

beforeAll(async () => {
  folder = await createFolder();
  server = await startServer({ stateDir: join(folder.path, "server") });
  env = await createEnvironment(server.url, join(folder.path, "state"));
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

/** Makes a file of personas that are in no other. */
async function makeFile(seed: number): Promise<string> {
  const path = join(folder.path, `in-${seed}.ndjson`);
  await hi(["generate", "-n", String(count), "-s", String(seed), "-o", path, "-q"]);
  imported.push(...(await readFile(path, "utf8")).trimEnd().split("\n"));
  return path;
}

function startImport(file: string, stdoutFd?: number): RunningHi {
  const args = ["import", file, "--json", "--progress", "lines", "--part-bytes", partBytes];
  const options = { env, cwd: folder.path };
  return startHi(args, stdoutFd === undefined ? options : { ...options, stdoutFd });
}

/** Waits until the import has told of so many finished parts. */
function untilParts(running: RunningHi, shardsDone: number): Promise<string> {
  return running.lineOnStderr((line) => {
    const { progress } = JSON.parse(line) as { progress?: { shards_done: number } };
    return progress !== undefined && progress.shards_done >= shardsDone;
  });
}

function toReport({ stdout }: HiResult) {
  return JSON.parse(stdout) as Record<string, unknown> & {
    readonly inserted: number;
    readonly unchanged: number;
    readonly shards: number;
    readonly shards_resumed: number;
  };
}

/** A pipe that blocks whoever writes to it. */
async function openFullPipe(path: string): Promise<FileHandle> {
  spawnSync("/usr/bin/env", ["mkfifo", path]);
  const pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  for (;;) {
    try {
      writeSync(pipe.fd, Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return pipe;
      throw error;
    }
  }
}

const allIsStored = { lines_total: count, lines_valid: count, lines_invalid: 0, updated: 0 };

describe("an import that was killed", () => {
  test.each([
    [0, "at its first sign of life"],
    [1, "after its first part"],
    [9, "in the middle"],
  ])("%s parts: %s, goes on when it is run again, and reports the whole", async (parts) => {
    const file = await makeFile(100 + parts);
    const first = startImport(file);
    await untilParts(first, parts);
    first.child.kill("SIGKILL");
    expect((await first.result).signal).toBe("SIGKILL");

    const second = await startImport(file).result;
    expect(second.code).toBe(0);
    const report = toReport(second);
    expect(report).toMatchObject({ ...allIsStored, inserted: count, unchanged: 0 });
    expect(report.shards_resumed).toBeGreaterThanOrEqual(parts);
    expect(await readdir(join(env["HI_STATE_DIR"] ?? "", "imports"))).toEqual([]);
  });

  test("when every part was done, before it could say so, reports them when it is run again", async () => {
    const file = await makeFile(199);
    // Nobody reads this pipe and it is full, so that the first import never ends its report.
    const pipe = await openFullPipe(join(folder.path, "pipe"));
    const first = startImport(file, pipe.fd);
    const isLast = (line: string) => {
      const { progress } = JSON.parse(line) as { progress?: { lines_done: number } };
      return progress?.lines_done === count;
    };
    await first.lineOnStderr(isLast);
    first.child.kill("SIGKILL");
    expect((await first.result).signal).toBe("SIGKILL");
    await pipe.close();

    const report = toReport(await startImport(file).result);
    expect(report).toMatchObject({ ...allIsStored, inserted: count, unchanged: 0 });
    expect(report.shards_resumed).toBe(report.shards);
  });

  test("twice, and interrupted, still ends with a true report", async () => {
    const file = await makeFile(200);
    for (const [parts, signal] of [
      [2, "SIGKILL"],
      [6, "SIGINT"],
      [12, "SIGKILL"],
    ] as const) {
      const running = startImport(file);
      await untilParts(running, parts);
      running.child.kill(signal);
      await running.result;
    }
    const last = await startImport(file).result;
    expect(last.code).toBe(0);
    expect(toReport(last)).toMatchObject({ ...allIsStored, inserted: count, unchanged: 0 });
    expect(toReport(last).shards_resumed).toBeGreaterThanOrEqual(12);
  });

  test("starts anew with --no-resume, and finds everything stored", async () => {
    const file = await makeFile(201);
    const first = startImport(file);
    await untilParts(first, 5);
    first.child.kill("SIGKILL");
    await first.result;
    const args = ["import", file, "--json", "--no-resume", "--part-bytes", partBytes];
    const second = toReport(await hi(args, { env }));
    expect(second).toMatchObject({ ...allIsStored, shards_resumed: 0 });
    expect(second.inserted + second.unchanged).toBe(count);
    expect(second.unchanged).toBeGreaterThan(0);
  });

  test("from stdin goes on too, with the same input", async () => {
    const file = await makeFile(202);
    const input = await readFile(file);
    const args = ["import", "-", "--json", "--progress", "lines", "--part-bytes", partBytes];
    const first = startHi(args, { env, input });
    await untilParts(first, 5);
    first.child.kill("SIGKILL");
    await first.result;
    const second = toReport(await hi(args, { env, input }));
    expect(second).toMatchObject({ ...allIsStored, inserted: count, unchanged: 0 });
    expect(second.shards_resumed).toBeGreaterThanOrEqual(5);
  });
});

describe("an import that was asked to stop", () => {
  test.each([
    ["SIGINT", 130, 203],
    ["SIGTERM", 143, 204],
  ] as const)("by %s ends with %i and says how to go on", async (signal, code, seed) => {
    const file = await makeFile(seed);
    const running = startImport(file);
    await untilParts(running, 4);
    running.child.kill(signal);
    const stopped = await running.result;
    expect(stopped).toMatchObject({ code, signal: null, stdout: "" });
    const told = JSON.parse(stopped.stderr.split("\n").at(-1) ?? "") as { error: object };
    expect(told.error).toMatchObject({
      code: "interrupted",
      hint: expect.stringMatching(/lines are stored\. Run the same command again/),
    });
    expect(toReport(await startImport(file).result)).toMatchObject({
      ...allIsStored,
      inserted: count,
    });
  });
});

describe("two imports of one file at once", () => {
  test("both end well: each persona is stored once, and each report is true", async () => {
    const file = await makeFile(300);
    const both = [startImport(file), startImport(file)];
    await Promise.all(both.map((running) => untilParts(running, 1)));
    const [one, two] = await Promise.all(both.map(async ({ result }) => toReport(await result)));
    expect(one).toMatchObject(allIsStored);
    expect(two).toMatchObject(allIsStored);
    expect((one?.inserted ?? 0) + (two?.inserted ?? 0)).toBe(count);
    expect((one?.unchanged ?? 0) + (two?.unchanged ?? 0)).toBe(count);
  });
});

describe("a server that is killed in the middle of an import", () => {
  test("and comes back: the import waits for it and ends with a true report", async () => {
    const file = await makeFile(400);
    const running = startImport(file);
    await untilParts(running, 6);
    await server.kill();
    await running.lineOnStderr((line) => line.startsWith('{"retry"'));
    server = await startServer({ stateDir: join(folder.path, "server"), port: server.port });
    const ended = await running.result;
    expect(ended.code).toBe(0);
    expect(toReport(ended)).toMatchObject({ ...allIsStored, inserted: count, unchanged: 0 });
  });
});

describe("after all of that", () => {
  test("the store holds just what was imported, and its export makes another store the same", async () => {
    const one = join(folder.path, "one.ndjson");
    const told = await hi(["export", "-o", one, "--json"], { env });
    expect(JSON.parse(told.stdout)).toMatchObject({ file: one, count: imported.length });
    const exported = await readFile(one);
    const byId = imported.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    expect(exported.equals(Buffer.from(`${byId.join("\n")}\n`))).toBe(true);

    const other = await startServer({ stateDir: join(folder.path, "other") });
    try {
      const otherEnv = await createEnvironment(other.url, join(folder.path, "state"));
      const imports = await hi(["import", one, "--json"], { env: otherEnv, cwd: folder.path });
      expect(toReport(imports)).toMatchObject({ inserted: imported.length, unchanged: 0 });
      const two = join(folder.path, "two.ndjson.gz");
      expect(await hi(["export", "-o", two], { env: otherEnv })).toMatchObject({ code: 0 });
      expect(gunzipSync(await readFile(two)).equals(exported)).toBe(true);
    } finally {
      await other.close();
    }
  });

  function idOf(line: string): string {
    return (JSON.parse(line) as { profile_id: string }).profile_id;
  }
});
