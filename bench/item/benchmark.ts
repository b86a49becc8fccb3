/**
 * One persona by its id, through the product with a token, against a Worker that does nothing but
 * ask D1. Both are in one workerd and read the same database.
 */
import { request } from "undici";
import { atLeast, type Benchmark, type BenchmarkOptions } from "../lib/benchmark.ts";
import { fillProfiles } from "../lib/fill.ts";
import { withLoadGenerator } from "../lib/load.ts";
import { createToken } from "../lib/product.ts";
import { productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { type Target, measureVersus } from "../lib/versus.ts";

const defaultRows = 100_000;
/** So few that the cache holds all of them after the warm-up. */
const hotIdCount = 200;
const workers = {
  product: productEntry,
  lean: new URL("../workers/lean-item.ts", import.meta.url),
  hello: new URL("../workers/hello.ts", import.meta.url),
};

export const itemBenchmark: Benchmark = {
  title: "one persona by id, random ids of the whole set, 32 connections",
  floorTitle: "a lean Worker on the same D1",
  run: (options) => withStateDir((stateDir) => measureItem(stateDir, options)),
};

async function measureItem(stateDir: string, options: BenchmarkOptions) {
  const rows = options.rows ?? defaultRows;
  const ids = await fillProfiles(stateDir, rows);
  options.progress(`${rows} personas are stored`);
  const { runs, byTarget } = await withWorkers({ stateDir, workers }, async (server) => {
    const token = await createToken(server.urlOf("product"), server.operatorSecret);
    const headers = { Authorization: `Bearer ${token}` };
    const paths = ids.map((id) => `/api/profiles/item?id=${id}`);
    const targets = {
      floor: { origin: server.urlOf("lean"), paths: ids.map((id) => `/?id=${id}`) },
      subject: { origin: server.urlOf("product"), paths, headers },
      cacheHit: { origin: server.urlOf("product"), paths: paths.slice(0, hotIdCount), headers },
      noCache: {
        origin: server.urlOf("product"),
        paths,
        headers: { ...headers, "Cache-Control": "no-cache" },
      },
      hello: { origin: server.urlOf("hello"), paths: ["/"] },
    };
    await expectSameAnswer(targets.subject, targets.floor);
    return withLoadGenerator((load) => measureVersus(load, server.workerdPid, targets, options));
  });
  return {
    unit: "req/s",
    runs,
    checks: ({ ratio }: { ratio: number | null }) => [atLeast("ratio", ratio ?? 0, 0.85)],
    details: { rows, ...byTarget },
  };
}

/** @throws unless the first path of both gives the same body. */
async function expectSameAnswer(a: Target, b: Target): Promise<void> {
  const [bodyOfA, bodyOfB] = await Promise.all([a, b].map(readFirst));
  if (bodyOfA !== bodyOfB) throw new Error("the product and the lean Worker answer differently");
}

async function readFirst({ origin, paths, headers = {} }: Target): Promise<string> {
  const answer = await request(`${origin}${paths[0]}`, { headers });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`${paths[0]} answered ${answer.statusCode}: ${text}`);
  return text;
}
