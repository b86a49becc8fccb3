/** Results for people. */
import type { Benchmark, Check, Result } from "./benchmark.ts";

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** One benchmark, with its checks and details. */
export function formatResult(result: Result, { floorTitle }: Benchmark): string {
  const { name, value, unit, floor, ratio } = result;
  const floorText =
    floor === null
      ? ""
      : `, floor ${numbers.format(floor)} (${floorTitle}), ratio ${numbers.format(ratio ?? 0)}`;
  return [
    `${name}: ${numbers.format(value)} ${unit}${floorText}`,
    `  ${formatSpread(result)}`,
    ...result.checks.map((check) => `  ${formatCheck(check)}`),
    ...Object.entries(result.details).map(([key, detail]) => `  ${key}: ${JSON.stringify(detail)}`),
  ].join("\n");
}

/** All benchmarks, a line each. */
export function formatTable(results: readonly Result[]): string {
  const rows = results.map(({ name, value, unit, floor, ratio, checks }) => [
    name,
    `${numbers.format(value)} ${unit}`,
    floor === null ? "–" : numbers.format(floor),
    ratio === null ? "–" : numbers.format(ratio),
    checks.map(formatCheck).join("; "),
  ]);
  const table = [["benchmark", "value", "floor", "ratio", "targets"], ...rows];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function formatCheck({ what, value, target, met }: Check): string {
  return `${met ? "✓" : "✗"} ${what} ${numbers.format(value)} (${target})`;
}

function formatSpread({ runs }: Result): string {
  const spread = (values: readonly number[]) =>
    `${numbers.format(Math.min(...values))} to ${numbers.format(Math.max(...values))}`;
  const ratios = runs.flatMap(({ ratio }) => ratio ?? []);
  return [
    `${runs.length} runs, ${spread(runs.map(({ value }) => value))}`,
    ...(ratios.length > 0 ? [`ratio ${spread(ratios)}`] : []),
  ].join(", ");
}
