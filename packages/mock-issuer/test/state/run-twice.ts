import { join } from 'node:path';
import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { startIssuer } from '../referee.js';
import { folder } from './folder.js';

/** An issuer of two runs. */
export interface TwoRuns<T> {
  /** The one of the first run, which is closed. */
  readonly first: MockIssuer;
  readonly issuer: MockIssuer;
  /** What the first run left. */
  readonly known: T;
  readonly file: string;
}

/** Runs an issuer twice on one port and one state file; `later` are options of the second run. */
export async function runTwice<T>(
  before: (issuer: MockIssuer) => T | Promise<T>,
  options: MockIssuerOptions,
  later: MockIssuerOptions = {},
): Promise<TwoRuns<T>> {
  const file = join(folder(), 'state.json');
  const first = await startIssuer({ ...options, stateFile: file });
  const known = await before(first);
  await first.close();
  const port = Number(new URL(first.issuer).port);
  return { first, issuer: await startIssuer({ ...options, port, stateFile: file, ...later }), known, file };
}
