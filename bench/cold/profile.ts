/** What the start of the Worker is made of: its larger parts, each in a Worker of its own. */
import { transform } from "esbuild";
import { bundleWorker } from "../../apps/edge/local/server.ts";
import type { BenchmarkOptions } from "../lib/benchmark.ts";
import { productEntry } from "../lib/server.ts";
import { sampleStarts, withStarter } from "./start.ts";

const defaultRuns = 40;
const warmUpStarts = 5;
export const emptyEntry = new URL("../workers/hello.ts", import.meta.url);

const entriesByTitle = {
  "an empty Worker": emptyEntry,
  "Hono and one route": new URL("../workers/parts/hono.ts", import.meta.url),
  "node:crypto and one digest": new URL("../workers/parts/node-crypto.ts", import.meta.url),
  "the API's declarations and TypeBox": new URL("../workers/parts/contract.ts", import.meta.url),
  "the product": productEntry,
};
type Title = keyof typeof entriesByTitle;
const titles = Object.keys(entriesByTitle) as Title[];

/** The table: size, milliseconds of a start, and what of them is beyond an empty Worker's. */
export async function profileCold({ runs = defaultRuns }: BenchmarkOptions): Promise<string> {
  const scripts: Record<string, string> = {};
  for (const title of titles) {
    scripts[title] = await minify(await bundleWorker(entriesByTitle[title]));
  }
  let table = `${"start of".padEnd(40)}${"KB".padStart(8)}${"ms".padStart(8)}${"beyond empty".padStart(14)}`;
  await withStarter(scripts, async (start) => {
    await sampleStarts(start, titles, warmUpStarts);
    const starts = await sampleStarts(start, titles, runs);
    for (const title of titles) {
      const beyond = starts[title] - starts["an empty Worker"];
      const kilobytes = (scripts[title] ?? "").length / 1000;
      table += `\n${title.padEnd(40)}${kilobytes.toFixed(0).padStart(8)}`;
      table += `${starts[title].toFixed(1).padStart(8)}${beyond.toFixed(1).padStart(14)}`;
    }
  });
  return table;
}

/** The script as a deployment with `--minify` sends it. */
export async function minify(script: string): Promise<string> {
  return (await transform(script, { minify: true, format: "esm" })).code;
}
