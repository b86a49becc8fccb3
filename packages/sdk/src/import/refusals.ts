/**
 * Every refused line of a shard, from a report that tells the first two hundred errors.
 *
 * What the report leaves out is found by reading the lines here, with the same code as the
 * server's. Should the two readings not add up, as between releases, the server's word counts.
 */
import type { ImportReport, LineError } from "@hi-stranger/core/contract/imports";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import { type Shard, shardLines } from "./shards.ts";
import type { LineProblem, RefusedLine, ShardRecord } from "./types.ts";

/**
 * The refused lines that can be explained, in order, with their numbers in the file: as many as the
 * report counts, or fewer.
 */
export function listRefusals(shard: Shard, report: ImportReport): RefusedLine[] {
  if (report.lines_invalid === 0) return [];
  const toldByLine = Map.groupBy(report.errors_sample, (error) => error.line_no);
  const told: RefusedLine[] = [];
  const found: RefusedLine[] = [];
  // A truncated report may end within the errors of its last line.
  const lastTold = report.errors_truncated ? (report.errors_sample.at(-1)?.line_no ?? 0) : Infinity;
  for (const [index, text] of shardLines(shard).entries()) {
    const shardLineNo = index + 1;
    const lineNo = shard.lineNos[index];
    if (text === "" || lineNo === undefined) continue;
    const toldErrors = toldByLine.get(shardLineNo)?.map(toProblem);
    if (toldErrors && shardLineNo < lastTold) told.push({ lineNo, text, errors: toldErrors });
    if (shardLineNo < lastTold) continue;
    const errors = readProblems(text) ?? toldErrors;
    if (errors) found.push({ lineNo, text, errors });
  }
  return told.length + found.length > report.lines_invalid
    ? [...told, ...found.filter(({ lineNo }) => lineNo === shard.lineNos[lastTold - 1])]
    : [...told, ...found];
}

/** The refused lines of a shard that an earlier run sent, with their text again. */
export function restoreRefusals(shard: Shard, { refused }: ShardRecord): RefusedLine[] {
  if (refused.length === 0) return [];
  const texts = shardLines(shard);
  const textsByLineNo = new Map(shard.lineNos.map((lineNo, index) => [lineNo, texts[index]]));
  return refused.map((line) => ({ ...line, text: textsByLineNo.get(line.lineNo) ?? null }));
}

function toProblem({ path, error_code: errorCode, message }: LineError): LineProblem {
  return { path, errorCode, message };
}

function readProblems(text: string): readonly LineProblem[] | null {
  const read = readProfileLine(text);
  return "violations" in read ? read.violations : null;
}
