/** Steps with a vault, each in a new process. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../../lib/statistics.ts";
import { withStateDir } from "../../lib/server.ts";
import type { StepFigures, StepName } from "./steps.ts";

const script = fileURLToPath(new URL("steps.ts", import.meta.url));
const run = promisify(execFile);

/** Medians in milliseconds, the loading of modules apart. */
export interface ColdFigures {
  readonly setUpMs: number;
  readonly unlockMs: number;
  /** Of one question: a quarter of a recovery by four answers. */
  readonly questionMs: number;
  /** Bare Argon2id with the vault's parameters. */
  readonly argon2Ms: number;
  readonly loadMs: number;
  readonly passes: number;
}

/** Sets up `count` vaults, each in a new process, and opens each by passphrase and by answers. */
export async function measureColdSteps(count: number): Promise<ColdFigures> {
  const figures = new Map<StepName, StepFigures[]>();
  let passes = 1;
  const note = async (name: StepName, folder: string, ...rest: readonly string[]) => {
    const { stdout } = await run(process.execPath, [script, name, folder, ...rest]);
    figures.set(name, [...(figures.get(name) ?? []), JSON.parse(stdout) as StepFigures]);
  };
  for (let index = 0; index < count; index += 1) {
    await withStateDir(async (folder) => {
      await note("set-up", folder);
      passes = await readPasses(join(folder, "vault"));
      await note("unlock", folder);
      await note("questions", folder);
      await note("argon2", folder, String(passes));
    });
  }
  const msOf = (name: StepName) => median((figures.get(name) ?? []).map(({ ms }) => ms));
  return {
    setUpMs: msOf("set-up"),
    unlockMs: msOf("unlock"),
    questionMs: msOf("questions") / 4,
    argon2Ms: msOf("argon2"),
    loadMs: median((figures.get("unlock") ?? []).map(({ loadMs }) => loadMs)),
    passes,
  };
}

/** How many passes the vault's header asks for; the header's parameters are no secret. */
async function readPasses(folder: string): Promise<number> {
  const header = await readFile(join(folder, "header"), "latin1");
  const passes = /"passes":(\d+)/.exec(header)?.[1];
  if (passes === undefined) throw new Error("the header names no passes");
  return Number(passes);
}
