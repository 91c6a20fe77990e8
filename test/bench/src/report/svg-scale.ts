/** How values become positions on an axis. */
export type ScaleKind = 'linear' | 'log' | 'category';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Scale {
  /** From 0, the beginning of the axis, to 1, its end. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

/** A scale with room for all values; a linear one begins at 0, or below where there are negative values. */
export function makeScale(kind: ScaleKind, values: readonly number[]): Scale {
  if (kind === 'category') return categories(values);
  return kind === 'log' ? logarithmic(values) : linear(values);
}

function categories(values: readonly number[]): Scale {
  const places = [...new Set(values)].sort((a, b) => a - b);
  return {
    at: (value) => (places.indexOf(value) + 0.5) / places.length,
    ticks: places.map((value) => ({ value, label: label(value) })),
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

/** 1, 2 or 5 times a power of ten, at least as large. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
}

function label(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 });
}
