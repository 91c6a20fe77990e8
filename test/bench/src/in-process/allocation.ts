import { PerformanceObserver } from 'node:perf_hooks';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { collectOnce, readMemory } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { makeTokens } from '../subjects/tokens.js';
import type { Algorithm } from '../subjects/world.js';
import type { Contestant } from './contestant.js';

/**
 * Bytes of the JavaScript heap that one validation allocates, garbage included. Undefined when a
 * garbage collection disturbed the measurement.
 */
export interface Allocation {
  readonly alg: Algorithm;
  readonly subject: string;
  readonly cold: number | undefined;
  readonly warm: number | undefined;
}

/**
 * Measures the growth of `heapUsed` over many validations, 64 in flight, without a garbage
 * collection in between. The young generation of the process is larger than all of them need.
 */
export async function measureAllocation(
  contestants: readonly Contestant[],
  issuer: MockIssuer,
  alg: Algorithm,
  count: number,
): Promise<Allocation[]> {
  await allocatedBy(contestants, await makeTokens(issuer, alg, 'good', count));
  const tokens = await makeTokens(issuer, alg, 'good', count);
  const cold = await allocatedBy(contestants, tokens);
  const rotation = tokens.slice(-200);
  const round = Array.from({ length: count }, (_, at) => rotation[at % rotation.length] ?? '');
  await allocatedBy(contestants, round);
  const warm = await allocatedBy(contestants, round);
  return contestants.map(({ library: { name: subject } }) => ({
    ...{ alg, subject },
    ...{ cold: cold.get(subject), warm: warm.get(subject) },
  }));
}

async function allocatedBy(
  contestants: readonly Contestant[],
  tokens: readonly string[],
): Promise<Map<string, number>> {
  const allocated = new Map<string, number>();
  for (const { library, prepare, accepts } of contestants) {
    const attempts = tokens.map(prepare);
    collectOnce();
    const collections = countCollections();
    const { heap } = readMemory();
    await runInFlight(attempts, 64, accepts);
    const growth = readMemory().heap - heap;
    if ((await collections()) === 0) allocated.set(library.name, growth / attempts.length);
  }
  return allocated;
}

function countCollections(): () => Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  return async () => {
    // Node delivers the entries in a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 5));
    count += observer.takeRecords().length;
    observer.disconnect();
    return count;
  };
}
