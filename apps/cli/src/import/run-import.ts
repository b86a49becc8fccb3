/**
 * Runs an import: the SDK's engine cuts, sends and repeats; here are the file, the journal that lets
 * a killed import go on, the files of refused lines, and what the person sees.
 */
import { createHash } from "node:crypto";
import type { Client } from "@hi-stranger/sdk/client";
import { importInShards } from "@hi-stranger/sdk/import/import-file";
import type { ImportSummary } from "@hi-stranger/sdk/import/types";
import type { Context } from "../context.ts";
import { CliError, isLoopback, toCliError, usageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type InputFile, openInputFile } from "../files/input-file.ts";
import { formatCountOf } from "../format.ts";
import { stateFolder } from "../state-folder.ts";
import { type ImportWatch, type ProgressMode, watchImport } from "./import-progress.ts";
import { describeImport, toImportJson } from "./import-report.ts";
import { type Journal, createForgottenJournal, openJournal } from "./journal.ts";
import { createRawLines } from "./raw-lines.ts";
import { type RefusedFiles, chooseLinesPath, createRefusedFiles } from "./refused-files.ts";

export interface RunImportOptions {
  readonly concurrency: number;
  readonly partBytes?: number;
  readonly refused?: string;
  readonly resume: boolean;
  readonly progress?: ProgressMode;
}

/** Imports `file`, a path or `-`, and tells what became of it. */
export async function runImport(
  context: Context,
  file: string,
  options: RunImportOptions,
): Promise<ExitCode> {
  const { output, signal } = context;
  if (file === "-" && context.isStdinTaken) {
    throw usageError("Stdin can't bring both the token and the file.", "Use HI_TOKEN instead.");
  }
  const startMs = performance.now();
  const linesPath = await chooseLinesPath(options.refused, file === "-" ? null : file);
  const client = await context.openWriter();
  // Told at once, rather than after trying for minutes.
  await client.ping({ signal });
  if (file === "-" && process.stdin.isTTY) {
    output.note("Reading personas from the terminal. End with Ctrl-D.");
  }
  const input = await openInputFile(file, signal);
  const rawLines = input.isStdin ? null : createRawLines(file, signal);
  const refused = createRefusedFiles({
    linesPath,
    mayReplace: options.refused !== undefined,
    readRawLine: (lineNo) => rawLines?.read(lineNo) ?? nothing(),
  });
  let journal: Journal | null = null;
  try {
    journal = await openJournalIn(stateFolder(), context, input, options);
    if (journal.isResumed) output.note("Going on with an import that was cut off.");
    const summary = await send({ context, client, input, journal, refused, options });
    const exitCode = await tell(context, input, refused, summary, performance.now() - startMs);
    await journal.finish();
    return exitCode;
  } finally {
    await input.source.cancel().catch(() => undefined);
    await rawLines?.close();
    await refused.discard();
    await journal?.close();
  }
}

/** The journal of this import, or one that is forgotten when the folder can't be used. */
async function openJournalIn(
  stateDir: string,
  { url, output }: Context,
  { headSha256 }: InputFile,
  { resume: mayResume }: RunImportOptions,
): Promise<Journal> {
  try {
    return await openJournal({ stateDir, url, headSha256, mayResume });
  } catch (error) {
    const { message } = toCliError(error, url);
    output.warn(
      `The import can't be noted in ${stateDir}, so it would start anew if it were cut off. ${message}`,
    );
    return createForgottenJournal();
  }
}

interface Parts {
  readonly context: Context;
  readonly client: Client;
  readonly input: InputFile;
  readonly journal: Journal;
  readonly refused: RefusedFiles;
  readonly options: RunImportOptions;
}

async function send(parts: Parts): Promise<ImportSummary> {
  const { context, client, input, journal, refused, options } = parts;
  const watch = watchImport(input, options.progress, context.output);
  try {
    return await importInShards({
      client,
      runId: journal.runId,
      source: input.source,
      concurrency: options.concurrency,
      maxShardBytes: options.partBytes,
      // On its own machine the bytes travel faster than they can be packed.
      isGzip: !isLoopback(context.url),
      journal,
      signal: context.signal,
      onProgress: watch.onProgress,
      onRetry: watch.onRetry,
      onRefused: (line) => refused.add(line),
      createSha256: () => createHash("sha256"),
    });
  } catch (error) {
    throw withOutlook(error, context, watch, input);
  } finally {
    watch.end();
  }
}

/** Puts the refused lines in their place and prints the result. */
async function tell(
  { output, url }: Context,
  { name: inputName }: InputFile,
  refused: RefusedFiles,
  summary: ImportSummary,
  elapsedMs: number,
): Promise<ExitCode> {
  if (summary.linesTotal === 0) {
    throw new CliError("empty_body", `${inputName} holds no line, so nothing was imported.`);
  }
  const files = await refused.commit();
  const result = { inputName, url, summary, reasons: refused.reasons(), files, elapsedMs };
  if (output.isJson) await output.json(toImportJson(result));
  else if (!output.isQuiet) await output.line(describeImport(result, output));
  if (summary.linesInvalid === 0) return exitCodes.ok;
  if (output.isQuiet && !output.isJson) {
    output.warn(
      `${formatCountOf(summary.linesInvalid, "line was", "lines were")} refused; see ${files?.linesPath ?? "above"}.`,
    );
  }
  return exitCodes.linesRefused;
}

/** `error`, with what became of the lines so far and how to go on. */
function withOutlook(
  error: unknown,
  { url }: Context,
  watch: ImportWatch,
  input: InputFile,
): unknown {
  const { code, message, exitCode, hint } = toCliError(error, url);
  if (code === "invalid_gzip") return error;
  const progress = watch.last();
  const stored = (progress?.linesDone ?? 0) - (progress?.linesRefused ?? 0);
  const again = `Run the same command ${input.isStdin ? "with the same input " : ""}again`;
  const outlook =
    stored === 0
      ? `Nothing is stored yet. ${again}.`
      : `${formatCountOf(stored, "line is", "lines are")} stored. ${again}: it goes on from there.`;
  return new CliError(code, message, {
    exitCode,
    hint: hint === null ? outlook : `${hint}\n${outlook}`,
    cause: error,
  });
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}
