/** How far an import is: a bar for a person, or lines of JSON for a program that watches. */
import type { ImportProgress, ImportRetry } from "@hi-stranger/sdk/import/types";
import type { InputFile } from "../files/input-file.ts";
import { formatCountOf, formatDuration } from "../format.ts";
import type { Output } from "../output.ts";
import { createProgressBar } from "../progress-bar.ts";

export const progressModes = ["bar", "lines", "none"] as const;
export type ProgressMode = (typeof progressModes)[number];

export interface ImportWatch {
  onProgress(progress: ImportProgress): void;
  onRetry(retry: ImportRetry): void;
  /** What was reported last, or null before the first report. */
  last(): ImportProgress | null;
  /** Takes the bar away. */
  end(): void;
}

/** Watches an import of `input`. Without a `mode`, a bar where there is a terminal for it. */
export function watchImport(
  input: InputFile,
  mode: ProgressMode | undefined,
  output: Output,
): ImportWatch {
  const shown = mode ?? (output.isQuiet ? "none" : "bar");
  const bar = createProgressBar(shown === "bar");
  const resumed = createResumedCount();
  let last: ImportProgress | null = null;
  let linesTold = -1;
  let remark: string | undefined;

  return {
    onProgress(progress) {
      last = progress;
      const before = resumed.update(progress, fractionOf(progress, input));
      if (shown === "lines") {
        // Reading is not news; a verdict is.
        if (progress.linesDone === linesTold) return;
        linesTold = progress.linesDone;
        process.stderr.write(`${JSON.stringify({ progress: toJson(progress, input) })}\n`);
      } else {
        bar.update({
          fraction: fractionOf(progress, input),
          fractionBefore: before.fraction,
          done: formatCountOf(progress.linesDone, "persona"),
          count: progress.linesDone - before.lines,
          ...(remark === undefined ? {} : { remark }),
        });
      }
    },

    onRetry({ shardNo, waitMs, error }) {
      remark = `trying part ${shardNo} again`;
      if (shown === "lines") {
        const retry = { shard_no: shardNo, wait_ms: Math.round(waitMs), reason: error.message };
        process.stderr.write(`${JSON.stringify({ retry })}\n`);
      } else if (!process.stderr.isTTY) {
        output.note(
          `Part ${shardNo} was not taken; trying again in ${formatDuration(waitMs)}. ${error.message}`,
        );
      }
    },

    last: () => last,
    end: () => bar.clear(),
  };
}

/** How much of the input has a verdict. */
function fractionOf({ linesDone, linesRead }: ImportProgress, input: InputFile): number | null {
  if (input.sizeBytes === null) return null;
  if (input.sizeBytes === 0 || linesRead === 0) return 0;
  return Math.min(1, (input.bytesRead() / input.sizeBytes) * (linesDone / linesRead));
}

/** Keeps apart what an earlier run had done, which took no time in this one. */
function createResumedCount() {
  let lines = 0;
  let fraction = 0;
  let before: Pick<ImportProgress, "linesDone" | "shardsDone" | "shardsResumed"> = {
    linesDone: 0,
    shardsDone: 0,
    shardsResumed: 0,
  };
  return {
    update(progress: ImportProgress, fractionNow: number | null) {
      if (progress.shardsResumed > before.shardsResumed) {
        lines += progress.linesDone - before.linesDone;
        fraction = fractionNow ?? 0;
      }
      before = progress;
      return { lines, fraction };
    },
  };
}

function toJson(progress: ImportProgress, input: InputFile) {
  return {
    bytes_read: input.bytesRead(),
    bytes_total: input.sizeBytes,
    lines_read: progress.linesRead,
    lines_done: progress.linesDone,
    lines_refused: progress.linesRefused,
    shards_done: progress.shardsDone,
    shards_resumed: progress.shardsResumed,
  };
}
