/** `hi generate`: invented personas, the same for the same seed. */
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { openLineSink } from "../files/line-sink.ts";
import { formatBytes, formatCountOf, formatDuration } from "../format.ts";
import { readInteger } from "../option-values.ts";
import { createProgressBar } from "../progress-bar.ts";

interface GenerateOptions {
  readonly count: number;
  readonly seed: number;
  readonly out: string;
  readonly gzip?: boolean;
}

/** Lines gathered for one write, in characters. */
const batchLength = 256 * 1024;
/** Seeds that a person can tell apart. */
const maxSeed = 1_000_000_000_000;

export const addGenerateCommand: AddCommand = (program, run) => {
  program
    .command("generate")
    .summary("make up personas, for demos and tests")
    .description(
      `Make up personas and print them, one JSON object a line (NDJSON). They are valid, varied, in four languages, and nobody real. The same seed gives the same personas. No store is needed.`,
    )
    .option("-n, --count <n>", "how many", readInteger(0, 100_000_000), 100)
    .option("-s, --seed <n>", "which ones", readInteger(-maxSeed, maxSeed), 1)
    .option("-o, --out <file>", "where to, - being stdout", "-")
    .option("--gzip", "pack the output (also when the file's name ends in .gz)")
    .addHelpText(
      "after",
      examples(
        ["npx hi generate --count 100000 --seed 7 --out personas.ndjson", "a file to import"],
        ["npx hi generate -n 3 | jq .profile.identity.user_name", "three names"],
      ),
    )
    .action(run(generate));
};

async function generate({ output, signal }: Context, options: GenerateOptions): Promise<void> {
  const { count, seed, out, gzip: isGzip = false } = options;
  const startMs = performance.now();
  const { generatePersonaLines } = await import("@hi-stranger/sdk/demo/personas");
  const sink = await openLineSink(out, { isGzip, output, signal });
  const bar = createProgressBar(!output.isQuiet && sink.path !== null);
  try {
    for (const { text, lines } of batch(generatePersonaLines({ count, seed }))) {
      await sink.write(Buffer.from(text));
      signal.throwIfAborted();
      bar.update({ fraction: lines / count, done: formatCountOf(lines, "persona"), count: lines });
    }
    const bytes = await sink.finish();
    bar.clear();
    if (sink.path === null) return;
    if (output.isJson) await output.json({ file: sink.path, count, seed, bytes });
    const took = formatDuration(performance.now() - startMs);
    output.note(
      `${formatCountOf(count, "persona")} in ${sink.path} (${formatBytes(bytes)}, ${took})`,
    );
  } finally {
    bar.clear();
    await sink.discard();
  }
}

/** Lines put together, with their endings, and how many there have been. */
function* batch(lines: Iterable<string>): Generator<{ text: string; lines: number }, void> {
  let text = "";
  let lineCount = 0;
  for (const line of lines) {
    text += `${line}\n`;
    lineCount += 1;
    if (text.length < batchLength) continue;
    yield { text, lines: lineCount };
    text = "";
  }
  if (text !== "") yield { text, lines: lineCount };
}
