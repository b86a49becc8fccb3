import { spawnSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkOperatorSecret } from "../../src/doctor/machine.ts";
import { type Folder, createFolder } from "../support/server.ts";

let folder: Folder;
let file: string;

beforeEach(async () => {
  folder = await createFolder();
  file = join(folder.path, ".dev.vars");
  await writeFile(file, "OPERATOR_SECRET=abcdefghijklmnopqrstuvwxyz0123456789\n", { mode: 0o600 });
});

afterEach(() => folder.remove());

function git(...args: string[]): void {
  const { status } = spawnSync("git", args, { cwd: folder.path });
  expect(status).toBe(0);
}

test("a secret for its owner alone is good", async () => {
  expect(await checkOperatorSecret(file)).toMatchObject({ state: "good" });
});

test("a secret that others can read is bad, and the fix mends it", async () => {
  await chmod(file, 0o644);
  const finding = await checkOperatorSecret(file);
  expect(finding).toMatchObject({ state: "bad", fix: `chmod 600 ${file}` });
});

test("a secret in the repository's history is bad; one beside it isn't", async () => {
  git("init", "--quiet");
  expect(await checkOperatorSecret(file)).toMatchObject({ state: "good" });
  git("add", "--force", ".dev.vars");
  expect(await checkOperatorSecret(file)).toMatchObject({ state: "bad" });
});

test("no secret, or a file without one, is worth a note", async () => {
  expect(await checkOperatorSecret(join(folder.path, "none"))).toMatchObject({ state: "note" });
  await writeFile(file, "OTHER=1\n");
  expect(await checkOperatorSecret(file)).toMatchObject({ state: "note" });
});
