/** A place for a vault, and the real `hi vault` on it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type HiOptions, type HiResult, type RunningHi, hi, startHi } from "../support/hi.ts";

export interface VaultPlace {
  /** Holds all of it. */
  readonly root: string;
  readonly folder: string;
  readonly keyFolder: string;
  /** Where the agent's folder is. */
  readonly stateFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `hi vault` to its end. */
  run(args: readonly string[], options?: HiOptions): Promise<HiResult>;
  start(args: readonly string[], options?: HiOptions): RunningHi;
}

export const passphrase = "Wandering-Lantern-42";
export const otherPassphrase = "Quiet-Harbour-Stone-7";

/** Questions and answers as a descriptor brings them. */
export const answerLines = [
  "1\tBiscuit",
  "2\tLisbon",
  "What did I ride to school in the rain?\tThe green bicycle",
  "Who taught me to whistle on a leaf?\tAunt Philippa",
].join("\n");

/** The answers to the same questions, by their texts, in another order and manner of writing. */
export const givenAnswerLines = [
  "Who taught me to whistle on a leaf?\t  aunt   PHILIPPA ",
  "What city were you born in?\tlisbon",
  "What was the name of your first pet?\tbiscuit",
  "What did I ride to school in the rain?\tthe GREEN bicycle",
].join("\n");

/** A place that goes after the test, and its agent with it. */
export function vaultPlace(): VaultPlace {
  const root = mkdtempSync(join(tmpdir(), "hi-"));
  const folder = join(root, "vault");
  const stateFolder = join(root, "state");
  const env = {
    HI_VAULT: folder,
    HI_STATE_DIR: stateFolder,
    XDG_DATA_HOME: join(root, "data"),
  };
  const withEnv = (options: HiOptions = {}): HiOptions => ({
    ...options,
    env: { ...env, ...options.env },
  });
  const place: VaultPlace = {
    root,
    folder,
    keyFolder: join(root, "data", "hi-stranger", "device-keys"),
    stateFolder,
    env,
    run: async (args, options) => hi(["vault", ...args], withEnv(options)),
    start: (args, options) => startHi(["vault", ...args], withEnv(options)),
  };
  onTestFinished(async () => {
    await place.run(["lock"]);
    rmSync(root, { recursive: true, force: true });
  });
  return place;
}

/** Sets a vault up with a passphrase and four questions; answers its recovery code. */
export async function initVault(place: VaultPlace): Promise<string> {
  const args = ["init", "--key-store", "file", "--json", "--passphrase-fd", "0"];
  const descriptors = [answerLines];
  const result = await place.run([...args, "--answers-fd", "3"], {
    input: passphrase,
    descriptors,
  });
  const { recovery_code: code } = JSON.parse(result.stdout) as { recovery_code: string };
  return code;
}

/** Unlocks; answers the agent's process id. */
export async function unlockVault(place: VaultPlace, input = passphrase): Promise<number> {
  const result = await place.run(["unlock", "--json", "--passphrase-fd", "0"], { input });
  if (result.code !== 0) throw new Error(result.stderr);
  const { pid } = JSON.parse(result.stdout) as { pid: number };
  return pid;
}
