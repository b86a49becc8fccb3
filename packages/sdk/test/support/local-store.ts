/**
 * A real store behind the API for tests: the local server, with its Worker, D1 and KV, on any free
 * port and with data of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../src/client.ts";

/** What we use of the server. Its own types are a Worker's, which don't go together with the DOM's. */
interface LocalServer {
  readonly url: string;
  readonly operatorSecret: string;
  readonly miniflare: {
    getD1Database(name: string): Promise<unknown>;
    getKVNamespace(name: string): Promise<unknown>;
  };
  close(): Promise<void>;
}

interface ServerModule {
  startLocalServer(options: { port?: number; stateDir: string }): Promise<LocalServer>;
}

interface EmptyModule {
  emptyDatabase(database: unknown): Promise<void>;
  emptyNamespace(namespace: unknown): Promise<void>;
}

const edge = new URL("../../../../apps/edge/", import.meta.url);
const load = async (path: string): Promise<unknown> => import(new URL(path, edge).href);

export interface LocalStore {
  readonly url: string;
  readonly operatorSecret: string;
  /** A token with every scope. */
  readonly token: string;
  /** Uses that token. */
  readonly client: Client;
  /** Deletes all personas, imports and keys. */
  empty(): Promise<void>;
  /** Ends the server and starts it again at the same address with the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server; takes a second or two. */
export async function startLocalStore(): Promise<LocalStore> {
  const { startLocalServer } = (await load("local/server.ts")) as ServerModule;
  const { emptyDatabase, emptyNamespace } = (await load("test/support/empty.ts")) as EmptyModule;
  const stateDir = await mkdtemp(join(tmpdir(), "hi-stranger-sdk-"));
  let server = await startLocalServer({ stateDir });
  const { url, operatorSecret } = server;
  const operator = createClient({ baseUrl: url, token: operatorSecret });
  const { token } = await operator.createToken({
    name: "sdk tests",
    scopes: ["profiles:read", "profiles:import", "profiles:delete"],
  });
  return {
    url,
    operatorSecret,
    token,
    client: createClient({ baseUrl: url, token }),

    async empty() {
      await emptyDatabase(await server.miniflare.getD1Database("DB"));
      for (const name of ["PROFILES_KV", "IMPORT_REPORT_KV", "IDEMPOTENCY_KV"]) {
        await emptyNamespace(await server.miniflare.getKVNamespace(name));
      }
    },

    async restart() {
      await server.close();
      server = await startLocalServer({ stateDir, port: Number(new URL(url).port) });
    },

    async close() {
      await server.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
