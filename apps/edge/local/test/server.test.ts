import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalServer } from "../server.ts";

let folder: string;
let webDir: string;
let stateDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hi-stranger-local-test-"));
  webDir = join(folder, "dist");
  stateDir = join(folder, "state");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Builds a web app of a page and a script, and takes the one before away, as the real build does. */
async function build(name: string): Promise<void> {
  await rm(webDir, { recursive: true, force: true });
  await mkdir(join(webDir, "assets"), { recursive: true });
  await writeFile(join(webDir, "index.html"), `<script src="/assets/${name}.js"></script>`);
  await writeFile(join(webDir, "assets", `${name}.js`), `"${name}"`);
}

async function copiesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith("web-"));
}

test("a server goes on serving the web app it was started with while that is built anew", async () => {
  await build("first");
  const server = await startLocalServer({ stateDir, webDir });
  try {
    await build("second");
    const page = await fetch(server.url);
    expect(await page.text()).toContain("/assets/first.js");
    const script = await fetch(`${server.url}/assets/first.js`);
    expect(script.status).toBe(200);
    expect(await script.text()).toBe('"first"');

    const next = await startLocalServer({ stateDir: join(folder, "other"), webDir });
    try {
      expect(await (await fetch(next.url)).text()).toContain("/assets/second.js");
      expect((await fetch(`${server.url}/assets/first.js`)).status).toBe(200);
    } finally {
      await next.close();
    }
  } finally {
    await server.close();
  }
  expect(await copiesIn(stateDir)).toEqual([]);
});

test("what a killed server left is cleared away, and what a running one serves is not", async () => {
  await build("only");
  const [gone, living] = ["web-999999999-abc123", `web-${process.ppid}-abc123`];
  for (const name of [gone, living])
    await mkdir(join(stateDir, name, "assets"), { recursive: true });
  const server = await startLocalServer({ stateDir, webDir });
  const during = await copiesIn(stateDir);
  await server.close();
  expect(during).toHaveLength(2);
  expect(during).toContain(living);
  expect(await copiesIn(stateDir)).toEqual([living]);
});

test("without a built web app the API is served all the same", async () => {
  const server = await startLocalServer({ stateDir, webDir });
  try {
    const answer = await fetch(`${server.url}/api/ping`);
    expect(answer.status).toBe(200);
  } finally {
    await server.close();
  }
});
