/** How an axis maps values to positions. */
export type ScaleKind = 'linear' | 'log' | 'category';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Scale {
  /** The position of a value: 0 is the start of the axis, 1 its end. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

/** A scale that contains all values. A linear one starts at 0, or below it for negative values. */
export function makeScale(kind: ScaleKind, values: readonly number[]): Scale {
  if (kind === 'category') return categories(values);
  return kind === 'log' ? logarithmic(values) : linear(values);
}

function categories(values: readonly number[]): Scale {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  return {
    at: (value) => (distinct.indexOf(value) + 0.5) / distinct.length,
    ticks: distinct.map((value) => ({ value, label: label(value) })),
  };
}

function logarithmic(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))));
  const powers = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
  return {
    at: (value) => (Math.log10(value) - low) / (high - low),
    ticks: powers.map((value) => ({ value, label: label(value) })),
  };
}

function linear(values: readonly number[]): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = niceStep((high - low || 1) / 5);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
  return {
    at: (value) => (value / step - first) / (last - first),
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

/** The smallest of 1, 2, 5 or 10 times a power of ten that is at least `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
}

function label(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 });
}
