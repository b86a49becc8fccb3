/** A real local server in a process of its own, so that it can be killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { hi } from "./hi.ts";

const script = fileURLToPath(new URL("serve.mjs", import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** Ends it and its children as a power cut would. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  readonly stateDir: string;
  readonly port?: number;
  readonly mode?: "live" | "prototype";
  /** Where its secrets are, `worker.vars` and `pages.vars`, unless they are in their usual places. */
  readonly secretsDir?: string;
}

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { stateDir, port = 0, mode = "live", secretsDir = "" } = options;
  // A group of its own, which workerd is in too.
  const child = spawn(process.execPath, [script, stateDir, String(port), mode, secretsDir], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = once(child, "close");
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then(() => Promise.reject(new Error("the server did not start"))),
  ])) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    port: Number(new URL(url).port),
    async close() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}

/** A port that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface Folder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "hi-cli-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What a person at a terminal has set: the address and a token. */
export async function createEnvironment(
  url: string,
  stateDir: string,
  scopes = "read,import,delete",
): Promise<Record<string, string>> {
  const env = { HI_URL: url, HI_STATE_DIR: stateDir };
  const { code, stdout, stderr } = await hi(["token", "create", "--quiet", "--scope", scopes], {
    env,
  });
  if (code !== 0) throw new Error(`no token: ${stderr}`);
  return { ...env, HI_TOKEN: stdout.trim() };
}
