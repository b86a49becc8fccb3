/** A workerd of its own, from its start to the first answer of the Worker in it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { compatibilityDate } from "../lib/server.ts";

const workerd = fileURLToPath(new URL("../../node_modules/.bin/workerd", import.meta.url));

/** Runs `script` in a workerd that is configured in `folder`. Resolves to milliseconds. */
export async function startProcess(folder: string, script: string): Promise<number> {
  await writeFile(join(folder, "worker.js"), script);
  await writeFile(join(folder, "config.capnp"), config);
  const startMs = performance.now();
  const child = spawn(workerd, ["serve", "--control-fd=3", join(folder, "config.capnp")], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const ended = once(child, "exit");
  try {
    const port = await Promise.race([readPort(child.stdio[3] as Readable), failed(ended)]);
    const answer = await request(`http://127.0.0.1:${port}/api/ping`);
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`the Worker answered ${answer.statusCode}`);
    return performance.now() - startMs;
  } finally {
    child.kill();
    await ended;
  }
}

async function readPort(control: Readable): Promise<number> {
  for await (const line of createInterface(control)) {
    const event = JSON.parse(line) as { event: string; port?: number };
    if (event.event === "listen" && event.port !== undefined) return event.port;
  }
  throw new Error("workerd doesn't listen");
}

async function failed(ended: Promise<unknown>): Promise<never> {
  await ended;
  throw new Error("workerd ended before it listened");
}

const config = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [
    (name = "HS_ENV", text = "local"),
    (name = "HS_MODE", text = "live"),
    (name = "DB", json = "{}"),
    (name = "PII_DB", json = "{}"),
    (name = "PROFILES_KV", json = "{}"),
  ],
);
`;
