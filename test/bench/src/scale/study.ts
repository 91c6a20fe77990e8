import type { ScaleKind } from '../report/svg-scale.js';

/** A study: one quantity grows, and its cost is measured. */
export interface Study {
  readonly name: string;
  readonly title: string;
  /** What is measured, and how. */
  readonly what: string;
  readonly x: { readonly label: string; readonly scale: ScaleKind };
  /** The steps of a full run, and of a brief one. Each step is measured in its own process. */
  readonly steps: readonly number[];
  readonly briefSteps: readonly number[];
  readonly rounds: number;
  readonly columns: readonly Column[];
  readonly charts: readonly ChartPlan[];
  measure(step: number, brief: boolean): Promise<readonly Point[]>;
}

export interface Column {
  readonly key: string;
  readonly label: string;
}

/** The columns that one chart shows. */
export interface ChartPlan {
  readonly file: string;
  readonly title: string;
  readonly yLabel: string;
  readonly yScale?: ScaleKind;
  readonly keys: readonly string[];
}

/** The values measured at one position of the x axis, by column. */
export interface Point {
  readonly x: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The columns and the chart of studies of the cost of one request. */
export const costColumns: readonly Column[] = [
  { key: 'coldLoop', label: 'event loop, new token, µs' },
  { key: 'coldTotal', label: 'total CPU, new token, µs' },
  { key: 'warmLoop', label: 'event loop, known token, µs' },
];

export function costChart(file: string, title: string): ChartPlan {
  return { file, title, yLabel: 'CPU time a request (µs)', keys: costColumns.map(({ key }) => key) };
}
