import { type Summary, summarize } from '../measure/statistics.js';
import { table, withSpread } from '../report/table.js';
import type { Way } from '../subjects/issuers/issuer.js';
import type { Algorithm } from '../subjects/world.js';
import type { Reading } from './stopwatch.js';

/** All readings of one issuer, algorithm and way. */
export interface Series {
  readonly alg: Algorithm;
  readonly subject: string;
  readonly way: Way;
  /** Each in a process of its own. */
  readonly fresh: Reading[];
  /** One after the other in a process that has done it before. */
  readonly again: Reading[];
}

/** One of them, over all rounds; milliseconds. */
export interface Row extends Pick<Series, 'alg' | 'subject' | 'way'> {
  readonly load: Summary;
  readonly fresh: Summary;
  /** The two before, in the same process. */
  readonly total: Summary;
  readonly again: Summary;
}

export function summarizeSeries(all: readonly Series[]): readonly Row[] {
  return all.map(({ alg, subject, way, fresh, again }) => ({
    ...{ alg, subject, way },
    load: summarize(fresh.map(({ load }) => load)),
    fresh: summarize(fresh.map(({ firstToken }) => firstToken)),
    total: summarize(fresh.map(({ load, firstToken }) => load + firstToken)),
    again: summarize(again.map(({ firstToken }) => firstToken)),
  }));
}

export function showRows(rows: readonly Row[]): string {
  const kinds = [...new Set(rows.map(({ alg, way }) => `${alg}, ${way}`))];
  const head = ['', 'load, ms', 'first token, ms', 'both, ms', 'the next issuer, ms'];
  return kinds
    .map((kind) => {
      const shown = rows.filter(({ alg, way }) => `${alg}, ${way}` === kind);
      const lines = shown.map((row) => [
        row.subject,
        ...[row.load, row.fresh, row.total, row.again].map((summary) => withSpread(summary)),
      ]);
      return `### ${kind}\n\n${table(head, lines)}`;
    })
    .join('\n\n');
}
