/** `hi import`: a file of personas into the store. */
import { type AddCommand, examples } from "../command.ts";
import { progressModes } from "../import/import-progress.ts";
import type { RunImportOptions } from "../import/run-import.ts";
import { readChoice, readInteger } from "../option-values.ts";

const maxConcurrency = 16;
const minPartBytes = 10_000;
/** A part goes into one request, and one line always fits. */
const maxPartBytes = 40_000_000;

export const addImportCommand: AddCommand = (program, run) => {
  program
    .command("import")
    .summary("store the personas of a file")
    .description(
      `Store the personas of a file, one JSON object a line (NDJSON), plain or gzip.

Personas that are there already are updated. Lines that don't fit the schema are refused and the others stored: the refused lines go to a file to be mended and imported again, the reasons to one beside it, and the exit code is 3.

Killed or cut off, run the same command again: it goes on where it was.`,
    )
    .argument("<file>", "the file, or - for stdin")
    .option(
      "--concurrency <n>",
      "how many parts are sent at a time",
      readInteger(1, maxConcurrency),
      4,
    )
    .option(
      "--part-bytes <n>",
      "how large a part is at most; on a slow or shaky line try 500000 (default: 6000000)",
      readInteger(minPartBytes, maxPartBytes),
    )
    .option(
      "--refused <file>",
      "where refused lines go (default: FILE.refused.ndjson, or the next free name)",
    )
    .option("--no-resume", "start anew, even if an earlier import was cut off")
    .option(
      "--progress <bar|lines|none>",
      "a bar, a line of JSON for each part, or nothing (default: a bar on a terminal)",
      readChoice(progressModes),
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi import personas.ndjson", "import a file"],
        [
          "npx hi import personas.ndjson.gz --json",
          "import a packed file, and get the result as JSON",
        ],
        ["npx hi generate --count 500 | npx hi import -", "import what another program writes"],
      ),
    )
    .action(
      run(async (context, file: string, options: RunImportOptions) => {
        // The engine reads lines as the store does, and that code is large: only this command loads it.
        const { runImport } = await import("../import/run-import.ts");
        return runImport(context, file, options);
      }),
    );
};
