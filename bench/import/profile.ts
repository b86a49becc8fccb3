import type { BenchmarkOptions } from "../lib/benchmark.ts";
export async function profileImport(_: BenchmarkOptions): Promise<string> { return ""; }
