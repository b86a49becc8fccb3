import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import { KeyringError } from "@hi-stranger/core/crypto/keyring";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SecretFiles, ensureSecrets } from "../secrets.ts";

let folder: string;
let files: SecretFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hi-stranger-secrets-"));
  const at = (name: string) => pathToFileURL(join(folder, name));
  files = { worker: at("worker.vars"), pages: at("pages.vars") };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("secrets are made once, for their owner's eyes alone", async () => {
  const first = await ensureSecrets(files);
  const second = await ensureSecrets(files);
  expect(second.operatorSecret).toBe(first.operatorSecret);
  expect(reveal(second.keyring)).toBe(reveal(first.keyring));
  for (const file of Object.values(files)) {
    const { mode } = await stat(file as URL);
    expect(mode & 0o777).toBe(0o600);
  }
  expect(first.keyring.toString() + JSON.stringify(first)).not.toContain("kek");
});

test("the prototype's entry gets no keyring, which it has no use for", async () => {
  await ensureSecrets(files);
  expect(await readFile(files.worker, "utf8")).toMatch(/^OPERATOR_SECRET=\S+\nKEYRING=\{\S+\}\n$/);
  expect(await readFile(files.pages, "utf8")).toMatch(/^OPERATOR_SECRET=\S+\n$/);
});

test("an operator's secret from before there were keyrings is kept", async () => {
  await writeFile(files.pages, "OPERATOR_SECRET=known-already\n");
  const { operatorSecret } = await ensureSecrets(files);
  expect(operatorSecret).toBe("known-already");
});

test("servers that start at once agree on one keyring", async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => ensureSecrets(files)));
  expect(new Set(all.map(({ keyring }) => reveal(keyring))).size).toBe(1);
});

test("a damaged keyring stops the start, and is left for its owner to mend", async () => {
  const damaged = 'OPERATOR_SECRET=x\nKEYRING={"kek":{}}\n';
  await writeFile(files.worker, damaged);
  await expect(ensureSecrets(files)).rejects.toThrow(KeyringError);
  expect(await readFile(files.worker, "utf8")).toBe(damaged);
});
