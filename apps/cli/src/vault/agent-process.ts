/** Finding a vault's agent, starting one, and locking it. */
import { spawn } from "node:child_process";
import { parse } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { VaultError, isVaultError } from "@hi-stranger/vault/vault-error";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import type { AgentMethod } from "./agent-calls.ts";
import { type CallInput, type CallResult, callAgent, connectAgent } from "./agent-client.ts";
import { type AgentFolder, openAgentFolder } from "./agent-folder.ts";
import type { VaultPlace } from "./vault-place.ts";

type Call<Method extends AgentMethod> = Omit<CallInput<Method>, "token">;

/** The descriptor by which an agent talks to whoever started it. */
export const launcherFd = 3;

const launcher = fileURLToPath(new URL("../../bin/hi.mjs", import.meta.url));
/** How often, and how long after, an agent that is just starting or ending is looked for again. */
const maxTries = 60;
const retryMs = 50;
/** Between two starts of an agent, as each takes a process. */
const triesPerStart = 20;

/** What an agent needs of the environment: to find its folders, and the keychain. Nothing else reaches it. */
const environmentNames = [
  "DBUS_SESSION_BUS_ADDRESS",
  "HI_STATE_DIR",
  "HOME",
  "LOCALAPPDATA",
  "PATH",
  "SYSTEMROOT",
  "TMPDIR",
  "USERPROFILE",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_STATE_HOME",
] as const;

/**
 * Makes a call that needs the vault to be unlocked.
 *
 * @throws {VaultError} `vault_locked`, `no_vault`. @throws {CliError} what the agent refused with.
 */
export async function callUnlocked<Method extends AgentMethod>(
  place: VaultPlace,
  call: Call<Method>,
): Promise<CallResult<Method>> {
  const folder = await openAgentFolder(place.folder);
  const session = await folder.readSession();
  const socket = session && (await connectAgent(session.endpoint));
  if (!socket) throw new VaultError((await place.hasVault()) ? "vault_locked" : "no_vault");
  return callAgent(socket, { ...call, token: session.token });
}

/**
 * Unlocks through the agent there is, or through a new one. Two that do so at once both end well: one
 * of their agents gets the vault, and the other command goes to that.
 */
export async function callUnlock(
  place: VaultPlace,
  call: Call<"unlock">,
): Promise<CallResult<"unlock">> {
  const folder = await openAgentFolder(place.folder);
  for (let tries = 1; ; tries++) {
    const mayStart = tries % triesPerStart === 1;
    const stream = (await findAgent(folder)) ?? (mayStart ? startAgent(place) : null);
    try {
      if (stream) return await callAgent(stream, { ...call, token: null });
    } catch (error) {
      const isPassing =
        error instanceof CliError && ["vault_in_use", "agent_gone"].includes(error.code);
      if (!isPassing || tries >= maxTries) throw error;
    }
    await wait(retryMs, undefined, { signal: call.signal });
  }
}

/** Whether {@link callUnlocked} failed as no agent holds the vault open, or its session has ended. */
export function isLocked(error: unknown): boolean {
  const hasEnded = error instanceof CliError && error.exitCode === exitCodes.vaultLocked;
  return hasEnded || isVaultError(error, "vault_locked");
}

/** Whether an agent is there that may hold the vault open. */
export async function hasAgent(place: VaultPlace): Promise<boolean> {
  const socket = await findAgent(await openAgentFolder(place.folder));
  socket?.destroy();
  return socket !== null;
}

/** Locks the vault, if an agent holds it; resolves once that is done. False when there was none. */
export async function lockAgent(place: VaultPlace, signal: AbortSignal): Promise<boolean> {
  const folder = await openAgentFolder(place.folder);
  const socket = await findAgent(folder);
  if (!socket) {
    await removeLeftovers(place, folder);
    return false;
  }
  await callAgent(socket, { method: "lock", params: {}, token: null, signal });
  return true;
}

/** A connection to the agent; null when there is none. */
async function findAgent(folder: AgentFolder): Promise<Duplex | null> {
  return connectAgent((await folder.readSession())?.endpoint ?? folder.endpoint);
}

/** Removes what an agent that was killed has left, once it is certain that there is none. */
async function removeLeftovers(place: VaultPlace, folder: AgentFolder): Promise<void> {
  if (!(await place.hasVault())) return;
  const { createVaultFiles } = await import("@hi-stranger/vault/node/vault-files");
  const lock = await createVaultFiles(place.folder).acquire();
  if (!lock) return;
  await folder.removeSession();
  await folder.removeSocket();
  await lock.release();
}

/** Starts an agent, which outlives this process, and gives the connection to it. */
function startAgent({ folder, namedKeyStore }: VaultPlace): Duplex {
  const named = namedKeyStore === null ? [] : ["--key-store", namedKeyStore];
  const args = [launcher, "vault", "agent", "--vault", folder, ...named];
  const isWindows = process.platform === "win32";
  // Node has no call for it, and a shell has: an agent that crashes leaves no image of its memory.
  const withoutCores = ["-c", 'ulimit -c 0; exec "$@"', "hi", process.execPath, ...args];
  const child = spawn(isWindows ? process.execPath : "/bin/sh", isWindows ? args : withoutCores, {
    detached: true,
    // So that it keeps no folder from being unmounted.
    cwd: parse(folder).root,
    env: agentEnvironment(),
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    windowsHide: true,
  });
  child.unref();
  // A pipe asked for in this place is a socket, both ways.
  const stream = child.stdio[launcherFd] as Duplex;
  child.on("error", (error) => stream.destroy(error));
  return stream;
}

function agentEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    environmentNames.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
