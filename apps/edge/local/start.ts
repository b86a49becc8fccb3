/** `npm start`: builds what is stale, starts everything on one port and prints the links. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { defaultPort, describeServer } from "./banner.ts";
import { startLocalServer } from "./server.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const usage = `Usage: npm start -- [options]

  --port N          port to listen on (default ${defaultPort})
  --state DIR       folder for the data (default .wrangler/state)
  --mode MODE       live: D1 with tokens (default); prototype: KV, open reads
  --help            this text
`;

interface Options {
  readonly port: number;
  readonly stateDir: string;
  readonly mode: "live" | "prototype";
}

/** Reads the command line; null when it was answered already. */
function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(defaultPort) },
      state: { type: "string", default: resolve(root, ".wrangler/state") },
      mode: { type: "string", default: "live" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return null;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TypeError(`--port takes a number from 1 to 65535, not ${values.port}`);
  }
  if (values.mode !== "live" && values.mode !== "prototype") {
    throw new TypeError(`--mode takes live or prototype, not ${values.mode}`);
  }
  return { port, stateDir: resolve(values.state), mode: values.mode };
}

/** Builds the web app when a source is newer than the last build. */
function buildWebApp(): void {
  const built = resolve(root, "apps/web/dist/index.html");
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  const sources = ["apps/web", "packages/core/src", "packages/sdk/src"];
  if (sources.every((folder) => newestMs(resolve(root, folder)) <= builtMs)) return;
  console.log("Building the web app …");
  const { status } = spawnSync("npm", ["run", "build", "--silent", "-w", "apps/web"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("The web app could not be built; see above.");
}

/** When the newest file below `folder` was changed, generated folders left out. */
function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", "test"].includes(entry.name)) continue;
    const path = resolve(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  buildWebApp();
  const server = await startLocalServer(options);
  // What a deployment's hourly cron does happens here at each start, and that of every minute too.
  const worker = await server.miniflare.getWorker();
  await worker.scheduled();
  const minutely = setInterval(() => {
    worker.scheduled({ cron: "* * * * *" }).catch((error: unknown) => {
      console.error("The job of every minute failed:", (error as Error).message);
    });
  }, 60_000);
  minutely.unref();
  console.log(describeServer({ ...options, url: server.url }));
  const stop = () => {
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  console.error(
    code === "EADDRINUSE"
      ? "The port is taken. Stop what listens there, or pick another: npm start -- --port 8790"
      : message,
  );
  process.exit(1);
}
