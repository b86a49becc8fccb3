/** `hi export`: every persona as NDJSON, in the order of their ids. */
import type { Client } from "@hi-stranger/sdk/client";
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { type LineSink, openLineSink } from "../files/line-sink.ts";
import { formatBytes, formatCount, formatCountOf, formatDuration, formatRate } from "../format.ts";
import { type ProgressBar, createProgressBar } from "../progress-bar.ts";

interface ExportOptions {
  readonly out: string;
  readonly gzip?: boolean;
}

export const addExportCommand: AddCommand = (program, run) => {
  program
    .command("export")
    .summary("print or save every persona")
    .description(
      `Print every persona, one JSON object a line (NDJSON) in the order of their ids, or save them to a file. The file appears when it is whole; an export that is cut off leaves what was there before. Importing it into an empty store and exporting that gives the same bytes.`,
    )
    .option("-o, --out <file>", "where to, - being stdout", "-")
    .option("--gzip", "pack the output (also when the file's name ends in .gz)")
    .addHelpText(
      "after",
      examples(
        ["npx hi export --out personas.ndjson", "save everything"],
        ["npx hi export --out backup.ndjson.gz", "save it packed"],
        ["npx hi export | head -n 3", "look at the first ones"],
      ),
    )
    .action(run(exportPersonas));
};

const newline = 0x0a;

async function exportPersonas(context: Context, options: ExportOptions): Promise<void> {
  const { output, signal } = context;
  const startMs = performance.now();
  const client = await context.openClient();
  const totalBefore = await client.countProfiles({ signal });
  const stream = await client.exportProfiles({ signal });
  const sink = await openLineSink(options.out, { isGzip: options.gzip ?? false, output, signal });
  const bar = createProgressBar(!output.isQuiet && sink.path !== null);
  try {
    const count = await copyLines(stream, sink, bar, totalBefore);
    await checkCount(client, count, totalBefore, signal);
    const bytes = await sink.finish();
    bar.clear();
    if (sink.path === null) return;
    const tookMs = performance.now() - startMs;
    if (output.isJson) await output.json({ file: sink.path, count, bytes });
    const rate = formatRate(count, tookMs);
    const pace = rate === null ? [] : [`${rate} personas/s`];
    const details = [formatBytes(bytes), formatDuration(tookMs), ...pace];
    output.note(`${formatCountOf(count, "persona")} in ${sink.path} (${details.join(", ")})`);
  } finally {
    bar.clear();
    await sink.discard();
    // Ends the answer, when it was not read to its end.
    await stream.cancel().catch(() => undefined);
  }
}

/** Copies all bytes and counts the lines. */
async function copyLines(
  stream: ReadableStream<Uint8Array>,
  sink: LineSink,
  bar: ProgressBar,
  total: number,
): Promise<number> {
  let count = 0;
  for await (const chunk of stream) {
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      count += 1;
    }
    await sink.write(chunk);
    bar.update({
      fraction: total === 0 ? null : Math.min(1, count / total),
      done: formatCountOf(count, "persona"),
      count,
    });
  }
  return count;
}

/** @throws {CliError} when the store says that it holds another number, and did before. */
async function checkCount(
  client: Client,
  count: number,
  totalBefore: number,
  signal: AbortSignal,
): Promise<void> {
  if (count === totalBefore) return;
  const totalAfter = await client.countProfiles({ signal });
  // While others write, no number is the right one.
  if (totalAfter !== totalBefore) return;
  throw new CliError(
    "export_incomplete",
    `The export has ${formatCount(count)} personas and the store says it holds ${formatCount(totalAfter)}.`,
    { hint: "Nothing was saved. Run the command again." },
  );
}
