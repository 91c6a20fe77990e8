import { sendOnce } from '../measure/child.js';
import { type Summary, summarize } from '../measure/statistics.js';
import { progress } from '../report/results.js';
import { table, withSpread } from '../report/table.js';
import { introspectors } from '../subjects/introspectors/index.js';
import type { Introspector } from '../subjects/introspectors/introspector.js';
import type { Effort } from './conditions.js';
import type { IntrospectionCell, IntrospectionOrder } from './introspection-lab.js';

/** The figures of one subject with one share of known tokens, over all rounds, in microseconds. */
export interface IntrospectionRow {
  /** Share of tokens that were introspected before, in percent. */
  readonly hits: number;
  readonly subject: string;
  readonly eventLoop: Summary;
  readonly total: Summary;
}

const lab = new URL('./introspection-lab.js', import.meta.url);
const shares = [0, 90, 100];

/** Measures an opaque token with a cached answer, and one that needs an introspection call. */
export async function measureIntrospection(
  chosen: readonly Introspector[],
  { attempts, rounds }: Effort,
): Promise<readonly IntrospectionRow[]> {
  if (chosen.length === 0) return [];
  progress('opaque tokens');
  const order: IntrospectionOrder = { subjects: chosen.map(({ name }) => name), hits: shares, attempts, rounds };
  const cells = await sendOnce<readonly IntrospectionCell[]>(lab, order, { nodeOptions: ['--expose-gc'] });
  return cells.map(({ hits, subject, eventLoop, total }) => ({
    ...{ hits, subject },
    ...{ eventLoop: summarize(eventLoop), total: summarize(total) },
  }));
}

export function showIntrospection(rows: readonly IntrospectionRow[]): string {
  const shown = introspectors.filter(({ name }) => rows.some(({ subject }) => subject === name));
  const tableOf = (what: 'eventLoop' | 'total', title: string): string =>
    table(
      [title, ...shares.map((hits) => `${hits} % known`)],
      shown.map(({ name }) => [
        name,
        ...shares.map((hits) => withSpread(rows.find((row) => row.subject === name && row.hits === hits)?.[what])),
      ]),
    );
  const method = `64 in flight. The endpoint is a mock issuer in its own process, whose CPU is not
counted. Known tokens are 200 tokens that were introspected before. Where the cache of a subject is
enabled (it is off by default), they need no further call; the other subjects have no cache.`;
  return [
    '### opaque tokens, introspected',
    method,
    tableOf('eventLoop', 'event loop, µs'),
    tableOf('total', 'total CPU, µs'),
  ].join('\n\n');
}
