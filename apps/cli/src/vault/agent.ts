/**
 * The agent: a process that holds an unlocked vault and serves the commands that follow.
 *
 * It takes hold of the vault before it listens, so of two agents that start at once only one ever
 * has the socket, and what an agent that was killed left there can be removed. It ends as soon as the
 * vault is locked, for whatever reason: asked to, by a signal, or because the session ended.
 *
 * It writes no log, and its arguments and environment hold no secret. Whoever runs as the same account
 * can read any process's memory on most systems: against them the agent is no protection.
 */
import { chmod } from "node:fs/promises";
import { type Server, createServer } from "node:net";
import type { Duplex } from "node:stream";
import type { VaultPlatform } from "@hi-stranger/vault/ports";
import { type Vault, openVault } from "@hi-stranger/vault/vault";
import { type Connection, createConnection } from "./agent-connection.ts";
import type { AgentFolder } from "./agent-folder.ts";
import { createAgentService } from "./agent-service.ts";

export interface AgentOptions {
  readonly platform: VaultPlatform;
  readonly folder: AgentFolder;
  /** The connection of whoever started the agent, with the request to unlock. */
  readonly launcher: Duplex;
  /** Aborted when the agent is to lock and end. */
  readonly signal: AbortSignal;
}

/** Runs until the vault is locked. Never fails: what goes wrong at the start is the launcher's to tell. */
export async function runAgent({
  platform,
  folder,
  launcher,
  signal,
}: AgentOptions): Promise<void> {
  const first = createConnection(launcher);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  let vault: Vault;
  try {
    vault = await openVault(platform, { onLocked: stop });
  } catch (error) {
    await first.refuse(error);
    return;
  }
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const server = createServer();
  try {
    await folder.removeSocket();
    await listen(server, folder.endpoint);
  } catch (error) {
    await vault.close();
    await first.refuse(error);
    return;
  }
  await serveUntilLocked(vault, server, first, { folder, stopping });
}

interface Serving {
  readonly folder: AgentFolder;
  readonly stopping: AbortController;
}

async function serveUntilLocked(
  vault: Vault,
  server: Server,
  first: Connection,
  { folder, stopping }: Serving,
): Promise<void> {
  const connections = new Set<Connection>();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  const service = createAgentService(vault, folder, () => stopping.abort());

  const accept = async (connection: Connection): Promise<void> => {
    connections.add(connection);
    await connection.serve((request) => service.answer(request, connection));
    connections.delete(connection);
    if (connections.size > 0 || signal.aborted) return;
    // It never outlives the unlocked vault, unless somebody is about to unlock it.
    if ((await vault.status()) !== "unlocked") stopping.abort();
  };
  server.on("connection", (socket) => void accept(createConnection(socket)));
  void accept(first);
  await stopped;
  server.close();
  // Whoever gives or takes a stream would keep the vault from being locked.
  for (const connection of connections) if (!service.isLocking(connection)) connection.destroy();
  // The socket goes before the vault is let go: afterwards it may be the next agent's.
  await folder.removeSession();
  await folder.removeSocket();
  await vault.close();
  service.tellLocked();
  await Promise.all(Array.from(connections, ({ replied }) => replied));
  for (const connection of connections) connection.destroy();
}

async function listen(server: Server, endpoint: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(endpoint, () => {
      server.off("error", reject);
      resolve();
    });
  });
  if (process.platform !== "win32") await chmod(endpoint, 0o600);
}
