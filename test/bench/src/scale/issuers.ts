import {
  createResourceServer,
  type IssuerSnapshot,
  type KeySnapshot,
  type ResourceServer,
} from '@resource-server/core';
import { Child } from '../measure/child.js';
import { collectAll, readMemory } from '../measure/garbage.js';
import { median } from '../measure/statistics.js';
import { costOf } from './cost.js';
import type { FarmOrder } from './issuer-farm.js';
import { audience, Signer } from './signer.js';
import { costChart, costColumns, type Point, type Study } from './study.js';

/** 1 to 10,000 issuers. */
export const issuers: Study = {
  name: 'issuers',
  title: 'Trusted issuers',
  what: `Issuers with one ES256 key each, configured by \`jwksUri\`. Memory is what a server with all
keys (\`keys.seed\`) has added to the process per issuer, after a garbage collection: heap and
external memory as V8 counts them, and the whole process (RSS). It is not shown for fewer than 100
issuers, where other variations of the process are larger. Requests are checked by this server, with
tokens from up to 100 issuers in rotation, 64 in flight. \`ready()\` is measured on another server
with default options, which fetches all sets over HTTP from a separate process. Its median excludes
rounds in which it rejected; the next column is the number of issuers without keys afterwards, as
the median of all rounds.`,
  x: { label: 'trusted issuers', scale: 'log' },
  steps: [1, 10, 100, 1000, 10_000],
  briefSteps: [1, 100],
  rounds: 2,
  columns: [
    ...costColumns,
    { key: 'heap', label: 'heap + external per issuer, KB' },
    { key: 'resident', label: 'RSS per issuer, KB' },
    { key: 'create', label: 'createResourceServer() per issuer, µs' },
    { key: 'ready', label: 'ready() per issuer, µs' },
    { key: 'missing', label: 'without keys after ready()' },
    { key: 'status', label: 'status() per issuer, µs' },
  ],
  charts: [
    costChart('scale-issuers-cost.svg', 'Cost of a request by the number of trusted issuers'),
    {
      ...{ file: 'scale-issuers-memory.svg', title: 'Memory of a trusted issuer, keys included' },
      ...{ yLabel: 'memory per issuer (KB)', keys: ['heap', 'resident'] },
    },
    {
      ...{ file: 'scale-issuers-calls.svg', title: 'Time of createResourceServer(), ready() and status()' },
      ...{ yLabel: 'wall time per issuer (µs)', yScale: 'log', keys: ['create', 'ready', 'status'] },
    },
  ],
  async measure(count, brief) {
    const farm = new Child(new URL('./issuer-farm.js', import.meta.url));
    try {
      return [await measureIssuers(farm, count, brief)];
    } finally {
      await farm.end();
    }
  },
};

async function measureIssuers(farm: Child, count: number, brief: boolean): Promise<Point> {
  const port = await farm.send<number>({ listen: true } satisfies FarmOrder);
  const names = Array.from({ length: count }, (_, at) => `http://127.0.0.1:${port}/t/${at}`);
  const { signers, seed } = await publishKeys(farm, names);
  // Code that is loaded and compiled once must not count as a cost of the issuers.
  await fetchAll(names.slice(0, 1));
  create(names.slice(0, 1), seed);
  await collectAll();
  const before = readMemory();
  const { server, milliseconds } = create(names, seed);
  await collectAll();
  const after = readMemory();
  const status = median(Array.from({ length: 21 }, () => timeOf(() => server.status())));
  const token = (at: number): string => signers[at % signers.length]?.token() ?? '';
  const cost = await costOf(server, token, { brief });
  const { ready, missing } = await fetchAll(names);
  const perIssuer = (bytes: number): number => (count < 100 ? Number.NaN : bytes / count / 1024);
  const values = {
    ...cost,
    heap: perIssuer(after.heap + after.external - before.heap - before.external),
    resident: perIssuer(after.resident - before.resident),
    ...{ create: (milliseconds * 1000) / count, status: (status * 1000) / count },
    ...{ ready: (ready * 1000) / count, missing },
  };
  return { x: count, values };
}

/** Creates a key for every issuer, and returns signers for up to a hundred of them. */
async function publishKeys(
  farm: Child,
  names: readonly string[],
): Promise<{ signers: readonly Signer[]; seed: KeySnapshot }> {
  const kept: Signer[] = [];
  const seeds: IssuerSnapshot[] = [];
  const every = Math.ceil(names.length / 100);
  for (let from = 0; from < names.length; from += 500) {
    const signers = names.slice(from, from + 500).map((name) => new Signer(name));
    const sets = signers.map(({ publicJwk }) => ({ keys: [publicJwk] }));
    await farm.send({ sets: sets.map((set) => JSON.stringify(set)) } satisfies FarmOrder);
    for (const [at, jwks] of sets.entries()) {
      seeds.push({ issuer: names[from + at] ?? '', fetchedAt: Date.now(), freshSeconds: 3600, jwks });
    }
    kept.push(...signers.filter((_, at) => (from + at) % every === 0));
  }
  return { signers: kept, seed: { version: 1, issuers: seeds } };
}

const configure = (names: readonly string[]) => ({
  issuer: names.map((issuer) => ({ issuer, jwksUri: `${issuer}/jwks` })),
  audience,
});

function create(names: readonly string[], seed: KeySnapshot): { server: ResourceServer; milliseconds: number } {
  const start = performance.now();
  const server = createResourceServer({ ...configure(names), keys: { seed } });
  return { server, milliseconds: performance.now() - start };
}

/** Milliseconds until every set was fetched; NaN when a fetch failed. */
async function fetchAll(names: readonly string[]): Promise<{ ready: number; missing: number }> {
  const server = createResourceServer(configure(names));
  const start = performance.now();
  const isReady = await server.ready().then(
    () => true,
    () => false,
  );
  const milliseconds = performance.now() - start;
  const missing = server.status().issuers.filter(({ keys }) => keys === 'none').length;
  await server.close();
  return { ready: isReady ? milliseconds : Number.NaN, missing };
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
