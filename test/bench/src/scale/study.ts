import type { ScaleKind } from '../report/svg-scale.js';

/** What grows, and what becomes of the cost. */
export interface Study {
  readonly name: string;
  readonly title: string;
  /** What is counted, and how. */
  readonly what: string;
  readonly x: { readonly label: string; readonly scale: ScaleKind };
  /** Each is measured in a process of its own: of full runs, and of brief ones. */
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

/** Which columns are drawn together. */
export interface ChartPlan {
  readonly file: string;
  readonly title: string;
  readonly yLabel: string;
  readonly yScale?: ScaleKind;
  readonly keys: readonly string[];
}

/** What was measured at one place of the x axis, by column. */
export interface Point {
  readonly x: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The columns, and the chart of them, of studies that ask what one request costs. */
export const costColumns: readonly Column[] = [
  { key: 'coldLoop', label: 'event loop, new token, µs' },
  { key: 'coldTotal', label: 'total CPU, new token, µs' },
  { key: 'warmLoop', label: 'event loop, known token, µs' },
];

export function costChart(file: string, title: string): ChartPlan {
  return { file, title, yLabel: 'CPU time a request (µs)', keys: costColumns.map(({ key }) => key) };
}
