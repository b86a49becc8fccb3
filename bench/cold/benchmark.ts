/**
 * How long the Worker takes to start, against an empty one, and how large its bundle is.
 *
 * A start is what a cold request waits for in a process that runs already: a new isolate, the
 * script, and the first answer.
 */
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { request } from "undici";
import { bundleWorker } from "../../apps/edge/local/server.ts";
import {
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { compatibilityDate, productEntry } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";

const defaultRuns = 5;
const startsPerRun = 30;
const warmUpStarts = 5;
const maxGzipKilobytes = 200;
const starterEntry = new URL("../workers/starter.ts", import.meta.url);
const emptyEntry = new URL("../workers/hello.ts", import.meta.url);

export const coldBenchmark: Benchmark = {
  title: "start of the Worker until its first answer, and size of its bundle",
  floorTitle: "an empty Worker",
  run: measureCold,
};

async function measureCold(options: BenchmarkOptions) {
  const bundle = await bundleWorker(productEntry);
  const { code: product } = await transform(bundle, { minify: true, format: "esm" });
  const scripts = { product, empty: await bundleWorker(emptyEntry), unminified: bundle };
  const runs: Run[] = [];
  const unminified: number[] = [];
  await withStarter(scripts, async (start) => {
    for (let run = 0; run <= (options.runs ?? defaultRuns); run += 1) {
      const isWarmUp = run === 0;
      const starts = await sampleStarts(start, isWarmUp ? warmUpStarts : startsPerRun);
      if (isWarmUp) continue;
      runs.push({ value: median(starts.product), floor: median(starts.empty) });
      unminified.push(median(starts.unminified));
      options.progress(
        `run ${run}: ${round(median(starts.product))} ms, empty ${round(median(starts.empty))} ms`,
      );
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

type Start = (name: string) => Promise<number>;

async function sampleStarts(start: Start, count: number) {
  const samples = { product: [] as number[], empty: [] as number[], unminified: [] as number[] };
  for (let index = 0; index < count; index += 1) {
    samples.product.push(await start("product"));
    samples.empty.push(await start("empty"));
    samples.unminified.push(await start("unminified"));
  }
  return samples;
}

/** Gives `use` a function that starts one of `scripts` in a new isolate and tells the milliseconds. */
async function withStarter(
  scripts: Readonly<Record<string, string>>,
  use: (start: Start) => Promise<void>,
): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      workers: [
        {
          name: "starter",
          modules: true,
          script: await bundleWorker(starterEntry),
          compatibilityDate,
          workerLoaders: { LOADER: {} },
          bindings: { SCRIPTS: scripts, COMPATIBILITY_DATE: compatibilityDate },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  try {
    await miniflare.ready;
    const { origin } = await miniflare.unsafeGetDirectURL("starter");
    await use(async (name) => {
      const startMs = performance.now();
      const answer = await request(`${origin}/?worker=${name}`);
      const text = await answer.body.text();
      if (answer.statusCode !== 200)
        throw new Error(`${name} answered ${answer.statusCode}: ${text}`);
      return performance.now() - startMs;
    });
  } finally {
    await miniflare.dispose();
  }
}
