/** Runs scenarios in a worker of their own, where the adapters live, and answers what they returned. */
import type { Scenarios } from "./scenario-worker.ts";

export type ScenarioName = keyof Scenarios;
type Input<Name extends ScenarioName> = Parameters<Scenarios[Name]>;
type Output<Name extends ScenarioName> = Awaited<ReturnType<Scenarios[Name]>>;

/** A scenario, as it is sent to the worker. */
export interface ScenarioCall {
  readonly name: ScenarioName;
  readonly input: readonly unknown[];
}
export type ScenarioAnswer = { readonly value: unknown } | { readonly error: string };

export interface ScenarioWorker extends Disposable {
  run<Name extends ScenarioName>(name: Name, ...input: Input<Name>): Promise<Output<Name>>;
}

/** A worker that lives until it is disposed of: as abruptly as a closed tab's. */
export function startWorker(): ScenarioWorker {
  const worker = new Worker(new URL("./scenario-worker.ts", import.meta.url), { type: "module" });
  return {
    run: (name, ...input) =>
      new Promise((resolve, reject) => {
        worker.addEventListener(
          "message",
          ({ data }: MessageEvent<ScenarioAnswer>) => {
            if ("error" in data) reject(new Error(data.error));
            // The worker answers what the scenario of this name returned.
            else resolve(data.value as Output<typeof name>);
          },
          { once: true },
        );
        worker.addEventListener("error", ({ message }) => reject(new Error(message)), {
          once: true,
        });
        const call: ScenarioCall = { name, input };
        worker.postMessage(call);
      }),
    [Symbol.dispose]() {
      worker.terminate();
    },
  };
}

/** Runs one scenario in a new worker. */
export async function inWorker<Name extends ScenarioName>(
  name: Name,
  ...input: Input<Name>
): Promise<Output<Name>> {
  using worker = startWorker();
  return await worker.run(name, ...input);
}
