import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";

/** Budgets in bytes after gzip. */
const maxInitialBytes = 35_000;
const maxScreenBytes = 20_000;
const maxStyleBytes = 10_000;
/** What a screen fetches when it is used: an adapter, the schema's reader, the demo personas. */
const maxOnDemandBytes = 60_000;

interface Chunk {
  readonly file: string;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
}

const outDir = mkdtempSync(join(tmpdir(), "hi-stranger-web-"));
let manifest: Record<string, Chunk> = {};

beforeAll(async () => {
  const configFile = fileURLToPath(new URL("../vite.config.ts", import.meta.url));
  await build({ configFile, logLevel: "error", build: { outDir, emptyOutDir: true } });
  manifest = JSON.parse(read(".vite/manifest.json"));
}, 60_000);

afterAll(() => rmSync(outDir, { recursive: true }));

function read(name: string): string {
  return readFileSync(join(outDir, name), "utf8");
}

function gzipBytes(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
}

/** The script of `key` and all that it can't run without. */
function filesOf(key: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the manifest`);
  found.add(chunk.file);
  for (const name of chunk.imports ?? []) filesOf(name, found);
  return found;
}

/** What `key` adds to a page that has `shell`. */
function addedBytes(key: string, shell: ReadonlySet<string>): number {
  return gzipBytes([...filesOf(key)].filter((file) => !shell.has(file)));
}

/** What the page itself loads. */
function shellFiles(): Set<string> {
  const scripts = [...read("index.html").matchAll(/<script[^>]*\bsrc="\/([^"]+)"/g)];
  const shell = new Set(scripts.map(([, src]) => src ?? ""));
  for (const [key, { file }] of Object.entries(manifest)) if (shell.has(file)) filesOf(key, shell);
  return shell;
}

const dynamicKeys = (pattern: RegExp) =>
  Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry && pattern.test(key));

it("what the first screen needs, with the largest language, is within its budget", () => {
  const languages = dynamicKeys(/i18n\/locales\//).map((key) => gzipBytes(filesOf(key)));
  expect(languages).toHaveLength(4);
  const shell = shellFiles();
  expect(shell.size).toBeGreaterThanOrEqual(2);
  expect(gzipBytes(shell) + Math.max(...languages)).toBeLessThanOrEqual(maxInitialBytes);
});

it("each screen adds no more than its budget", () => {
  const shell = shellFiles();
  const screens = dynamicKeys(/src\/screens\//);
  expect(screens.length).toBeGreaterThanOrEqual(6);
  // Every screen could need the largest part of the messages too.
  const messages = dynamicKeys(/i18n\/locales-/).map((key) => addedBytes(key, shell));
  expect(messages).toHaveLength(4);
  const most = maxScreenBytes - Math.max(...messages);
  expect(screens.filter((key) => addedBytes(key, shell) > most)).toEqual([]);
});

it("what is fetched on demand is within its budget", () => {
  const shell = shellFiles();
  const parts = dynamicKeys(/^(?!.*(?:src\/screens|locales[a-z-]*)\/)/);
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.filter((key) => addedBytes(key, shell) > maxOnDemandBytes)).toEqual([]);
});

it("one small stylesheet, and no font", () => {
  const styles = [...read("index.html").matchAll(/href="\/([^"]+\.css)"/g)].map(
    ([, href]) => href ?? "",
  );
  expect(styles).toHaveLength(1);
  expect(gzipBytes(styles)).toBeLessThanOrEqual(maxStyleBytes);
  expect(read(styles[0] ?? "")).not.toMatch(/@font-face|https?:\/\//);
});

it("the page holds no script, style or handler of its own, as its policy forbids them", () => {
  const page = read("index.html");
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
});

it("the service worker knows every file of the build, and nothing of the API", () => {
  const worker = read("sw.js");
  const urls: string[] = JSON.parse(/"urls":(\[[^\]]*\])/.exec(worker)?.[1] ?? "[]");
  const scripts = Object.values(manifest).map(({ file }) => `/${file}`);
  expect(urls).toEqual(expect.arrayContaining(["/", ...scripts]));
  expect(urls.filter((url) => url.startsWith("/api"))).toEqual([]);
  expect(new Set(urls).size).toBe(urls.length);
});
