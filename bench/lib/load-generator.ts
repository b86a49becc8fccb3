/** The process that sends load: as many keep-alive connections as asked, one request each at a time. */
import { Pool } from "undici";
import { percentile } from "./statistics.ts";

export interface LoadRequest {
  readonly origin: string;
  /** What to ask for: one of these at random, each time. */
  readonly paths: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadReport {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of one processor that this process took: near 1, it was the bottleneck. */
  readonly cpuShare: number;
  /** The first answer other than 200, or null. */
  readonly failure: string | null;
}

process.on("message", (load: LoadRequest) => {
  void generate(load).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit());

async function generate({
  origin,
  paths,
  headers = {},
  connections,
  seconds,
}: LoadRequest): Promise<LoadReport> {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latenciesMs: number[] = [];
  let failure: string | null = null;
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const endMs = startMs + seconds * 1000;

  async function keepBusy(): Promise<void> {
    while (failure === null) {
      const sentMs = performance.now();
      if (sentMs >= endMs) return;
      const path = paths[Math.floor(Math.random() * paths.length)] ?? "/";
      const { statusCode, body } = await pool.request({ path, method: "GET", headers });
      if (statusCode !== 200) {
        failure = `${path} answered ${statusCode}: ${(await body.text()).slice(0, 300)}`;
        return;
      }
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
      latenciesMs.push(performance.now() - sentMs);
    }
  }

  try {
    await Promise.all(Array.from({ length: connections }, keepBusy));
  } catch (error) {
    failure = String(error);
  }
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(startCpu);
  await pool.destroy();
  if (latenciesMs.length === 0) failure ??= "no answer came";
  return {
    requestsPerSecond: (latenciesMs.length * 1000) / elapsedMs,
    p50Ms: failure === null ? percentile(latenciesMs, 50) : 0,
    p99Ms: failure === null ? percentile(latenciesMs, 99) : 0,
    cpuShare: (user + system) / 1000 / elapsedMs,
    failure,
  };
}
