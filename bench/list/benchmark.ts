/**
 * A page of a hundred personas at the start, in the middle and at the end of a million, through the
 * product with a token, against a Worker that does nothing but ask D1 for the same page.
 */
import { listProfiles } from "@hi-stranger/core/contract/profiles";
import { request } from "undici";
import { encodeCursor } from "../../apps/edge/src/http/cursor.ts";
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  type Run,
} from "../lib/benchmark.ts";
import { fillProfiles } from "../lib/fill.ts";
import { type LoadGenerator, withLoadGenerator } from "../lib/load.ts";
import { createToken, takeUsage } from "../lib/product.ts";
import { type BenchServer, productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { measureVersus } from "../lib/versus.ts";

const defaultRows = 1_000_000;
const limit = 100;
/** Pages of one depth that are asked for by turns. */
const pagesPerDepth = 50;
const workers = {
  product: productEntry,
  lean: new URL("../workers/lean-list.ts", import.meta.url),
  metered: new URL("../workers/metered.ts", import.meta.url),
};

export const listBenchmark: Benchmark = {
  title: "a page of 100 at any depth of a million personas, 32 connections",
  floorTitle: "a lean Worker on the same D1",
  run: (options) => withStateDir((stateDir) => measureList(stateDir, options)),
};

async function measureList(stateDir: string, options: BenchmarkOptions) {
  const rows = options.rows ?? defaultRows;
  const ids = await fillProfiles(stateDir, rows);
  options.progress(`${rows} personas are stored`);
  const depths = {
    start: idsAround(ids, 0),
    middle: idsAround(ids, ids.length / 2),
    end: idsAround(ids, ids.length - (pagesPerDepth + 1) * limit),
  };
  return withWorkers({ stateDir, workers }, async (server) => {
    const token = await createToken(server.urlOf("product"), server.operatorSecret);
    const rowsRead: Record<string, number> = {};
    const figures: Record<string, unknown> = {};
    const runs: Run[] = [];
    await withLoadGenerator(async (load) => {
      for (const [depth, after] of Object.entries(depths)) {
        rowsRead[depth] = await readRows(server, token, after[0] ?? "");
        options.progress(`at the ${depth}`);
        const versus = await measureDepth(load, server, token, after, options);
        runs.push(...versus.runs);
        figures[depth] = versus.byTarget;
      }
    });
    return {
      unit: "req/s",
      runs,
      checks: ({ ratio }: { ratio: number | null }) => [
        atLeast("ratio", ratio ?? 0, 0.85),
        atMost("rows read a page", Math.max(...Object.values(rowsRead)), limit + 1),
      ],
      details: { rows, rowsRead, ...figures },
    };
  });
}

/** Ids after which pages start: one a page, from `index` on. */
function idsAround(ids: readonly string[], index: number): string[] {
  const start = Math.max(0, Math.floor(index));
  return Array.from({ length: pagesPerDepth }, (_, page) => ids[start + page * limit] ?? "").filter(
    (id) => id !== "",
  );
}

function pathAfter(id: string): string {
  const cursor = encodeCursor(listProfiles.id, {}, id);
  return `/api/profiles?limit=${limit}&cursor=${encodeURIComponent(cursor)}`;
}

function measureDepth(
  load: LoadGenerator,
  server: BenchServer,
  token: string,
  after: readonly string[],
  options: BenchmarkOptions,
) {
  const targets = {
    floor: { origin: server.urlOf("lean"), paths: after.map((id) => `/?after=${id}`) },
    subject: {
      origin: server.urlOf("product"),
      paths: after.map(pathAfter),
      headers: { Authorization: `Bearer ${token}` },
    },
  };
  return measureVersus(load, server.workerdPid, targets, options);
}

/** The rows that D1 reads for the page after `id`, by its own count. */
async function readRows(server: BenchServer, token: string, id: string): Promise<number> {
  const origin = server.urlOf("metered");
  const ask = async () => {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await request(`${origin}${pathAfter(id)}`, { headers });
    const page = (await answer.body.json()) as { items: unknown[] };
    if (page.items.length !== limit) throw new Error(`a page holds ${page.items.length} personas`);
  };
  // The first request looks the token up.
  await ask();
  await takeUsage(origin);
  await ask();
  return (await takeUsage(origin)).rowsRead;
}
