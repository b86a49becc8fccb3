/** What a benchmark is, and what it reports. */
import { median } from "./statistics.ts";

export interface BenchmarkOptions {
  /** Records to work on; the benchmark's own size by default. */
  readonly rows: number | undefined;
  /** Rounds, each of which measures floor and subject one after the other. */
  readonly runs: number | undefined;
  /** Length of one sample of load. */
  readonly seconds: number | undefined;
  /** Says what is going on, to people alone. */
  readonly progress: (text: string) => void;
}

export interface Benchmark {
  /** What is measured, in a few words. */
  readonly title: string;
  /** What {@link Result.floor} is. */
  readonly floorTitle: string;
  readonly run: (options: BenchmarkOptions) => Promise<Measured>;
  /** A table of where the time goes. */
  readonly profile?: (options: BenchmarkOptions) => Promise<string>;
}

/** One round. */
export interface Run {
  readonly value: number;
  readonly floor: number | null;
}

/** One figure against its target. */
export interface Check {
  readonly what: string;
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}

/** What a benchmark found out. */
export interface Measured {
  readonly unit: string;
  readonly runs: readonly Run[];
  /** The figures that have targets, given the medians of the runs. */
  readonly checks: (medians: Medians) => readonly Check[];
  /** Figures without a target. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Medians {
  readonly value: number;
  readonly floor: number | null;
  /** Of the runs' own ratios, as both sides of a run met the same state of the machine. */
  readonly ratio: number | null;
}

/** What `--json` prints. */
export interface Result extends Medians {
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly (Run & { readonly ratio: number | null })[];
  readonly target: string;
  readonly met: boolean;
  readonly checks: readonly Check[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** Sums up what a benchmark measured. */
export function toResult(name: string, measured: Measured): Result {
  const { unit, runs, details } = measured;
  const medians = mediansOf(runs);
  const checks = measured.checks(medians);
  return {
    name,
    value: round(medians.value),
    unit,
    floor: medians.floor === null ? null : round(medians.floor),
    ratio: medians.ratio === null ? null : round(medians.ratio),
    runs: runs.map(({ value, floor }) => ({
      value: round(value),
      floor: floor === null ? null : round(floor),
      ratio: floor === null ? null : round(value / floor),
    })),
    target: checks.map(({ what, target }) => `${what} ${target}`).join(", "),
    met: checks.every(({ met }) => met),
    checks: checks.map((check) => ({ ...check, value: round(check.value) })),
    details,
  };
}

export function mediansOf(runs: readonly Run[]): Medians {
  const value = median(runs.map((run) => run.value));
  const floors = runs.flatMap(({ floor }) => floor ?? []);
  const ratios = runs.flatMap((run) => (run.floor === null ? [] : [run.value / run.floor]));
  return {
    value,
    floor: floors.length > 0 ? median(floors) : null,
    ratio: ratios.length > 0 ? median(ratios) : null,
  };
}

export function atLeast(what: string, value: number, bound: number, unit = ""): Check {
  return { what, value, target: `≥ ${bound}${unit}`, met: value >= bound };
}

export function atMost(what: string, value: number, bound: number, unit = ""): Check {
  return { what, value, target: `≤ ${bound}${unit}`, met: value <= bound };
}

/** Three decimals below a hundred, whole numbers above a thousand: more is noise. */
export function round(value: number): number {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 3;
  return Number(value.toFixed(digits));
}
