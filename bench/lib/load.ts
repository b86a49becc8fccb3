/** Load from a process of its own, so that the harness and the load don't share a heap. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadReport, LoadRequest } from "./load-generator.ts";

export interface LoadGenerator {
  /** Sends requests over all connections for some seconds. @throws unless every answer is 200. */
  run(load: LoadRequest): Promise<LoadReport>;
}

/** Connections that are kept busy, each with one request at a time. */
export const connectionCount = 32;

const generatorFile = fileURLToPath(new URL("load-generator.ts", import.meta.url));

/** Starts a generator for `use` and ends it afterwards. */
export async function withLoadGenerator<T>(use: (load: LoadGenerator) => Promise<T>): Promise<T> {
  const child = fork(generatorFile, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit").then(() => {
    throw new Error("the load generator ended");
  });
  ended.catch(() => undefined);
  try {
    return await use({
      async run(load) {
        child.send(load);
        const [report] = (await Promise.race([once(child, "message"), ended])) as [LoadReport];
        if (report.failure !== null) throw new Error(`under load: ${report.failure}`);
        return report;
      },
    });
  } finally {
    child.kill();
  }
}
