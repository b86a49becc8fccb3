/** A line on the terminal that says how far something is: redrawn in its place, gone at its end. */
import { formatDuration, formatRate } from "./format.ts";
import { styleFor } from "./output.ts";

interface ProgressState {
  /** From 0 to 1, or null while nobody knows how much there is. */
  readonly fraction: number | null;
  /** How much of {@link fraction} was there before the start, for the time left. */
  readonly fractionBefore?: number;
  /** What has been done, such as `52,311 personas`. */
  readonly done: string;
  /** How many were done since the start, for the rate. */
  readonly count: number;
  /** Something to say beside, such as that a request is repeated. */
  readonly remark?: string;
}

export interface ProgressBar {
  update(state: ProgressState): void;
  /** Takes the line away. */
  clear(): void;
}

const redrawMs = 100;
const barWidth = 24;
/** Before, a guess at the time left would jump. */
const settledAfterMs = 1_500;

/** Draws on stderr when it is a terminal, and nowhere otherwise. */
export function createProgressBar(isShown: boolean): ProgressBar {
  const { stderr } = process;
  if (!isShown || !stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  const startMs = performance.now();
  let state: ProgressState | null = null;
  /** When the count last grew: what is reckoned from it holds until it grows again. */
  let grownMs = startMs;
  const draw = () => {
    if (!state) return;
    const sinceGrownMs = performance.now() - grownMs;
    const text = describeProgress(state, grownMs - startMs, sinceGrownMs);
    stderr.write(`\r${fit(text, stderr.columns)}\x1b[K`);
  };
  const timer = setInterval(draw, redrawMs);
  timer.unref();
  return {
    update(next) {
      if (next.count > (state?.count ?? 0)) grownMs = performance.now();
      state = next;
    },
    clear() {
      clearInterval(timer);
      if (state) stderr.write("\r\x1b[K");
      state = null;
    },
  };
}

/** The line's text: `grownMs` after the start the count last grew, and `sinceGrownMs` have gone by since. */
export function describeProgress(
  state: ProgressState,
  grownMs: number,
  sinceGrownMs: number,
): string {
  const { fraction, fractionBefore = 0, done, count, remark } = state;
  const elapsedMs = grownMs + sinceGrownMs;
  const parts = [done];
  const rate = count > 0 ? formatRate(count, grownMs) : null;
  if (rate !== null) parts.push(`${rate}/s`);
  if (fraction === null) parts.push(formatSeconds(elapsedMs));
  else if (fraction > fractionBefore && fraction < 1 && elapsedMs > settledAfterMs) {
    const leftMs = (grownMs * (1 - fraction)) / (fraction - fractionBefore) - sinceGrownMs;
    parts.push(`${formatSeconds(Math.max(leftMs, 1_000))} left`);
  }
  if (remark !== undefined) parts.push(remark);
  return `${fraction === null ? "" : `${drawBar(fraction)}  `}${parts.join("  ")}`;
}

function formatSeconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms / 1000)} s` : formatDuration(ms);
}

function drawBar(fraction: number): string {
  const filled = Math.floor(fraction * barWidth);
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const rest = styleFor(process.stderr, "dim", "░".repeat(barWidth - filled));
  return `${styleFor(process.stderr, "green", "█".repeat(filled))}${rest} ${percent}`;
}

/** Cuts `text` to one row; its styles don't count. */
function fit(text: string, columns: number): string {
  const plainLength = text.replace(/\x1b\[[0-9;]*m/g, "").length;
  return plainLength < columns ? text : text.slice(0, text.length - (plainLength - columns) - 1);
}
