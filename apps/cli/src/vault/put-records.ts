/** `hi vault put --kind …`: the records of a file into the vault, a batch at a time. */
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { withoutControls } from "../format.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { openInputFile } from "../files/input-file.ts";
import { formatCountOf } from "../format.ts";
import { type RefusedRecord, maxBatchBytes, maxBatchLines } from "./agent-calls.ts";
import { callUnlocked } from "./agent-process.ts";
import { type RecordKindName, nounsByKind } from "./record-kind-names.ts";
import type { VaultContext } from "./vault-context.ts";

interface Batch {
  /** Numbers of the lines, from 1. */
  readonly lineNos: readonly number[];
  /** The lines, each with its LF. */
  readonly bytes: Uint8Array;
}

interface RefusedLine {
  readonly lineNo: number;
  readonly errors: readonly { path: string; error_code: string; message: string }[];
}

/** Most refused lines that are told to a person; `--json` tells them all. */
const maxToldLines = 10;

/** Stores every line that fits its schema; the exit code tells that some did not. */
export async function putRecords(
  context: VaultContext,
  path: string,
  kind: RecordKindName,
): Promise<ExitCode | void> {
  const { output, place, signal } = context;
  await callUnlocked(place, { method: "status", params: {}, signal });
  const { source } = await openInputFile(path, signal);
  const counts = { inserted: 0, updated: 0, unchanged: 0 };
  const refused: RefusedLine[] = [];
  const note = (line: RefusedLine): void => void refused.push(line);
  const lines = readLines(source, { maxTotalBytes: Number.POSITIVE_INFINITY });
  for await (const { lineNos, bytes } of toBatches(lines, note)) {
    const call = { method: "writeRecords", params: { kind }, parts: [bytes], signal } as const;
    const { result } = await callUnlocked(place, call);
    counts.inserted += result.counts.inserted;
    counts.updated += result.counts.updated;
    counts.unchanged += result.counts.unchanged;
    refused.push(...result.refused.map((record) => toRefusedLine(record, lineNos)));
  }
  refused.sort((left, right) => left.lineNo - right.lineNo);
  if (output.isJson) {
    const told = refused.map(({ lineNo, errors }) => ({ line_no: lineNo, errors }));
    await output.json({ kind, ...counts, refused: told });
  } else {
    const stored = counts.inserted + counts.updated + counts.unchanged;
    output.note(
      `${formatCountOf(stored, ...nounsByKind[kind])} kept: ${counts.inserted} new, ${counts.updated} changed, ${counts.unchanged} as before.`,
    );
    for (const line of refused.slice(0, maxToldLines)) output.warn(describeRefused(line));
    if (refused.length > maxToldLines) {
      output.warn(
        `${refused.length - maxToldLines} more lines were refused; --json tells them all.`,
      );
    }
  }
  return refused.length > 0 ? exitCodes.linesRefused : undefined;
}

/** Lines put together into requests; those that have no text are refused here. */
async function* toBatches(
  lines: ReturnType<typeof readLines>,
  refuse: (line: RefusedLine) => void,
): AsyncGenerator<Batch, void> {
  let lineNos: number[] = [];
  let pieces: Buffer[] = [];
  let byteLength = 0;
  const take = (): Batch => {
    const batch = { lineNos, bytes: Buffer.concat(pieces) };
    lineNos = [];
    pieces = [];
    byteLength = 0;
    return batch;
  };
  for await (const batch of lines) {
    for (const [index, line] of batch.lines.entries()) {
      const lineNo = batch.firstLineNo + index;
      if (typeof line !== "string") refuse(faultyLine(lineNo, line.fault));
      else if (line !== "") {
        const bytes = Buffer.from(`${line}\n`);
        const isFull = lineNos.length >= maxBatchLines || byteLength + bytes.length > maxBatchBytes;
        if (isFull) yield take();
        lineNos.push(lineNo);
        pieces.push(bytes);
        byteLength += bytes.length;
      }
    }
  }
  if (lineNos.length > 0) yield take();
}

function toRefusedLine(
  { index, violations }: RefusedRecord,
  lineNos: readonly number[],
): RefusedLine {
  return {
    lineNo: lineNos[index] ?? 0,
    errors: violations.map(({ path, errorCode, message }) => ({
      path,
      error_code: errorCode,
      message,
    })),
  };
}

function faultyLine(lineNo: number, fault: "invalid_utf8" | "line_too_large"): RefusedLine {
  const message = fault === "invalid_utf8" ? "is not UTF-8" : "is too long";
  return { lineNo, errors: [{ path: "", error_code: fault, message }] };
}

function describeRefused({ lineNo, errors }: RefusedLine): string {
  const [first] = errors;
  const what = first ? `${first.path === "" ? "it" : first.path} ${first.message}` : "it";
  return `Line ${lineNo} was refused: ${withoutControls(what)}.`;
}
