/** What an import did, for a person and for a program. */
import type { ImportSummary } from "@hi-stranger/sdk/import/types";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatRate,
  formatTable,
} from "../format.ts";
import type { Output } from "../output.ts";
import type { Reason } from "./refused-files.ts";

export interface ImportResult {
  readonly inputName: string;
  readonly url: string;
  readonly summary: ImportSummary;
  readonly reasons: readonly Reason[];
  /** Where the refused lines are; null when there are none. */
  readonly files: { readonly linesPath: string; readonly reasonsPath: string } | null;
  readonly elapsedMs: number;
}

const maxReasonsShown = 8;

/** The one JSON object of `hi import --json`. */
export function toImportJson(result: ImportResult): object {
  const { inputName, url, summary, reasons, files, elapsedMs } = result;
  return {
    input: inputName,
    url,
    lines_total: summary.linesTotal,
    lines_valid: summary.linesValid,
    lines_invalid: summary.linesInvalid,
    inserted: summary.inserted,
    updated: summary.updated,
    unchanged: summary.unchanged,
    refused_by_reason: reasons.map(({ path, errorCode, message, lineCount }) => ({
      error_code: errorCode,
      path,
      message,
      lines: lineCount,
    })),
    refused_file: files?.linesPath ?? null,
    reasons_file: files?.reasonsPath ?? null,
    bytes_read: summary.bytesRead,
    input_sha256: summary.inputSha256,
    import_ids: summary.shards.map(({ importId }) => importId),
    shards: summary.shards.length,
    shards_resumed: countResumed(summary),
    duration_ms: Math.round(elapsedMs),
  };
}

/** The summary that a person reads. */
export function describeImport(result: ImportResult, output: Output): string {
  const { inputName, url, summary, elapsedMs } = result;
  const { linesTotal, linesValid, linesInvalid, inserted, updated, unchanged } = summary;
  const shards = summary.shards.length;
  const resumed = countResumed(summary);
  const rate = resumed === 0 ? formatRate(linesTotal, elapsedMs) : null;
  const rows = [
    [linesTotal, "read", formatBytes(summary.bytesRead)],
    [
      linesValid,
      "stored",
      `${formatCount(inserted)} new, ${formatCount(updated)} changed, ${formatCount(unchanged)} as before`,
    ],
    [linesInvalid, "refused", ""],
  ] as const;
  return [
    `${output.style("bold", `Imported ${inputName} into ${url}`)} in ${formatDuration(elapsedMs)}${rate === null ? "" : ` (${rate} personas/s)`}`,
    ...(resumed === 0
      ? []
      : [`An earlier run had done ${resumed} of ${formatCountOf(shards, "part")} already.`]),
    "",
    ...rows.map(([count, name, more]) =>
      `${formatCount(count).padStart(12)} ${name.padEnd(9)}${more}`.trimEnd(),
    ),
    ...(linesInvalid === 0 ? [] : describeRefused(result)),
  ].join("\n");
}

function describeRefused({ reasons, files, summary }: ImportResult): string[] {
  const shown = reasons.slice(0, maxReasonsShown);
  const rows = shown.map(({ path, errorCode, message, lineCount }) => [
    formatCount(lineCount).padStart(12),
    errorCode,
    `${path === "" ? "the line" : path} ${message}`,
  ]);
  const lines = ["", "Why:", formatTable(["lines".padStart(12), "code", "what is wrong"], rows)];
  if (reasons.length > shown.length) {
    lines.push(`  … and ${formatCountOf(reasons.length - shown.length, "more reason")}`);
  }
  if (summary.linesUnexplained > 0) {
    lines.push(
      `  ${formatCountOf(summary.linesUnexplained, "line")} were refused for reasons that only the store knows.`,
    );
  }
  if (files) {
    lines.push(
      "",
      `Refused lines:  ${files.linesPath}`,
      `Their reasons:  ${files.reasonsPath}`,
      `Mend the lines, then run: npx hi import ${quote(files.linesPath)}`,
    );
  }
  return lines;
}

function countResumed({ shards }: ImportSummary): number {
  return shards.filter(({ isResumed }) => isResumed).length;
}

/** A path as a shell takes it. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
