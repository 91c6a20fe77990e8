import { median } from '../measure/statistics.js';
import { type Chart, renderSvg } from '../report/svg.js';
import { figure, table } from '../report/table.js';
import type { ChartPlan, Point, Study } from './study.js';

/** The medians over the rounds at one value of the x axis. */
export interface Row {
  readonly x: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Joins points with the same x: of several rounds, and of processes that measured different
 * columns.
 */
export function joinPoints(points: readonly Point[], { columns }: Study): readonly Row[] {
  const positions = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  return positions.map((x) => {
    const here = points.filter((point) => point.x === x);
    const readings = columns.map(({ key }) => [key, here.flatMap(({ values }) => values[key] ?? [])] as const);
    const known = readings.map(([key, values]) => [key, values.filter(Number.isFinite)] as const);
    return {
      x,
      values: Object.fromEntries(known.filter(([, all]) => all.length > 0).map(([key, all]) => [key, median(all)])),
    };
  });
}

export function showStudy(study: Study, rows: readonly Row[]): string {
  const head = [study.x.label, ...study.columns.map(({ label }) => label)];
  const lines = rows.map(({ x, values }) => [
    x.toLocaleString('en'),
    ...study.columns.map(({ key }) => figure(values[key])),
  ]);
  const images = study.charts.map(({ file, title }) => `![${title}](${file})`);
  return [`## ${study.title}`, study.what, table(head, lines), ...images].join('\n\n');
}

export function drawStudy(study: Study, rows: readonly Row[]): ReadonlyMap<string, string> {
  return new Map(study.charts.map((plan) => [plan.file, renderSvg(chartOf(study, plan, rows))]));
}

function chartOf(study: Study, plan: ChartPlan, rows: readonly Row[]): Chart {
  const series = plan.keys.map((key) => ({
    name: (study.columns.find((column) => column.key === key)?.label ?? key).replace(/, [^,]+$/, ''),
    points: rows.flatMap(({ x, values }) => (values[key] === undefined ? [] : [[x, values[key]] as const])),
  }));
  return { title: plan.title, x: study.x, y: { label: plan.yLabel, scale: plan.yScale ?? 'linear' }, series };
}
