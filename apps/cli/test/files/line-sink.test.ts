import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InterruptedError } from "../../src/errors.ts";
import { openDevice, openPipe } from "../../src/files/byte-stream.ts";
import { findDestination } from "../../src/files/destination.ts";
import { type HiResult, hi } from "../support/hi.ts";
import { type Folder, createFolder } from "../support/server.ts";

let folder: Folder;
let path: string;

/** What `hi generate` writes for these arguments. */
const args = ["generate", "--count", "300", "--seed", "4"];
const wanted = (await hi(args)).stdout;

beforeEach(async () => {
  folder = await createFolder();
  path = join(folder.path, "out.ndjson");
});

afterEach(() => folder.remove());

function makePipe(): void {
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
}

/** Starts reading the pipe; resolves with all that comes until it is closed. */
async function readPipe(): Promise<Buffer> {
  const { stdout } = spawn("cat", [path], { stdio: ["ignore", "pipe", "inherit"] });
  return buffer(stdout);
}

function isDone({ code, stderr }: HiResult): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("300 personas in") });
}

describe("--out to a pipe", () => {
  test("writes into it, for whoever reads, and leaves it in its place", async () => {
    makePipe();
    const [result, bytes] = await Promise.all([hi([...args, "--out", path]), readPipe()]);
    isDone(result);
    expect(bytes.toString()).toBe(wanted);
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect(await readdir(folder.path)).toEqual(["out.ndjson"]);
  });

  test("brings more than a pipe holds, packed when asked to", async () => {
    makePipe();
    const many = ["generate", "--count", "3000", "--seed", "4"];
    const [plain, result, bytes] = await Promise.all([
      hi(many),
      hi([...many, "--gzip", "--out", path]),
      readPipe(),
    ]);
    expect(result.code).toBe(0);
    expect(bytes.length).toBeGreaterThan(70_000);
    expect(sha256(gunzipSync(bytes))).toBe(sha256(Buffer.from(plain.stdout)));
  });

  test("can be interrupted while nobody reads", async () => {
    makePipe();
    const controller = new AbortController();
    const opened = openPipe(path, controller.signal);
    controller.abort(new InterruptedError("SIGINT"));
    await expect(opened).rejects.toBeInstanceOf(InterruptedError);
  });

  test("ends quietly when the reader goes away, as behind `| head`", async () => {
    makePipe();
    const reader = spawn("head", ["-c", "10", path], { stdio: ["ignore", "pipe", "inherit"] });
    const [result] = await Promise.all([
      hi(["generate", "--count", "100000", "--out", path]),
      buffer(reader.stdout),
    ]);
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
  });
});

describe("--out to a link", () => {
  test.each(["a file", "nothing yet"])(
    "that leads to %s changes that, and stays a link",
    async (what) => {
      const place = join(folder.path, "elsewhere");
      await mkdir(place);
      const target = join(place, "real.ndjson");
      if (what === "a file") await writeFile(target, "before");
      await symlink("elsewhere/real.ndjson", path);
      isDone(await hi([...args, "--out", path]));
      expect(await readlink(path)).toBe("elsewhere/real.ndjson");
      expect(await readFile(target, "utf8")).toBe(wanted);
      expect(await readdir(place)).toEqual(["real.ndjson"]);
    },
  );

  test.skipIf(process.platform !== "linux")("that leads to stdout is stdout", async () => {
    await symlink("/proc/self/fd/1", path);
    expect(await hi([...args, "--out", path])).toMatchObject({
      code: 0,
      stdout: wanted,
      stderr: "",
    });
    // A file that stdout is appended to keeps what it holds.
    const log = join(folder.path, "log");
    await writeFile(log, "before\n");
    const file = await open(log, "a");
    expect(await hi([...args, "--out", path], { stdoutFd: file.fd })).toMatchObject({ code: 0 });
    await file.close();
    expect(await readFile(log, "utf8")).toBe(`before\n${wanted}`);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });
});

test("--out to a file keeps its permissions", async () => {
  await writeFile(path, "before");
  await chmod(path, 0o640);
  isDone(await hi([...args, "--out", path]));
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readFile(path, "utf8")).toBe(wanted);
});

test("--out to a folder or a socket is a wrong command line, and changes neither", async () => {
  expect(await hi([...args, "--out", folder.path])).toMatchObject({ code: 2, stdout: "" });
  const server = createServer().listen(path);
  await once(server, "listening");
  const result = await hi([...args, "--out", path]);
  server.close();
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(result.stderr).toContain("neither a file nor a pipe nor a device");
});

test("a device is known as one, and is written into as it is", async () => {
  expect(await findDestination("/dev/null")).toEqual({ kind: "device", path: "/dev/null" });
  await writeFile(path, "as before");
  const device = await openDevice(path);
  await device.write(Buffer.from("AS"));
  await device.close();
  expect(await readFile(path, "utf8")).toBe("AS before");
});

test("refused lines don't go into a pipe, which stays", async () => {
  makePipe();
  const result = await hi(["import", "-", "--refused", path], { input: "x" });
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(result.stderr).toContain("Refused lines go into a file");
  expect((await lstat(path)).isFIFO()).toBe(true);
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
