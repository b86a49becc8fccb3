/** How many personas there are, of a million: what D1 reads for it, and how long an answer takes. */
import { request } from "undici";
import {
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { fillProfiles } from "../lib/fill.ts";
import { createToken, takeUsage } from "../lib/product.ts";
import { productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { percentile } from "../lib/statistics.ts";

const defaultRows = 1_000_000;
const defaultRuns = 5;
const requestsPerRun = 200;
const workers = {
  product: productEntry,
  metered: new URL("../workers/metered.ts", import.meta.url),
};

export const countBenchmark: Benchmark = {
  title: "the number of personas, at a million of them",
  floorTitle: "",
  run: (options) => withStateDir((stateDir) => measureCount(stateDir, options)),
};

async function measureCount(stateDir: string, options: BenchmarkOptions) {
  const rows = options.rows ?? defaultRows;
  await fillProfiles(stateDir, rows);
  options.progress(`${rows} personas are stored`);
  return withWorkers({ stateDir, workers }, async (server) => {
    const token = await createToken(server.urlOf("product"), server.operatorSecret);
    const ask = async (origin: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await request(`${origin}/api/profiles/count`, { headers });
      const { total } = (await answer.body.json()) as { total: number };
      if (total !== rows) throw new Error(`${total} personas were counted, not ${rows}`);
    };
    const metered = server.urlOf("metered");
    // The first request looks the token up.
    await ask(metered);
    await takeUsage(metered);
    const runs: Run[] = [];
    const latenciesMs: number[] = [];
    for (let run = 1; run <= (options.runs ?? defaultRuns); run += 1) {
      await ask(metered);
      runs.push({ value: (await takeUsage(metered)).rowsRead, floor: null });
      for (let count = 0; count < requestsPerRun; count += 1) {
        const startMs = performance.now();
        await ask(server.urlOf("product"));
        latenciesMs.push(performance.now() - startMs);
      }
    }
    return {
      unit: "rows read",
      runs,
      checks: ({ value }: { value: number }) => [atMost("rows read", value, 1)],
      details: {
        rows,
        p50Ms: round(percentile(latenciesMs, 50)),
        p99Ms: round(percentile(latenciesMs, 99)),
      },
    };
  });
}
