/**
 * How long the Worker takes to start, against an empty one, and how large its bundle is.
 *
 * A start is what a cold request waits for in a process that runs already: a new isolate, the
 * script, and the first answer.
 */
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../apps/edge/local/server.ts";
import {
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { productEntry } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";
import { emptyEntry, minify, profileCold } from "./profile.ts";
import { sampleStarts, withStarter } from "./start.ts";

const defaultRuns = 5;
const startsPerRun = 30;
const warmUpStarts = 5;
const maxGzipKilobytes = 200;

export const coldBenchmark: Benchmark = {
  title: "start of the Worker until its first answer, and size of its bundle",
  floorTitle: "an empty Worker",
  run: measureCold,
  profile: profileCold,
};

async function measureCold(options: BenchmarkOptions) {
  const bundle = await bundleWorker(productEntry);
  const product = await minify(bundle);
  const scripts = { product, empty: await bundleWorker(emptyEntry), unminified: bundle };
  const runs: Run[] = [];
  const unminified: number[] = [];
  await withStarter(scripts, async (start) => {
    for (let run = 0; run <= (options.runs ?? defaultRuns); run += 1) {
      const isWarmUp = run === 0;
      const names = ["product", "empty", "unminified"] as const;
      const starts = await sampleStarts(start, names, isWarmUp ? warmUpStarts : startsPerRun);
      if (isWarmUp) continue;
      runs.push({ value: starts.product, floor: starts.empty });
      unminified.push(starts.unminified);
      options.progress(`run ${run}: ${round(starts.product)} ms, empty ${round(starts.empty)} ms`);
    }
  });
  const gzipKilobytes = gzipSync(product, { level: 9 }).length / 1000;
  return {
    unit: "ms",
    runs,
    checks: ({ ratio }: { ratio: number | null }) => [
      atMost("ratio", ratio ?? 0, 2),
      atMost("bundle", gzipKilobytes, maxGzipKilobytes, " KB gzip"),
    ],
    details: {
      bundleKilobytes: round(product.length / 1000),
      unminifiedKilobytes: round(bundle.length / 1000),
      unminifiedMs: round(median(unminified)),
    },
  };
}
