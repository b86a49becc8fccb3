/** How fast an import goes and how long it will take. */
export interface Pace {
  readonly linesPerSecond: number;
  /** Null until there is enough to go by. */
  readonly secondsLeft: number | null;
}

const minActiveMs = 500;

interface Progress {
  readonly lines: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly activeMs: number;
}

export function toPace({ lines, bytesDone, bytesTotal, activeMs }: Progress): Pace {
  const seconds = activeMs / 1000;
  const isTooEarly = activeMs < minActiveMs || bytesDone === 0;
  return {
    linesPerSecond: seconds > 0 ? Math.round(lines / seconds) : 0,
    secondsLeft: isTooEarly ? null : ((bytesTotal - bytesDone) / bytesDone) * seconds,
  };
}
