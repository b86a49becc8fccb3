/** Load on two Workers by turns, round after round. */
import type { BenchmarkOptions, Run } from "./benchmark.ts";
import { round } from "./benchmark.ts";
import type { LoadReport, LoadRequest } from "./load-generator.ts";
import { type LoadGenerator, connectionCount } from "./load.ts";
import { time } from "./process-usage.ts";
import { median } from "./statistics.ts";

const defaultRuns = 5;
const defaultSeconds = 3;

export type Target = Pick<LoadRequest, "origin" | "paths" | "headers">;

/** A sample, with what workerd took of the processors: less bent by other load than the rate is. */
interface Report extends LoadReport {
  readonly cpuMicrosecondsPerRequest: number;
}

export interface Versus {
  readonly runs: readonly Run[];
  /** Medians of the samples of each target, by its name. */
  readonly byTarget: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Measures `subject` against `floor`, and `others` in the same rounds. Every target is warmed up. */
export async function measureVersus(
  load: LoadGenerator,
  workerdPid: number | null,
  targets: { readonly subject: Target; readonly floor: Target } & Readonly<Record<string, Target>>,
  options: BenchmarkOptions,
): Promise<Versus> {
  const seconds = options.seconds ?? defaultSeconds;
  const reportsByName = new Map<string, Report[]>();
  const sample = async (target: Target, sampleSeconds: number): Promise<Report> => {
    const reports: LoadReport[] = [];
    const { wallMs, usage } = await time(workerdPid, async () => {
      reports.push(
        await load.run({ ...target, connections: connectionCount, seconds: sampleSeconds }),
      );
    });
    const [report] = reports;
    if (!report) throw new Error("the load generator reported nothing");
    const requestCount = (report.requestsPerSecond * wallMs) / 1000;
    return { ...report, cpuMicrosecondsPerRequest: ((usage?.cpuMs ?? 0) * 1000) / requestCount };
  };
  for (const target of Object.values(targets)) await sample(target, Math.max(1, seconds / 2));
  for (let run = 1; run <= (options.runs ?? defaultRuns); run += 1) {
    const rates: string[] = [];
    for (const [name, target] of Object.entries(targets)) {
      const report = await sample(target, seconds);
      reportsByName.set(name, [...(reportsByName.get(name) ?? []), report]);
      rates.push(`${name} ${round(report.requestsPerSecond)}`);
    }
    options.progress(`run ${run}: req/s: ${rates.join(", ")}`);
  }
  const ratesOf = (name: string) =>
    (reportsByName.get(name) ?? []).map(({ requestsPerSecond }) => requestsPerSecond);
  const floors = ratesOf("floor");
  return {
    runs: ratesOf("subject").map((value, index) => ({ value, floor: floors[index] ?? null })),
    byTarget: Object.fromEntries(
      [...reportsByName].map(([name, reports]) => [name, summarise(reports)]),
    ),
  };
}

function summarise(reports: readonly Report[]) {
  const of = (name: Exclude<keyof Report, "failure">) =>
    round(median(reports.map((report) => report[name])));
  return {
    requestsPerSecond: of("requestsPerSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    cpuMicrosecondsPerRequest: of("cpuMicrosecondsPerRequest"),
    // Near 1, the generator of the load was the bottleneck, and not the Worker.
    generatorCpuShare: of("cpuShare"),
  };
}
