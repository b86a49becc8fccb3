/**
 * A bulk import by the product against one by the usual libraries (`workers/peer/`), on the same
 * machine and data. The peer gets its records in requests of the size that suits it best.
 */
import { request } from "undici";
import { makeBodies } from "../import/bodies.ts";
import { expectCount, sampleProduct } from "../import/samples.ts";
import {
  atLeast,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { type Timing, time } from "../lib/process-usage.ts";
import { recordLines } from "../lib/records.ts";
import { median } from "../lib/statistics.ts";
import { withStateDir, withWorkers } from "../lib/server.ts";
import { peerDdl } from "../workers/peer/table.ts";

const defaultRows = 100_000;
const defaultRuns = 3;
/** Records a request, of which the peer's best is taken. */
const requestSizes = [500, 2_000, 8_000];
const warmUpShare = 0.2;
const peerEntry = new URL("../workers/peer/worker.ts", import.meta.url);

export const importPeerBenchmark: Benchmark = {
  title: "bulk import against Hono, drizzle-orm and zod-validator, batched",
  floorTitle: "the peer",
  run: measureImportPeer,
};

async function measureImportPeer(options: BenchmarkOptions) {
  const rows = options.rows ?? defaultRows;
  const bodies = makeBodies("full", rows);
  const trialRows = Math.ceil(rows / 5);
  const trials = new Map<number, number>();
  for (const size of requestSizes) {
    trials.set(size, perSecond(trialRows, await samplePeer(trialRows, size)));
    options.progress(`peer, ${size} records a request: ${round(trials.get(size) ?? 0)} rows/s`);
  }
  const [bestSize = 0] = [...trials].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const runs: Run[] = [];
  const cpuRatios: number[] = [];
  for (let run = 1; run <= (options.runs ?? defaultRuns); run += 1) {
    const peer = await samplePeer(rows, bestSize);
    const product = (await sampleProduct(bodies)).insert;
    const floor = perSecond(rows, peer);
    const value = perSecond(rows, product);
    cpuRatios.push((peer.usage?.cpuMs ?? Number.NaN) / (product.usage?.cpuMs ?? Number.NaN));
    options.progress(`run ${run}: ${round(value)} rows/s, peer ${round(floor)}`);
    runs.push({ value, floor });
  }
  return {
    unit: "rows/s",
    runs,
    checks: ({ ratio }: { ratio: number | null }) => [atLeast("ratio", ratio ?? 0, 2.5)],
    details: {
      rows,
      // Processor time of the peer over ours: less bent by other load than the time on the wall.
      cpuRatio: round(median(cpuRatios)),
      peerRecordsPerRequest: bestSize,
      peerTrials: Object.fromEntries([...trials].map(([size, value]) => [size, round(value)])),
    },
  };
}

/** Sends `rows` records to the peer, `size` a request, after warming it up. */
function samplePeer(rows: number, size: number): Promise<Timing> {
  const warmUpRows = Math.ceil(rows * warmUpShare);
  const warmUp = toArrays(recordLines("full", 0, warmUpRows), size);
  const measured = toArrays(recordLines("full", warmUpRows, warmUpRows + rows), size);
  return withStateDir((stateDir) =>
    withWorkers({ stateDir, workers: { peer: peerEntry } }, async (server) => {
      await server.db.batch(peerDdl.map((sql) => server.db.prepare(sql)));
      const url = `${server.urlOf("peer")}/profiles/import`;
      await postAll(url, warmUp);
      const timing = await time(server.workerdPid, () => postAll(url, measured));
      const stored = await server.db
        .prepare("SELECT count(*) AS count FROM peer_profiles")
        .first<number>("count");
      expectCount(stored ?? 0, rows + warmUpRows);
      return timing;
    }),
  );
}

function toArrays(lines: Iterable<string>, size: number): Buffer[] {
  const all = [...lines];
  const arrays: Buffer[] = [];
  for (let index = 0; index < all.length; index += size) {
    arrays.push(Buffer.from(`[${all.slice(index, index + size).join(",")}]`));
  }
  return arrays;
}

async function postAll(url: string, bodies: readonly Buffer[]): Promise<void> {
  for (const body of bodies) {
    const answer = await request(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200)
      throw new Error(`the peer answered ${answer.statusCode}: ${text}`);
  }
}

function perSecond(count: number, { wallMs }: Timing): number {
  return (count * 1000) / wallMs;
}
