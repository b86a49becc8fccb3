/**
 * The end-to-end tests: a real browser against the real local server.
 *
 *   node tests/e2e/run.ts [arguments of `playwright test`]
 *
 * Builds the web app when it is stale, starts a LIVE and a prototype server on free ports with
 * empty data, makes tokens, runs Playwright, and leaves nothing behind, however it ends.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@hi-stranger/sdk/client";
import { type LocalServer, startLocalServer } from "../../apps/edge/local/server.ts";
import { findBrowser } from "./support/browser.ts";
import { type Tokens, toVariables } from "./support/environment.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Ends what was started, last things first. */
const cleanups: (() => Promise<void> | void)[] = [];
let running: ChildProcess | undefined;
let state: string | undefined;

// workerd's keeper ends this process on a signal, without waiting for anybody, and workerd with it.
process.on("exit", () => {
  running?.kill("SIGINT");
  if (state !== undefined) rmSync(state, { recursive: true, force: true, maxRetries: 5 });
});

try {
  buildWebApp();
  state = mkdtempSync(join(tmpdir(), "hi-stranger-e2e-"));
  const live = await startLocalServer({ stateDir: join(state, "live") });
  cleanups.push(() => live.close());
  const prototype = await startLocalServer({ stateDir: join(state, "kv"), mode: "prototype" });
  cleanups.push(() => prototype.close());
  const tokens = await makeTokens(live);
  const browser = await findBrowser();
  const environment = {
    liveUrl: live.url,
    prototypeUrl: prototype.url,
    chromePath: browser.path,
    tokens,
  };
  process.exitCode = await runPlaywright({ ...browser.variables, ...toVariables(environment) });
} finally {
  for (const cleanup of cleanups.toReversed()) await cleanup();
}

function buildWebApp(): void {
  const built = join(root, "apps/web/dist/index.html");
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  const sources = ["apps/web", "packages/core/src", "packages/sdk/src"];
  if (sources.every((folder) => newestMs(join(root, folder)) < builtMs)) return;
  console.log("Building the web app …");
  const { status } = spawnSync("npm", ["run", "build", "--silent", "-w", "apps/web"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the web app does not build");
}

/** When the newest file of `folder` was written, what is built or installed left aside. */
function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !/^(?:dist|node_modules|test)$/.test(entry.name)) {
      newest = Math.max(newest, newestMs(path));
    } else if (entry.isFile()) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

async function makeTokens({ url, operatorSecret, miniflare }: LocalServer): Promise<Tokens> {
  const client = createClient({ baseUrl: url, token: operatorSecret });
  const make = (name: string, ...rights: readonly ("read" | "import" | "delete")[]) =>
    client.createToken({ name, scopes: rights.map((right) => `profiles:${right}` as const) });
  const expired = await make("expired", "read");
  const db = await miniflare.getD1Database("PII_DB");
  const past = db.prepare("UPDATE api_tokens SET expires_at = 1 WHERE token_id = ?");
  const { meta } = await past.bind(expired.token_id).run();
  if (meta.changes !== 1) throw new Error("the token to be expired is not in the database");
  const [full, readOnly, importOnly, deleteAndRead] = await Promise.all([
    make("full", "read", "import", "delete"),
    make("read", "read"),
    make("import", "import"),
    make("delete", "read", "delete"),
  ]);
  return {
    full: full.token,
    readOnly: readOnly.token,
    importOnly: importOnly.token,
    deleteAndRead: deleteAndRead.token,
    expired: expired.token,
  };
}

async function runPlaywright(variables: Record<string, string>): Promise<number> {
  const cli = createRequire(import.meta.url).resolve("@playwright/test/cli");
  const child = spawn(process.execPath, [cli, "test", ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
  running = child;
  const [code] = (await once(child, "exit")) as [number | null];
  running = undefined;
  return code ?? 1;
}
