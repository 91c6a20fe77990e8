/** The summary of several readings of one figure. */
export interface Summary {
  readonly median: number;
  /** First and third quartile: half of the readings lie between them. */
  readonly q1: number;
  readonly q3: number;
  readonly count: number;
}

/** The value below which `share` (0 to 1) of the readings lie, interpolated between neighbours. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function summarize(values: readonly number[]): Summary {
  return { median: median(values), q1: quantile(values, 0.25), q3: quantile(values, 0.75), count: values.length };
}

/** Half of the interquartile range: the ± in the tables. */
export function spread({ q1, q3 }: Summary): number {
  return (q3 - q1) / 2;
}

/**
 * Ratios of readings of the same round: what slows the machine for a while slows both sides.
 */
export function ratios(values: readonly number[], references: readonly number[]): Summary {
  return summarize(values.map((value, round) => value / (references[round] ?? Number.NaN)));
}

/** Differences of readings of the same round, for the same reason. */
export function differences(values: readonly number[], references: readonly number[]): Summary {
  return summarize(values.map((value, round) => value - (references[round] ?? Number.NaN)));
}
