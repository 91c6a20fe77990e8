import { differences, type Summary, summarize } from '../measure/statistics.js';
import { table, withSpread } from '../report/table.js';
import type { App } from '../subjects/apps/app.js';
import type { Reading } from './arena.js';

/** The figures of one API with one kind of tokens, over all rounds. */
export interface Row {
  readonly alg: string;
  readonly tokens: string;
  readonly subject: string;
  readonly framework: string;
  /** CPU time of the server, in microseconds a request. */
  readonly cpu: Summary;
  /** `cpu` minus that of the bare framework in the same round. */
  readonly added: Summary | undefined;
  readonly perSecond: Summary;
  /** Latency in milliseconds. */
  readonly p50: Summary;
  readonly p99: Summary;
}

/** All readings of one API. */
export interface Series {
  readonly alg: string;
  readonly tokens: string;
  readonly app: App;
  readonly readings: readonly Reading[];
}

export function summarizeSeries(all: readonly Series[]): readonly Row[] {
  return all.map(({ alg, tokens, app, readings }) => {
    const of = (what: 'cpu' | 'perSecond' | 'p50' | 'p99'): Summary => summarize(readings.map((one) => one[what]));
    const bare = all.find(
      (o) => o.alg === alg && o.tokens === tokens && o.app.framework === app.framework && o.app.isBare,
    );
    const cpu = readings.map((one) => one.cpu);
    const bareCpu = bare?.readings.map((one) => one.cpu);
    return {
      ...{ alg, tokens, subject: app.name, framework: app.framework, cpu: of('cpu') },
      added: bareCpu === undefined || app.isBare ? undefined : differences(cpu, bareCpu),
      ...{ perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') },
    };
  });
}

export function showRows(rows: readonly Row[]): string {
  const sorts = [...new Set(rows.map(({ alg, tokens }) => `${alg}, ${tokens}`))];
  const head = ['', 'CPU µs a request', 'above bare, µs', 'requests/s', 'p50 ms', 'p99 ms'];
  return sorts
    .map((sort) => {
      const shown = rows.filter(({ alg, tokens }) => `${alg}, ${tokens}` === sort);
      const lines = shown.map((row) => [
        ...[row.subject, withSpread(row.cpu), withSpread(row.added)],
        ...[withSpread(row.perSecond), withSpread(row.p50), withSpread(row.p99)],
      ]);
      return `### ${sort}\n\n${table(head, lines)}`;
    })
    .join('\n\n');
}
