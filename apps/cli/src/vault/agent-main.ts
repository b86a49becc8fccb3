/** The process of the agent, which `hi vault unlock` starts. */
import { Socket } from "node:net";
import { usageError } from "../errors.ts";
import { runAgent } from "./agent.ts";
import { openAgentFolder } from "./agent-folder.ts";
import { launcherFd } from "./agent-process.ts";
import type { VaultContext } from "./vault-context.ts";

/** Runs until the vault is locked. */
export async function runAgentProcess({ place, signal }: VaultContext): Promise<void> {
  // Whatever it makes is for this account alone.
  process.umask(0o077);
  const launcher = openLauncher();
  const folder = await openAgentFolder(place.folder);
  await runAgent({ platform: await place.openPlatform(), folder, launcher, signal });
}

function openLauncher(): Socket {
  try {
    return new Socket({ fd: launcherFd, readable: true, writable: true });
  } catch (cause) {
    throw usageError("The agent is started by `npx hi vault unlock`.", String(cause));
  }
}
