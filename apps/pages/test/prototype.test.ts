import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatePersonaLines } from "@hi-stranger/sdk/demo/personas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSecrets } from "../../edge/local/secrets.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const wrangler = fileURLToPath(new URL("../../../node_modules/.bin/wrangler", import.meta.url));

describe("`wrangler pages dev ./ --local` in apps/pages", () => {
  let url = "";
  let stateDir = "";
  let operatorSecret = "";
  let server: ChildProcess;

  beforeAll(async () => {
    ({ operatorSecret } = await ensureSecrets());
    stateDir = await mkdtemp(join(tmpdir(), "hi-pages-"));
    const port = await freePort();
    url = `http://localhost:${port}`;
    const options = ["--port", String(port), "--inspector-port", String(await freePort())];
    server = spawn(
      process.execPath,
      [wrangler, "pages", "dev", "./", "--local", ...options, "--persist-to", stateDir],
      {
        cwd: folder,
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: "false",
          CLOUDFLARE_CF_FETCH_ENABLED: "false",
        },
      },
    );
    await outputOf(server, "Ready on");
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    // Wrangler and the workerd it started.
    if (server.pid !== undefined) process.kill(-server.pid, "SIGTERM");
    await ended;
    await rm(stateDir, { recursive: true, force: true });
  });

  it("serves the API over KV, reads open, writes with the operator's secret", async () => {
    const ping = await fetch(`${url}/api/ping`);
    expect(await ping.json()).toMatchObject({ ok: true, mode: "prototype" });
    const lines = [...generatePersonaLines({ count: 25, seed: 11 })];
    const post = (headers: Record<string, string>) =>
      fetch(`${url}/api/profiles/import`, {
        method: "POST",
        body: lines.join("\n"),
        headers: { "Content-Type": "application/x-ndjson", ...headers },
      });
    expect((await post({})).status).toBe(401);
    const imported = await post({ Authorization: `Bearer ${operatorSecret}` });
    expect(await imported.json()).toMatchObject({ lines_valid: 25, inserted: 25 });
    const exported = await fetch(`${url}/api/profiles/export`);
    expect(await exported.text()).toBe(`${lines.join("\n")}\n`);
  });

  it.each([
    ".dev.vars",
    "wrangler.jsonc",
    "package.json",
    "vitest.config.ts",
    "functions/[[path]].ts",
    "..%2f.dev.vars",
  ])("does not give out %s, which lies in the folder it serves", async (path) => {
    const answer = await fetch(`${url}/${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(operatorSecret);
  });

  it("keeps its secret in a file that only its owner reads", async () => {
    const { mode } = await stat(join(folder, ".dev.vars"));
    expect(mode & 0o777).toBe(0o600);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

/** Waits until `child` prints `text`. */
async function outputOf(child: ChildProcess, text: string): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (part: Buffer) => {
      output += part.toString();
      if (output.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`it ended before it said "${text}": ${output}`)));
  });
}
