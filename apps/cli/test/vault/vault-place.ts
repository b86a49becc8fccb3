/** A place for a vault, and the real `hi vault` on it. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import "../../../../packages/vault/test/support/templates-folder.ts";
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

/** The answers to the same questions, by their numbers and texts, in another order and manner of writing. */
export const givenAnswerLines = [
  "Who taught me to whistle on a leaf?\t  aunt   PHILIPPA ",
  "What city were you born in?\tlisbon",
  "1\tbiscuit",
  "What did I ride to school in the rain?\tthe GREEN bicycle",
].join("\n");

/** A place that goes after the test, and its agent with it. */
export function vaultPlace(): VaultPlace {
  const place = placeIn(mkdtempSync(join(tmpdir(), "hi-")));
  onTestFinished(async () => {
    if (hasAgent(place)) await place.run(["lock"]);
    rmSync(place.root, { recursive: true, force: true });
  });
  return place;
}

function placeIn(root: string): VaultPlace {
  const env = {
    HI_VAULT: join(root, "vault"),
    HI_STATE_DIR: join(root, "state"),
    XDG_DATA_HOME: join(root, "data"),
  };
  const withEnv = (options: HiOptions = {}): HiOptions => ({
    ...options,
    env: { ...env, ...options.env },
  });
  return {
    root,
    folder: env.HI_VAULT,
    keyFolder: join(root, "data", "hi-stranger", "device-keys"),
    stateFolder: env.HI_STATE_DIR,
    env,
    run: async (args, options) => hi(["vault", ...args], withEnv(options)),
    start: (args, options) => startHi(["vault", ...args], withEnv(options)),
  };
}

function hasAgent({ stateFolder }: VaultPlace): boolean {
  if (!existsSync(stateFolder)) return false;
  return readdirSync(stateFolder, { recursive: true, encoding: "utf8" }).some((path) =>
    path.endsWith("session"),
  );
}

interface Template {
  readonly place: VaultPlace;
  readonly code: string;
}

let template: Promise<Template> | null = null;

/** Sets a vault up, by the real command: with a passphrase, four questions and a recovery code. */
async function makeTemplate(): Promise<Template> {
  const root = mkdtempSync(join(inject("templatesFolder"), "hi-"));
  const place = placeIn(root);
  const args = ["init", "--key-store", "file", "--json", "--passphrase-fd", "0"];
  const options = { input: passphrase, descriptors: [answerLines] };
  const { stdout } = await place.run([...args, "--answers-fd", "3"], options);
  const { recovery_code: code } = JSON.parse(stdout) as { recovery_code: string };
  return { place, code };
}

/** Puts a vault into `place`, a copy of one that was set up once; answers its recovery code. */
export async function initVault(place: VaultPlace): Promise<string> {
  template ??= makeTemplate();
  const { place: source, code } = await template;
  cpSync(source.folder, place.folder, { recursive: true });
  cpSync(source.keyFolder, place.keyFolder, { recursive: true });
  return code;
}

/** Unlocks; answers the agent's process id. */
export async function unlockVault(place: VaultPlace, input = passphrase): Promise<number> {
  const result = await place.run(["unlock", "--json", "--passphrase-fd", "0"], { input });
  if (result.code !== 0) throw new Error(result.stderr);
  const { pid } = JSON.parse(result.stdout) as { pid: number };
  return pid;
}
