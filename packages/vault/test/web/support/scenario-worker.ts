/** The worker's side: every scenario by its name. */
import * as argon2 from "../scenarios/argon2id.ts";
import * as databases from "../scenarios/database.ts";
import * as deviceKeys from "../scenarios/device-keys.ts";
import * as powerLoss from "../scenarios/power-loss.ts";
import * as files from "../scenarios/vault-files.ts";
import type { ScenarioAnswer, ScenarioCall } from "./in-worker.ts";

const scenarios = { ...argon2, ...databases, ...powerLoss, ...deviceKeys, ...files };

export type Scenarios = typeof scenarios;

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener("message", ({ data }: MessageEvent<ScenarioCall>) => {
  void answer(data).then((message) => self.postMessage(message));
});

async function answer({ name, input }: ScenarioCall): Promise<ScenarioAnswer> {
  try {
    // The types of a call were checked where it was made.
    const scenario = scenarios[name] as (...input: readonly unknown[]) => unknown;
    return { value: await scenario(...input) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
