import { AppUnderLoad } from '../http/arena.js';
import { sendOnce } from '../measure/child.js';
import { fastifyOurs } from '../subjects/apps/fastify-ours.js';
import { makeTokens, type TokenKind } from '../subjects/tokens.js';
import { openWorld } from '../subjects/world.js';
import type { OpenLoad, OpenLoadOrder } from './open-load.js';
import type { Study } from './study.js';

/** The traffic that is sent beside the good requests. */
const floods: readonly { readonly key: string; readonly label: string; readonly kind?: TokenKind | 'none' }[] = [
  { key: 'alone', label: 'good traffic alone' },
  { key: 'control', label: 'beside requests without credentials', kind: 'none' },
  { key: 'kids', label: 'beside forged kids', kind: 'forged kid' },
  { key: 'garbage', label: 'beside garbage', kind: 'garbage' },
];

/** A flood of forged kids and a flood of garbage beside good traffic. */
export const floodStudy: Study = {
  name: 'floods',
  title: 'Floods beside good traffic',
  what: `@resource-server/fastify on CPU 0, the client on CPU 1. Good traffic is 200 requests a
second with 200 RS256 tokens in rotation. The flood is 5,000 requests a second, over its own
connections. A request is sent when it is due, even if earlier ones have no response yet; its
latency counts from that time. The flood of requests without credentials shows the cost of the
framework alone. Sets fetched is the number of key fetches at the issuer during the flood. Answered
503 is the share of forged kids with that status, which they get after the last fetch of keys has
failed.`,
  x: { label: 'percentile of good requests', scale: 'category' },
  steps: [0, 1, 2, 3],
  briefSteps: [0, 2],
  rounds: 3,
  columns: [
    ...floods.map(({ key, label }) => ({ key, label: `${label}, ms` })),
    { key: 'kidsFetches', label: 'sets fetched, forged kids' },
    { key: 'kids503', label: 'answered 503, forged kids, %' },
  ],
  charts: [
    {
      ...{ file: 'scale-floods.svg', title: 'Latency of good requests beside 5,000 bad ones a second' },
      ...{ yLabel: 'latency (ms)', yScale: 'log', keys: floods.map(({ key }) => key) },
    },
  ],
  async measure(step, brief) {
    const flood = floods[step];
    if (flood === undefined) throw new Error(`no flood ${step}`);
    const { key, kind } = flood;
    const { world, issuer } = await openWorld('RS256');
    const target = await AppUnderLoad.start(fastifyOurs, world);
    const load = new URL('./open-load.js', import.meta.url);
    const tokens = await makeTokens(issuer, 'RS256', 'good', 200);
    const bad =
      kind === undefined || kind === 'none' ? [''] : await makeTokens(issuer, 'RS256', kind, brief ? 50 : 10_000);
    const good = { tokens, perSecond: 200, connections: 8 };
    const order: OpenLoadOrder = {
      ...{ port: target.port, seconds: brief ? 0.5 : 8, good },
      flood: kind === undefined ? { ...good, perSecond: 1 } : { tokens: bad, perSecond: 5000, connections: 64 },
    };
    const warmUp = { ...order, seconds: brief ? 0.2 : 3 };
    try {
      await sendOnce<OpenLoad>(load, warmUp, { cpu: 1 });
      issuer.requests.reset();
      const result = await sendOnce<OpenLoad>(load, order, { cpu: 1 });
      assertDecisions(result, kind !== undefined);
      const fetches = issuer.requests.count('jwks');
      const kids503 = (100 * (result.flood[503] ?? 0)) / (order.flood.perSecond * order.seconds);
      return Object.entries(result.latency).map(([percentile, milliseconds]) => ({
        x: Number(percentile),
        values: { [key]: milliseconds, ...(key === 'kids' && { kidsFetches: fetches, kids503 }) },
      }));
    } finally {
      await Promise.all([target.end(), issuer.close()]);
    }
  },
};

function assertDecisions({ good, flood }: OpenLoad, isFlooded: boolean): void {
  const isRight = Object.keys(good).every((status) => status === '200');
  const isRefused = !isFlooded || Object.keys(flood).every((status) => status === '401' || status === '503');
  if (!isRight || !isRefused) throw new Error(`wrong answers: ${JSON.stringify({ good, flood })}`);
}
