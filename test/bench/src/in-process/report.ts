import { ratios, type Summary, summarize } from '../measure/statistics.js';
import { figure, table, withSpread } from '../report/table.js';
import { cryptoSync } from '../subjects/libraries/crypto-verify.js';
import type { Algorithm } from '../subjects/world.js';
import type { Allocation } from './allocation.js';
import type { Cell } from './lab.js';

/** The figures of one subject under one condition, over all rounds. */
export interface Row {
  readonly condition: string;
  readonly alg: Algorithm;
  readonly subject: string;
  /** CPU time of the main thread, in microseconds. */
  readonly eventLoop: Summary;
  /** CPU time of the process, in microseconds. */
  readonly total: Summary;
  /** `total` as a multiple of crypto.verify sync in the same round. */
  readonly timesSync: Summary | undefined;
}

export function summarizeCells(cells: readonly Cell[]): readonly Row[] {
  return cells.map((cell) => {
    const { condition, alg, subject, eventLoop, total } = cell;
    const sync = cells.find((o) => o.condition === condition && o.alg === alg && o.subject === cryptoSync.name);
    return {
      ...{ condition, alg, subject, eventLoop: summarize(eventLoop), total: summarize(total) },
      timesSync: sync === undefined ? undefined : ratios(total, sync.total),
    };
  });
}

export function showRows(rows: readonly Row[], algs: readonly string[], subjects: readonly string[]): string {
  const conditions = [...new Set(rows.map(({ condition }) => condition))];
  return conditions
    .map((condition) => {
      const of = (subject: string, alg: string): Row | undefined =>
        rows.find((row) => row.condition === condition && row.alg === alg && row.subject === subject);
      const shown = subjects.filter((subject) => algs.some((alg) => of(subject, alg) !== undefined));
      const lines = (cell: (row: Row | undefined) => string): string[][] =>
        shown.map((subject) => [subject, ...algs.map((alg) => cell(of(subject, alg)))]);
      const total = (row: Row | undefined): string => {
        const times = row?.timesSync === undefined ? '' : ` (${row.timesSync.median.toFixed(2)}×)`;
        return `${withSpread(row?.total)}${times}`;
      };
      return [
        `### ${condition}`,
        table(
          ['event loop, µs', ...algs],
          lines((row) => withSpread(row?.eventLoop)),
        ),
        table(['total CPU, µs', ...algs], lines(total)),
      ].join('\n\n');
    })
    .join('\n\n');
}

export function showAllocations(
  all: readonly Allocation[],
  algs: readonly string[],
  subjects: readonly string[],
): string {
  const cell = (subject: string, alg: string): string => {
    const found = all.find((one) => one.subject === subject && one.alg === alg);
    return found === undefined ? '-' : `${figure(found.cold)} / ${figure(found.warm)}`;
  };
  const rows = subjects.map((subject) => [subject, ...algs.map((alg) => cell(subject, alg))]);
  return ['### allocation', table(['heap bytes, cold / warm', ...algs], rows)].join('\n\n');
}
