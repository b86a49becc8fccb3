/** The middle of `values`, the mean of the two middle ones when they are even in number. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` of `values` don't exceed, interpolated. @throws when there is none. */
export function percentile(values: Iterable<number>, percent: number): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  const position = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError("there is no value");
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Welch's t of two samples: how far apart their means are, in standard errors, whatever their
 * variances. @throws when a sample has fewer than two values
 */
export function welchT(a: readonly number[], b: readonly number[]): number {
  const [ofA, ofB] = [momentsOf(a), momentsOf(b)];
  return (ofA.mean - ofB.mean) / Math.sqrt(ofA.variance / a.length + ofB.variance / b.length);
}

/** Both samples without what exceeds the value that `percent` of all don't exceed: rare delays, mostly. */
export function cropTogether(
  a: readonly number[],
  b: readonly number[],
  percent: number,
): [number[], number[]] {
  const most = percentile([...a, ...b], percent);
  const crop = (values: readonly number[]) => values.filter((value) => value <= most);
  return [crop(a), crop(b)];
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  if (values.length < 2) throw new RangeError("a variance takes two values");
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
