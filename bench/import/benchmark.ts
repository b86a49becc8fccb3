/**
 * A bulk import over HTTP until its report, against the least that storing the rows can take.
 *
 * Every round starts on new database files. Some records are imported beforehand, so that both
 * sides run compiled code, and the measured ones follow them in the order of ids, as they do in
 * production. Then the same bodies are sent again, unchanged.
 */
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  mediansOf,
  round,
  type Run,
} from "../lib/benchmark.ts";
import type { Timing } from "../lib/process-usage.ts";
import { createToken, takeUsage } from "../lib/product.ts";
import type { RecordKind } from "../lib/records.ts";
import { withStateDir, withWorkers } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";
import { type Bodies, makeBodies, sendAll } from "./bodies.ts";
import { profileImport } from "./profile.ts";
import { type Sample, sampleFloor, sampleProduct } from "./samples.ts";

const defaultRows = 100_000;
const defaultRuns = 5;
const meteredEntry = new URL("../workers/metered.ts", import.meta.url);

export const importBenchmark: Benchmark = {
  title: "bulk import over HTTP: checked, stored in D1, report and audit entry",
  floorTitle: "node:sqlite, parse and prepared upsert in one transaction",
  run: measureImport,
  profile: profileImport,
};

async function measureImport(options: BenchmarkOptions) {
  const rows = options.rows ?? defaultRows;
  const full = await measureKind("full", rows, options);
  const minimal = await measureKind("minimal", rows, options);
  const statements = await countStatements(full.bodies);
  const byteCount = byteCountOf(full.bodies);
  const growths = full.subjects.flatMap(({ insert }) => insert.usage?.growthBytes ?? []);
  return {
    unit: "rows/s",
    runs: full.runs,
    checks: ({ ratio }: { ratio: number | null }) => [
      atLeast("ratio", ratio ?? 0, 0.65),
      atMost("D1 statements per 64 MB", (statements * 64e6) / byteCount, 45),
      ...(growths.length > 0 ? [atMost("memory growth", median(growths) / 1e6, 64, " MB")] : []),
    ],
    details: {
      rows,
      statementsPer100kRows: (statements * 100_000) / rows,
      ...summary(full),
      minimalRecords: summary(minimal),
      memoryGrowthMegabytes: growths.map((bytes) => round(bytes / 1e6)),
    },
  };
}

function byteCountOf({ measured }: Bodies): number {
  return measured.reduce((sum, { length }) => sum + length, 0);
}

type KindFigures = Awaited<ReturnType<typeof measureKind>>;

function summary({ bodies, runs, subjects, floors }: KindFigures) {
  const byteCount = byteCountOf(bodies);
  const { value, floor, ratio } = mediansOf(runs);
  const cpuMs = (samples: readonly Sample[]) =>
    samples.map(({ insert }) => insert.usage?.cpuMs ?? Number.NaN);
  return {
    bodies: bodies.measured.length,
    bytesPerRow: Math.round(byteCount / bodies.rows),
    value: round(value),
    floor: round(floor ?? 0),
    ratio: round(ratio ?? 0),
    megabytesPerSecond: round((value * byteCount) / bodies.rows / 1e6),
    // Less bent by whatever else the machine does than the time on the wall is.
    cpuMicrosecondsPerRow: round((median(cpuMs(subjects)) * 1000) / bodies.rows),
    floorCpuMicrosecondsPerRow: round((median(cpuMs(floors)) * 1000) / bodies.rows),
    cpuRatio: round(median(cpuMs(subjects).map((ms, run) => (cpuMs(floors)[run] ?? 0) / ms))),
    reimportUnchanged: round(medianRate(bodies, subjects)),
    reimportUnchangedFloor: round(medianRate(bodies, floors)),
  };
}

function medianRate({ rows }: Bodies, samples: readonly Sample[]): number {
  return median(samples.map(({ reimport }) => perSecond(rows, reimport)));
}

function perSecond(count: number, { wallMs }: Timing): number {
  return (count * 1000) / wallMs;
}

async function measureKind(kind: RecordKind, rows: number, options: BenchmarkOptions) {
  const runCount = options.runs ?? defaultRuns;
  const bodies = makeBodies(kind, rows);
  const floors: Sample[] = [];
  const subjects: Sample[] = [];
  const runs: Run[] = [];
  for (let run = 1; run <= runCount; run += 1) {
    const floor = await sampleFloor(bodies);
    const subject = await sampleProduct(bodies);
    floors.push(floor);
    subjects.push(subject);
    runs.push({ value: perSecond(rows, subject.insert), floor: perSecond(rows, floor.insert) });
    const rates = [subject.insert, floor.insert].map((timing) => round(perSecond(rows, timing)));
    options.progress(`${kind} records, run ${run}: ${rates[0]} rows/s, floor ${rates[1]}`);
  }
  return { bodies, runs, floors, subjects };
}

/** D1 statements that importing the measured bodies takes, each of a batch counted. */
function countStatements({ warmUp, measured }: Bodies): Promise<number> {
  return withStateDir((stateDir) =>
    withWorkers({ stateDir, workers: { metered: meteredEntry } }, async (server) => {
      const url = server.urlOf("metered");
      const token = await createToken(url, server.operatorSecret);
      await sendAll(url, token, warmUp);
      await takeUsage(url);
      await sendAll(url, token, measured);
      return (await takeUsage(url)).statements;
    }),
  );
}
