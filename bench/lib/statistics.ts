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
