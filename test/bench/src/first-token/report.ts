import { type Summary, summarize } from '../measure/statistics.js';
import { table, withSpread } from '../report/table.js';
import type { Way } from '../subjects/issuers/issuer.js';
import type { Algorithm } from '../subjects/world.js';
import type { Reading } from './stopwatch.js';

/** All readings for one issuer, algorithm and way. */
export interface Series {
  readonly alg: Algorithm;
  readonly subject: string;
  readonly way: Way;
  /** Each taken in a new process. */
  readonly fresh: Reading[];
  /** Taken one after the other in a process that has started such an issuer before. */
  readonly again: Reading[];
}

/** The summary of a series over all rounds, in milliseconds. */
export interface Row extends Pick<Series, 'alg' | 'subject' | 'way'> {
  readonly load: Summary;
  readonly fresh: Summary;
  /** `load` plus `fresh`, measured in the same process. */
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
