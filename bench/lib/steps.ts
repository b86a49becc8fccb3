/** One step of the product against another, each many times a request, in one workerd. */
import { request } from "undici";
import { atMost, type BenchmarkOptions, type Measured, type Run, round } from "./benchmark.ts";
import { withStateDir, withWorkers } from "./server.ts";

const defaultRuns = 7;
const defaultSeconds = 1;
/** Runs of both by turns within a round, so that both meet the same state of the machine. */
const turnsPerRun = 4;
const warmUpCount = 2_000;
const workers = { steps: new URL("../workers/crypto-steps.ts", import.meta.url) };

export interface StepComparison {
  readonly subject: string;
  readonly floor: string;
  /** Most that the subject may take, in times of the floor. */
  readonly maxRatio: number;
  /** Steps that are measured once beside the two, by what they are called in the details. */
  readonly others?: Readonly<Record<string, string>>;
}

export function compareSteps(comparison: StepComparison, options: BenchmarkOptions) {
  return withStateDir((stateDir) =>
    withWorkers({ stateDir, workers }, (server) =>
      measureSteps(server.urlOf("steps"), comparison, options),
    ),
  );
}

async function measureSteps(
  origin: string,
  { subject, floor, maxRatio, others = {} }: StepComparison,
  options: BenchmarkOptions,
): Promise<Measured> {
  const { runs: runCount = defaultRuns, seconds = defaultSeconds } = options;
  const take = (name: string, count: number) => timeStep(`${origin}/${name}?count=${count}`);
  await take(subject, warmUpCount);
  await take(floor, warmUpCount);
  const microseconds = ((await take(floor, warmUpCount)) * 1000) / warmUpCount;
  const count = Math.max(1, Math.round((seconds * 1_000_000) / microseconds / turnsPerRun));
  const runs: Run[] = [];
  for (let run = 1; run <= runCount; run += 1) {
    let [subjectMs, floorMs] = [0, 0];
    for (let turn = 0; turn < turnsPerRun; turn += 1) {
      floorMs += await take(floor, count);
      subjectMs += await take(subject, count);
    }
    const perStep = (ms: number) => (ms * 1000) / (count * turnsPerRun);
    runs.push({ value: perStep(subjectMs), floor: perStep(floorMs) });
    options.progress(`run ${run}: ${round(perStep(subjectMs))} µs, ${round(perStep(floorMs))} µs`);
  }
  const beside: Record<string, number> = {};
  for (const [title, name] of Object.entries(others)) {
    beside[title] = round(((await take(name, count)) * 1000) / count);
  }
  return {
    unit: "µs",
    runs,
    checks: ({ ratio }) => [atMost("ratio", ratio ?? Infinity, maxRatio)],
    details: { count: count * turnsPerRun, ...beside },
  };
}

/** In milliseconds. */
async function timeStep(url: string): Promise<number> {
  const startMs = performance.now();
  const answer = await request(url);
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
  return performance.now() - startMs;
}
