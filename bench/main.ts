/** `npm run bench`: one benchmark, or all of them. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Benchmark, Result } from "./lib/benchmark.ts";
import { toResult } from "./lib/benchmark.ts";
import { formatResult, formatTable } from "./lib/report.ts";

const loadersByName: Readonly<Record<string, () => Promise<Benchmark>>> = {
  import: async () => (await import("./import/benchmark.ts")).importBenchmark,
  "import-peer": async () => (await import("./import-peer/benchmark.ts")).importPeerBenchmark,
  item: async () => (await import("./item/benchmark.ts")).itemBenchmark,
  list: async () => (await import("./list/benchmark.ts")).listBenchmark,
  count: async () => (await import("./count/benchmark.ts")).countBenchmark,
  auth: async () => (await import("./auth/benchmark.ts")).authBenchmark,
  field: async () => (await import("./field/benchmark.ts")).fieldBenchmark,
  cold: async () => (await import("./cold/benchmark.ts")).coldBenchmark,
  web: async () => (await import("./web/benchmark.ts")).webBenchmark,
  "link-timing": async () => (await import("./link-timing/benchmark.ts")).linkTimingBenchmark,
  vault: async () => (await import("./vault/benchmark.ts")).vaultBenchmark,
};
const names = Object.keys(loadersByName);

const usage = `Usage: npm run bench [-- NAME] [options]

Measures one benchmark, or all of them one after the other, each against a floor that is measured
in the same run. Names: ${names.join(", ")}.

  --json        one JSON object on standard output (all: one a line)
  --rows N      fewer or more records than the benchmark's own number, to try it out
  --runs N      rounds; figures are their medians, ratios the median of the rounds' own
  --seconds N   length of one sample, where load is measured
  --profile     where the time goes, as a table (import, cold)
  --help        this text

Nothing else should run on the machine meanwhile. Databases are made in the system's temporary
folder and removed again; local D1 syncs to disk at every call, so TMPDIR=/dev/shm shows what is
left without the disk. Exit code: 0, or 1 when a benchmark failed. A missed target is a result,
not a failure.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      rows: { type: "string" },
      runs: { type: "string" },
      seconds: { type: "string" },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const [name, ...others] = positionals;
  if (others.length > 0) throw new TypeError("One name at a time, or none for all.");
  if (name === undefined) return runAll(values.json);
  const load = loadersByName[name];
  if (!load) throw new TypeError(`There is no benchmark ${name}; there are ${names.join(", ")}.`);
  const benchmark = await load();
  const options = {
    rows: toCount("rows", values.rows),
    runs: toCount("runs", values.runs),
    seconds: toCount("seconds", values.seconds),
    progress: (text: string) => console.error(`  ${text}`),
  };
  console.error(`${name}: ${benchmark.title}`);
  if (values.profile) {
    if (!benchmark.profile) throw new TypeError(`${name} has no profile.`);
    return console.log(await benchmark.profile(options));
  }
  const result = toResult(name, await benchmark.run(options));
  console.log(values.json ? JSON.stringify(result) : formatResult(result, benchmark));
}

/** Every benchmark in a process of its own, so that none inherits another's heap. */
async function runAll(isJson: boolean): Promise<void> {
  const results: Result[] = [];
  for (const name of names) {
    try {
      const text = await runChild(name);
      if (isJson) console.log(text.trim());
      results.push(JSON.parse(text) as Result);
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    }
  }
  if (!isJson) console.log(formatTable(results));
}

function runChild(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name, "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`${name} ended with code ${code}`));
    });
  });
}

function toCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new TypeError(`--${name} takes a whole number from 1 on, not ${text}`);
  }
  return count;
}

// Leaves in the ordinary way, so that databases are removed and workerd is ended.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  await main();
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error);
  process.exit(1);
}
