/** The report of an import: opened, filled line by line, and turned into a status. */
import { toInstant } from "@hi-stranger/core/clock";
import { maxLineBytes, type LineFault } from "@hi-stranger/core/codec/ndjson";
import { type ImportReport, maxErrorsSample } from "@hi-stranger/core/contract/imports";
import { StoreError } from "@hi-stranger/core/errors";
import type { Violation } from "@hi-stranger/core/schema/violations";

/** The report while it is being made. */
export type Draft = { -readonly [Name in keyof ImportReport]: ImportReport[Name] } & {
  errors_sample: ImportReport["errors_sample"][number][];
};

/** Opens the report of import `importId`. */
export function openReport(
  importId: string,
  startedAtMs: number,
  { shardId, notes }: { shardId: string | null; notes: string | null },
): Draft {
  return {
    import_id: importId,
    state: "running",
    started_at: toInstant(startedAtMs),
    finished_at: null,
    lines_total: 0,
    lines_valid: 0,
    lines_invalid: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    errors_sample: [],
    errors_truncated: false,
    checksum_sha256: null,
    bytes_received: 0,
    shard_id: shardId,
    notes,
  };
}

const faultMessages: Readonly<Record<LineFault, string>> = {
  invalid_utf8: "is not UTF-8",
  line_too_large: `is longer than ${maxLineBytes} bytes`,
};

/** What is wrong with a line that has no text. */
export function violationOfFault(fault: LineFault): Violation {
  return { path: "", errorCode: fault, message: faultMessages[fault] };
}

/** Whether the reasons of a further refused line would be told. */
export function hasRoom(draft: Draft): boolean {
  return draft.errors_sample.length < maxErrorsSample;
}

/** Counts a line that was refused, and keeps its reasons while there is room. */
export function refuseLine(draft: Draft, lineNo: number, violations: readonly Violation[]): void {
  draft.lines_total += 1;
  draft.lines_invalid += 1;
  for (const { path, errorCode, message } of violations) {
    if (draft.errors_sample.length >= maxErrorsSample) {
      draft.errors_truncated = true;
      return;
    }
    draft.errors_sample.push({
      line_no: lineNo,
      status: 422,
      path,
      error_code: errorCode,
      message,
    });
  }
}

/** The status that an import of these lines is answered with. */
export function statusOf(
  { lines_valid: valid, lines_invalid: invalid }: Draft,
  isAtomic: boolean,
): number {
  if (valid === 0 || (isAtomic && invalid > 0)) return 422;
  return invalid > 0 ? 207 : 200;
}

/** The problem of an import whose lines were refused. */
export function toRefusal(report: ImportReport): StoreError {
  if (report.lines_total === 0) {
    return new StoreError("empty_body", "Send one persona a line.", { members: report });
  }
  if (report.lines_valid === 0) {
    return new StoreError("no_valid_lines", "`errors_sample` tells what is wrong with each line.", {
      members: report,
    });
  }
  return new StoreError(
    "invalid_lines",
    "Nothing is stored. Mend the lines of `errors_sample`, or leave `atomic` out to store the others.",
    { members: report },
  );
}
