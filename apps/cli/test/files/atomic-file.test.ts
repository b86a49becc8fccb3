import { spawnSync } from "node:child_process";
import { chmod, lstat, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAtomicFile } from "../../src/files/atomic-file.ts";
import { type Folder, createFolder } from "../support/server.ts";

let folder: Folder;
let path: string;

beforeEach(async () => {
  folder = await createFolder();
  path = join(folder.path, "out.ndjson");
});

afterEach(() => folder.remove());

test("a file is not there before it is whole, and nothing else is there after", async () => {
  const file = await createAtomicFile(path);
  await file.write(Buffer.from("one "));
  expect(await readdir(folder.path)).not.toContain("out.ndjson");
  await file.write(Buffer.from("two"));
  await file.commit();
  await file.discard();
  expect(await readdir(folder.path)).toEqual(["out.ndjson"]);
  expect(await readFile(path, "utf8")).toBe("one two");
  expect(file.bytesWritten).toBe(7);
});

test("a file that is given up leaves the one of before as it was", async () => {
  await writeFile(path, "before");
  const file = await createAtomicFile(path);
  await file.write(Buffer.from("half"));
  await file.discard();
  expect(await readdir(folder.path)).toEqual(["out.ndjson"]);
  expect(await readFile(path, "utf8")).toBe("before");
});

test("what a killed process left is cleared away; what a living one writes stays", async () => {
  const gone = [".out.ndjson.hi-999999999-0123456789abcdef", ".out.ndjson.hi-999999999"];
  const living = `.out.ndjson.hi-${process.ppid}-0123456789abcdef`;
  const others = ".other.ndjson.hi-999999999-0123456789abcdef";
  for (const name of [...gone, living, others]) await writeFile(join(folder.path, name), "half");
  await (await createAtomicFile(path)).discard();
  expect((await readdir(folder.path)).toSorted()).toEqual([others, living].toSorted());
});

test("what is written goes through no link, and to a name that nobody knew before", async () => {
  const [victim, planted] = [join(folder.path, "victim"), `.out.ndjson.hi-${process.pid}`];
  await writeFile(victim, "theirs");
  await symlink(victim, join(folder.path, planted));
  const names = new Set<string>();
  for (let times = 0; times < 2; times++) {
    const file = await createAtomicFile(path);
    await file.write(Buffer.from("ours"));
    const [made = ""] = (await readdir(folder.path)).filter((name) =>
      name.startsWith(`${planted}-`),
    );
    expect((await lstat(join(folder.path, made))).isFile()).toBe(true);
    names.add(made);
    await file.discard();
  }
  expect(names.size).toBe(2);
  expect(await readFile(victim, "utf8")).toBe("theirs");
});

test("the file that replaces another has its permissions, and nobody else's while it is written", async () => {
  await writeFile(path, "before");
  await chmod(path, 0o640);
  const file = await createAtomicFile(path);
  const [half = ""] = (await readdir(folder.path)).filter((name) => name.startsWith("."));
  expect(await permissionsOf(join(folder.path, half))).toBe(0o640);
  await file.commit();
  expect(await permissionsOf(path)).toBe(0o640);
});

test("permissions that are asked for go before those of the file that is replaced", async () => {
  await writeFile(path, "before");
  await chmod(path, 0o644);
  const file = await createAtomicFile(path, 0o600);
  await file.commit();
  expect(await permissionsOf(path)).toBe(0o600);
});

test("a pipe that has come to stand at the path is not replaced", async () => {
  const file = await createAtomicFile(path);
  spawnSync("mkfifo", [path]);
  await expect(file.commit()).rejects.toMatchObject({ code: "not_a_file" });
  await file.discard();
  expect((await lstat(path)).isFIFO()).toBe(true);
  expect(await readdir(folder.path)).toEqual(["out.ndjson"]);
});

async function permissionsOf(name: string): Promise<number> {
  return (await lstat(name)).mode & 0o7777;
}
