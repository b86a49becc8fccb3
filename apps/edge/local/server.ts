/**
 * The whole product on one machine: the Worker in workerd, with its D1, KV and files, and the
 * built web app. `npm start`, the end-to-end tests, the command line's tests and the benchmarks
 * all use it. Requests reach workerd by a direct socket, without the proxies of `wrangler dev`.
 */
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import {
  Log,
  LogLevel,
  Miniflare,
  Response,
  type V4WorkerOptions,
  convertV4MiniflareOptions,
} from "miniflare";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import { localLimits } from "./limits.ts";
import { migrate } from "./migrate.ts";
import { guardWorkerd } from "./orphan-guard.ts";
import { type SecretFiles, ensureSecrets, readKeyringText } from "./secrets.ts";
import { copyWebApp } from "./web-copy.ts";

export interface LocalServerOptions {
  /** 0 or absent for any free port. */
  readonly port?: number;
  /** Where the data is kept. */
  readonly stateDir: string;
  readonly mode?: "live" | "prototype";
  /** The Worker's `RATE_LIMITS`, unless they are those of a local server. Empty for the product's own. */
  readonly rateLimits?: string;
  /** Where the web app is built, unless it is in its usual place. */
  readonly webDir?: string;
  /** Where the secrets are, unless they are in their usual places. */
  readonly secretFiles?: SecretFiles;
}

export interface LocalServer {
  readonly url: string;
  readonly operatorSecret: string;
  /** workerd's way to the bindings, for tests and benchmarks. */
  readonly miniflare: Miniflare;
  close(): Promise<void>;
}

// Wrangler's own chatter about configuration is not our user's concern.
process.env["WRANGLER_LOG"] ??= "error";
process.env["WRANGLER_SEND_METRICS"] ??= "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";

const edgeRoot = new URL("..", import.meta.url);
const builtWebDir = fileURLToPath(new URL("../web/dist", edgeRoot));
const host = "127.0.0.1";

/** Builds and starts the server; resolves when it answers. */
export async function startLocalServer({
  port = 0,
  stateDir,
  mode = "live",
  rateLimits = JSON.stringify(localLimits),
  webDir = builtWebDir,
  secretFiles,
}: LocalServerOptions): Promise<LocalServer> {
  const { operatorSecret, keyring } = await ensureSecrets(secretFiles);
  await mkdir(stateDir, { recursive: true });
  const freePort = await reservePort(port);
  const script = await bundleWorker();
  const webCopy = await copyWebApp(webDir, stateDir);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host,
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      // Each mode has data of its own: what is a record to one is a cache to the other.
      resourcePersistencePath: join(stateDir, mode),
      workers: [
        {
          ...readConfiguration(webCopy?.directory ?? null, {
            HS_ENV: "local",
            HS_MODE: mode,
            RATE_LIMITS: rateLimits,
            OPERATOR_SECRET: operatorSecret,
            KEYRING: reveal(keyring),
          }),
          // What `hi keys` writes is taken into use by the running Worker, which asks for it here.
          serviceBindings: {
            KEYRING_FEED: async () =>
              new Response((await readKeyringText(secretFiles?.worker)) ?? reveal(keyring)),
          },
          modules: true,
          script,
          unsafeDirectSockets: [{ host, port: freePort }],
        },
      ],
    }),
  );
  try {
    await miniflare.ready;
    await migrate(await miniflare.getD1Database("DB"), new URL("migrations/db/", edgeRoot));
    await migrate(await miniflare.getD1Database("PII_DB"), new URL("migrations/pii/", edgeRoot));
  } catch (error) {
    await miniflare.dispose();
    await webCopy?.remove();
    throw error;
  }
  const endGuard = guardWorkerd();
  return {
    url: `http://localhost:${freePort}`,
    operatorSecret,
    miniflare,
    async close() {
      await miniflare.dispose();
      endGuard();
      await webCopy?.remove();
    },
  };
}

/** What `wrangler.jsonc` declares, with `variables` on top and the web app's files from `webDir`, if there are any. */
function readConfiguration(
  webDir: string | null,
  variables: Record<string, string>,
): Partial<V4WorkerOptions> {
  const { workerOptions } = readWorkerOptions(fileURLToPath(new URL("wrangler.jsonc", edgeRoot)));
  // Wrangler's type leaves the source out of a union, and TypeScript most of the rest with it.
  const options = workerOptions as Partial<V4WorkerOptions>;
  const { assets, bindings, modulesRules: _, ...rest } = options;
  return {
    ...rest,
    ...(assets && webDir !== null ? { assets: { ...assets, directory: webDir } } : {}),
    bindings: { ...bindings, ...variables },
  };
}

/** The Worker as one module, as Wrangler would bundle it. */
export async function bundleWorker(entry = new URL("src/worker.ts", edgeRoot)): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
  });
  const [output] = outputFiles;
  if (!output) throw new Error("esbuild gave no output");
  return output.text;
}

/** A free port, or `port` itself. @throws when it is taken. */
async function reservePort(port: number): Promise<number> {
  const probe = createServer();
  try {
    return await new Promise((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, host, () => {
        const address = probe.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
