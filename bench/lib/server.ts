/**
 * Workers side by side in one workerd, on the same data, each at a direct socket of its own.
 *
 * The bindings are those of the product's `wrangler.jsonc`, the bundles are made as the local
 * server makes them, and requests pass no proxy: `wrangler dev` would measure its emulation.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { D1Database } from "@cloudflare/workers-types/experimental";
import {
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  convertV4MiniflareOptions,
} from "miniflare";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import { highLimits } from "../../apps/edge/local/limits.ts";
import { migrate } from "../../apps/edge/local/migrate.ts";
import { bundleWorker } from "../../apps/edge/local/server.ts";

const edgeRoot = new URL("../../apps/edge/", import.meta.url);

/** The product's Worker. */
export const productEntry = new URL("src/worker.ts", edgeRoot);
/** The migrations of the database that holds personas. */
export const profileMigrations = new URL("migrations/db/", edgeRoot);

const { workerOptions } = readWorkerOptions(fileURLToPath(new URL("wrangler.jsonc", edgeRoot)));
// Wrangler's type leaves the source out of a union, and TypeScript most of the rest with it.
const {
  assets: _assets,
  modulesRules: _rules,
  bindings,
  durableObjects,
  ...rest
} = workerOptions as Partial<V4WorkerOptions>;
/** The Workers runtime of this day is the one that the product asks for. */
export const compatibilityDate = String(rest.compatibilityDate);

export interface BenchServer {
  /** Where the Worker of that name answers, without a slash at the end. */
  readonly urlOf: (name: string) => string;
  readonly operatorSecret: string;
  readonly db: D1Database;
  readonly workerdPid: number | null;
  close(): Promise<void>;
}

export interface BenchServerOptions {
  readonly stateDir: string;
  /** Entries by the names of their Workers. */
  readonly workers: Readonly<Record<string, URL>>;
}

async function startWorkers(options: BenchServerOptions): Promise<BenchServer> {
  const operatorSecret = randomBytes(32).toString("base64url");
  const keyring = writeKeyring(createKeyring(platformRandom));
  const scripts = await Promise.all(
    Object.entries(options.workers).map(
      async ([name, entry]) => [name, await bundleWorker(entry)] as const,
    ),
  );
  const pidsBefore = new Set(workerdPids());
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      resourcePersistencePath: options.stateDir,
      workers: scripts.map(([name, script]) => ({
        ...rest,
        // The other Workers don't have the product's classes.
        ...(options.workers[name] === productEntry ? { durableObjects } : {}),
        name,
        bindings: {
          ...bindings,
          HS_ENV: "local",
          HS_MODE: "live",
          RATE_LIMITS: JSON.stringify(highLimits),
          OPERATOR_SECRET: operatorSecret,
          KEYRING: reveal(keyring),
        },
        modules: true,
        script,
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      })),
    }),
  );
  await miniflare.ready;
  const [db, piiDb] = await Promise.all([
    miniflare.getD1Database("DB"),
    miniflare.getD1Database("PII_DB"),
  ]);
  await migrate(db, profileMigrations);
  await migrate(piiDb, new URL("migrations/pii/", edgeRoot));
  const urls = new Map<string, string>();
  for (const [name] of scripts) {
    urls.set(name, (await miniflare.unsafeGetDirectURL(name)).origin);
  }
  return {
    urlOf(name) {
      const url = urls.get(name);
      if (url === undefined) throw new Error(`there is no Worker ${name}`);
      return url;
    },
    operatorSecret,
    db,
    workerdPid: workerdPids().find((pid) => !pidsBefore.has(pid)) ?? null,
    close: () => miniflare.dispose(),
  };
}

/** Gives `use` a folder of its own and removes it afterwards, even when the process is told to end. */
export async function withStateDir<T>(use: (stateDir: string) => Promise<T>): Promise<T> {
  const stateDir = await mkdtemp(join(tmpdir(), "hi-stranger-bench-"));
  const remove = () => rmSync(stateDir, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await use(stateDir);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Starts Workers on `stateDir`, and stops them when `use` is done. */
export async function withWorkers<T>(
  options: BenchServerOptions,
  use: (server: BenchServer) => Promise<T>,
): Promise<T> {
  const server = await startWorkers(options);
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

/** Our children that are workerd; none where there is no /proc. */
function workerdPids(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && isWorkerdOfOurs(pid));
  } catch {
    return [];
  }
}

function isWorkerdOfOurs(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s+workerd$/m.test(status) && status.includes(`\nPPid:\t${process.pid}\n`);
  } catch {
    return false;
  }
}
