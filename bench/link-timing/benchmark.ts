/**
 * Whether the time of an answer tells a stranger that an address has an account: asking for a link
 * to sign in, for addresses with an account and for others, one request at a time in random order.
 *
 * A difference is looked for as "dudect" does it (Reparaz, Balasch, Verbauwhede: "Dude, is my code
 * constant time?", DATE 2017): Welch's t-test of the two classes, without the slowest tenth of all
 * answers, where |t| > 4.5 tells them apart. Each time counts from the median of its short round,
 * which takes out what the machine does meanwhile. A third class shows that the method would notice:
 * the same requests as the second, with 100 µs more inside of what is measured.
 * When it goes unnoticed, the machine was too busy, and the run says nothing.
 *
 * Every address was asked for a link before, so that the classes differ in the account alone.
 */
import { randomBytes, randomInt } from "node:crypto";
import { Client } from "undici";
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { signUp } from "../lib/product.ts";
import { productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { cropTogether, median, welchT } from "../lib/statistics.ts";

const defaultRuns = 500;
/** Of each class. So few that the machine's pace hardly changes within a round. */
const requestsPerRun = 20;
const runsPerReport = 100;
const addressCount = 50;
const warmUpsPerAddress = 4;
const paddingMs = 0.1;
const croppedAtPercent = 90;
/** Of dudect: chance alone gives a larger |t| once in 150,000 times. */
const maxT = 4.5;
const workers = { product: productEntry };

const classes = ["known", "unknown", "padded"] as const;
type TimingClass = (typeof classes)[number];
type Samples = Readonly<Record<TimingClass, number[]>>;

export const linkTimingBenchmark: Benchmark = {
  title: "asking for a sign-in link, for addresses with an account",
  floorTitle: "for addresses without one",
  run: (options) => withStateDir((stateDir) => measureLinks(stateDir, options)),
};

function measureLinks(stateDir: string, options: BenchmarkOptions) {
  return withWorkers({ stateDir, workers }, async (server) => {
    const origin = server.urlOf("product");
    const known = inventAddresses();
    const unknown = inventAddresses();
    for (const email of known) await signUp(origin, email);
    options.progress(`${known.length} accounts are there`);
    const client = new Client(origin, { pipelining: 1 });
    try {
      const ask = (email: string, extraMs = 0) => timeRequest(client, origin, email, extraMs);
      for (let count = 0; count < warmUpsPerAddress; count += 1) {
        for (const email of [...known, ...unknown]) await ask(email);
      }
      const addresses = { known, unknown, padded: unknown };
      return sumUp(await sampleRounds(addresses, ask, options));
    } finally {
      await client.close();
    }
  });
}

async function sampleRounds(
  addresses: Readonly<Record<TimingClass, readonly string[]>>,
  ask: (email: string, extraMs: number) => Promise<number>,
  { runs = defaultRuns, progress }: BenchmarkOptions,
): Promise<Samples[]> {
  const rounds: Samples[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const samples: Samples = { known: [], unknown: [], padded: [] };
    for (const [index, name] of inRandomOrder(requestsPerRun).entries()) {
      const email = addresses[name][(run + index) % addressCount] ?? "";
      samples[name].push(await ask(email, name === "padded" ? paddingMs : 0));
    }
    rounds.push(samples);
    if (run % runsPerReport === 0) progress(`run ${run} of ${runs}`);
  }
  return rounds;
}

function sumUp(rounds: readonly Samples[]) {
  const all = (name: TimingClass) => rounds.flatMap((samples) => samples[name]);
  const relative = rounds.map(relativeToMedian);
  const relativeOf = (name: TimingClass) => relative.flatMap((samples) => samples[name]);
  const tBetween = (a: TimingClass, b: TimingClass) =>
    Math.abs(welchT(...cropTogether(relativeOf(a), relativeOf(b), croppedAtPercent)));
  const medianOf = (name: TimingClass) => toMicroseconds(median(all(name)));
  const runs: Run[] = rounds.map(({ known, unknown }) => ({
    value: toMicroseconds(median(known)),
    floor: toMicroseconds(median(unknown)),
  }));
  return {
    unit: "µs",
    runs,
    checks: () => [
      atMost("|t|", tBetween("known", "unknown"), maxT),
      atLeast(`|t| of ${toMicroseconds(paddingMs)} µs more`, tBetween("padded", "unknown"), maxT),
    ],
    details: {
      requestsPerClass: all("known").length,
      addressesPerClass: addressCount,
      medianDifferenceMicroseconds: round(medianOf("known") - medianOf("unknown")),
      paddedMedianDifferenceMicroseconds: round(medianOf("padded") - medianOf("unknown")),
    },
  };
}

/** How much longer than the median of all in the round each answer took. */
function relativeToMedian({ known, unknown, padded }: Samples): Samples {
  const middle = median([...known, ...unknown, ...padded]);
  const relative = (values: readonly number[]) => values.map((value) => value - middle);
  return { known: relative(known), unknown: relative(unknown), padded: relative(padded) };
}

/** From the request to the end of its answer, in milliseconds, with `extraMs` of being busy in between. */
async function timeRequest(
  client: Client,
  origin: string,
  email: string,
  extraMs: number,
): Promise<number> {
  const body = JSON.stringify({ email });
  const headers = { "Content-Type": "application/json", Origin: origin };
  const startMs = performance.now();
  const path = "/api/auth/magic-link";
  const answer = await client.request({ path, method: "POST", headers, body });
  const text = await answer.body.text();
  const untilMs = performance.now() + extraMs;
  while (performance.now() < untilMs);
  const elapsedMs = performance.now() - startMs;
  if (answer.statusCode !== 202) throw new Error(`a link: ${answer.statusCode} ${text}`);
  return elapsedMs;
}

/** Addresses of the same length, and of nobody. */
function inventAddresses(): string[] {
  return Array.from(
    { length: addressCount },
    () => `${randomBytes(8).toString("hex")}@example.org`,
  );
}

/** Each class `count` times. */
function inRandomOrder(count: number): TimingClass[] {
  const order = classes.flatMap((name) => Array.from({ length: count }, () => name));
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [order[last], order[other]] = [order[other] ?? "known", order[last] ?? "known"];
  }
  return order;
}

function toMicroseconds(ms: number): number {
  return ms * 1000;
}
