/** The agent of a vault in the test's own process: what needs no process of its own starts sooner so. */
import { createKeyFileStore } from "@hi-stranger/vault/node/key-file";
import { createNodePlatform } from "@hi-stranger/vault/node/platform";
import { onTestFinished, vi } from "vitest";
import { callAgent } from "../../src/vault/agent-client.ts";
import { type AgentFolder, openAgentFolder } from "../../src/vault/agent-folder.ts";
import { runAgent } from "../../src/vault/agent.ts";
import { socketPair } from "./socket-pair.ts";
import { type VaultPlace, passphrase } from "./vault-place.ts";

/** Unlocks the vault for the commands that the test runs, until it is locked or the test is over. @throws {CliError} */
export async function unlockHere(
  { folder: vaultFolder, keyFolder, env }: VaultPlace,
  secret = passphrase,
): Promise<void> {
  const deviceKeys = createKeyFileStore(keyFolder, vaultFolder);
  const platform = createNodePlatform({ folder: vaultFolder, deviceKeys });
  const folder = await openFolder(vaultFolder, env);
  const [stopping, [ours, launcher]] = [new AbortController(), await socketPair()];
  const ended = runAgent({ platform, folder, launcher, signal: stopping.signal });
  onTestFinished(async () => {
    stopping.abort();
    await ended;
  });
  try {
    await callAgent(ours, {
      method: "unlock",
      params: { minutes: 30, acceptOldCopy: false, acceptNewAuth: false },
      token: null,
      parts: [new TextEncoder().encode(secret)],
      signal: stopping.signal,
    });
  } catch (error) {
    // The vault is the next one's once the agent has let it go.
    await ended;
    throw error;
  }
}

/** The folder where commands with `env` look for the agent. */
async function openFolder(vaultFolder: string, env: VaultPlace["env"]): Promise<AgentFolder> {
  for (const [name, value] of Object.entries({ XDG_RUNTIME_DIR: "", ...env })) {
    vi.stubEnv(name, value);
  }
  try {
    return await openAgentFolder(vaultFolder);
  } finally {
    vi.unstubAllEnvs();
  }
}
