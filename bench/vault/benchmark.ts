/**
 * The device vault: how long a person waits to set it up, to open it and to be asked a question,
 * each in a new process, and how fast records come out of it. The targets are for Node; a browser's
 * figures stand beside them.
 */
import { join } from "node:path";
import { atLeast, atMost, type Benchmark, type BenchmarkOptions, round } from "../lib/benchmark.ts";
import { withStateDir } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";
import { measureColdSteps } from "./node/cold-steps.ts";
import { measureVaultInBrowser } from "./browser.ts";
import type { BrowserFigures } from "./figures.ts";
import { makeMessages, measurePlainRecords, measureVaultRecords } from "./node/records.ts";

const defaultRows = 10_000;
const defaultRuns = 7;
const maxBrowserRuns = 3;

export const vaultBenchmark: Benchmark = {
  title: "unlocking the device vault by its passphrase, in a new process",
  floorTitle: "Argon2id alone, with the same parameters, in a new process",
  run: measureVault,
};

async function measureVault(options: BenchmarkOptions) {
  const { rows: count = defaultRows, runs: runCount = defaultRuns, progress } = options;
  const cold = await measureColdSteps(runCount);
  progress(`unlocked in ${round(cold.unlockMs)} ms, set up in ${round(cold.setUpMs)} ms`);
  const rows = makeMessages(count);
  const ratios = { read: [] as number[], write: [] as number[] };
  for (let index = 0; index <= runCount; index += 1) {
    await withStateDir(async (folder) => {
      const plain = await measurePlainRecords(join(folder, "plain"), rows);
      const vault = await measureVaultRecords(join(folder, "safe"), rows);
      // The first round warms both up.
      if (index === 0) return;
      ratios.read.push(plain.readMs / vault.readMs);
      ratios.write.push(plain.writeMs / vault.writeMs);
    });
  }
  const browserRuns = Math.min(runCount, maxBrowserRuns);
  const browser = await measureVaultInBrowser({ rows: count, runs: browserRuns, progress });
  return {
    unit: "ms",
    runs: [{ value: cold.unlockMs, floor: cold.argon2Ms }],
    checks: () => [
      atMost("unlock", cold.unlockMs, 100, " ms"),
      atMost("set-up", cold.setUpMs, 1_000, " ms"),
      atMost("one question", cold.questionMs, 50, " ms"),
      atLeast("reads against plain SQLite", median(ratios.read), 0.8),
    ],
    details: {
      passes: cold.passes,
      loadMs: round(cold.loadMs),
      rows: count,
      writesAgainstPlain: round(median(ratios.write)),
      browser: summary(browser),
    },
  };
}

/** Medians of the rounds in a browser, and their ratios to the floors of the same rounds. */
function summary(rounds: readonly BrowserFigures[]): Record<string, number> {
  const of = (value: (round: BrowserFigures) => number) => round(median(rounds.map(value)));
  return {
    setUpMs: of(({ vault }) => vault.setUpMs),
    unlockColdMs: of(({ vault }) => vault.unlockColdMs),
    unlockMs: of(({ vault }) => vault.unlockMs),
    questionMs: of(({ vault }) => vault.questionMs),
    loadMs: of(({ vault }) => vault.loadMs),
    argon2ColdMs: of(({ bare }) => bare.passphraseColdMs),
    argon2Ms: of(({ bare }) => bare.passphraseMs),
    readsAgainstPlain: of(({ bare, vault }) => bare.readMs / vault.readMs),
    writesAgainstPlain: of(({ bare, vault }) => bare.writeMs / vault.writeMs),
    pageReadMs: of(({ vault }) => vault.pageReadMs),
  };
}
