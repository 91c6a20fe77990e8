import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { collectAll, readMemory } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { progress } from '../report/results.js';
import { requestWith } from '../subjects/libraries/resource-server.js';
import { makeTokens } from '../subjects/tokens.js';
import { isGranted } from './cost.js';
import type { Point, Study } from './study.js';

const sorts = ['good', 'bad'] as const;
type Sort = (typeof sorts)[number];

/** 1 to 1,000,000 distinct tokens, all checked by one server. */
export const distinctTokens: Study = {
  name: 'distinct-tokens',
  title: 'Distinct tokens',
  what: `One server with its default caches checks distinct ES256 tokens, each once, 64 in flight.
One process checks valid tokens. Another one checks bad tokens: a quarter each of garbage, forged
kid, random octets as the signature under the right kid, and tokens that are not JWTs. The figures
are the growth of the process since a warm-up of 20,000 valid and 20,000 bad tokens, which fills the
caches: heap and external memory as V8 counts them after three garbage collections, and the whole
process (RSS). Tokens are made and released in batches of a thousand.`,
  x: { label: 'distinct tokens', scale: 'linear' },
  steps: [0, 1],
  briefSteps: [0, 1],
  rounds: 1,
  columns: sorts.flatMap((sort) => [
    { key: `${sort}Heap`, label: `${sort}: heap + external growth, MB` },
    { key: `${sort}Resident`, label: `${sort}: RSS growth, MB` },
  ]),
  charts: [
    {
      ...{ file: 'scale-distinct-tokens.svg', title: 'Memory by the distinct tokens seen since the caches were full' },
      ...{ yLabel: 'growth (MB)', keys: ['goodHeap', 'badHeap', 'goodResident', 'badResident'] },
    },
  ],
  async measure(step, brief) {
    const sort = sorts[step] ?? 'good';
    const audience = 'https://api.example.com';
    const issuer = await createMockIssuer({ alg: 'ES256', audience });
    const server = createResourceServer({ issuer: issuer.issuer, audience });
    await server.ready();
    const points = await measureGrowth(server, issuer, sort, brief);
    await server.close();
    await issuer.close();
    return points;
  },
};

async function measureGrowth(server: ResourceServer, issuer: MockIssuer, sort: Sort, brief: boolean): Promise<Point[]> {
  const whole = brief ? 2000 : 1_000_000;
  for (const warm of sorts) await show(server, issuer, warm, whole / 50);
  await collectAll();
  const base = readMemory();
  const points: Point[] = [{ x: 0, values: { [`${sort}Heap`]: 0, [`${sort}Resident`]: 0 } }];
  for (let seen = whole / 10; seen <= whole; seen += whole / 10) {
    await show(server, issuer, sort, whole / 10);
    await collectAll();
    const { heap, external, resident } = readMemory();
    const grown = (heap + external - base.heap - base.external) / 2 ** 20;
    const values = { [`${sort}Heap`]: grown, [`${sort}Resident`]: (resident - base.resident) / 2 ** 20 };
    points.push({ x: seen, values });
    progress(`  ${seen} ${sort} tokens: heap + external ${grown.toFixed(2)} MB`);
  }
  return points;
}

async function show(server: ResourceServer, issuer: MockIssuer, sort: Sort, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    const size = Math.min(1000, count - from);
    const tokens = sort === 'good' ? await makeTokens(issuer, 'ES256', 'good', size) : await badTokens(issuer, size);
    const attempts = tokens.map(requestWith).map((request) => () => server.check(request));
    const accepted = await runInFlight(attempts, 64, isGranted);
    // The issuer keeps records of its tokens, which must not be counted.
    issuer.reset();
    if (accepted !== (sort === 'good' ? tokens.length : 0)) throw new Error(`${accepted} ${sort} tokens were accepted`);
  }
}

async function badTokens(issuer: MockIssuer, count: number): Promise<readonly string[]> {
  const kinds = ['garbage', 'forged kid', 'forged signature', 'opaque'] as const;
  const each = Math.ceil(count / kinds.length);
  return (await Promise.all(kinds.map((kind) => makeTokens(issuer, 'ES256', kind, each)))).flat();
}
