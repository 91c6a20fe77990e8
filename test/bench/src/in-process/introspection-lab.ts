import { answerParent, Child } from '../measure/child.js';
import { type CpuTime, cpuSince, readCpu } from '../measure/cpu-clock.js';
import { collectYoung } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { Readings, turned } from '../measure/rounds.js';
import { introspectors } from '../subjects/introspectors/index.js';
import type { Introspector, Registration } from '../subjects/introspectors/introspector.js';
import type { OpenLibrary } from '../subjects/libraries/library.js';
import type { EndpointOrder } from './introspection-endpoint.js';

/** What the lab is asked to measure. */
export interface IntrospectionOrder {
  readonly subjects: readonly string[];
  /** Shares of tokens that were asked about before, in percent. */
  readonly hits: readonly number[];
  readonly attempts: number;
  readonly rounds: number;
}

/** Microseconds a validation, one reading a round. */
export interface IntrospectionCell {
  readonly hits: number;
  readonly subject: string;
  readonly eventLoop: readonly number[];
  readonly total: readonly number[];
}

interface Contestant extends OpenLibrary {
  readonly introspector: Introspector;
}

const inFlight = 64;
const knownTokens = 200;

answerParent(async (order: IntrospectionOrder): Promise<readonly IntrospectionCell[]> => {
  const endpoint = new Child(new URL('./introspection-endpoint.js', import.meta.url));
  try {
    const ask = <Answer>(what: EndpointOrder) => endpoint.ask<Answer>(what);
    const registration = await ask<Registration>({ open: true });
    const makeTokens = (count: number) => ask<readonly string[]>({ good: count });
    const contestants: Contestant[] = [];
    for (const introspector of introspectors.filter(({ name }) => order.subjects.includes(name))) {
      contestants.push({ introspector, ...(await introspector.open(registration)) });
    }
    await assertVerdicts(contestants, await makeTokens(1), await ask<readonly string[]>({ refused: true }));
    const cells: IntrospectionCell[] = [];
    for (const hits of order.hits) cells.push(...(await measure(order, hits, contestants, makeTokens)));
    await Promise.all(contestants.map((one) => one.close?.()));
    return cells;
  } finally {
    await endpoint.end();
  }
});

/** @throws Error when a subject admits what it must refuse, or the other way round: its figures would mean nothing. */
async function assertVerdicts(
  contestants: readonly Contestant[],
  good: readonly string[],
  refused: readonly string[],
): Promise<void> {
  for (const { introspector, prepare, admits } of contestants) {
    const admitted = await runInFlight([...good, ...refused].map(prepare), 1, admits);
    const first = await runInFlight(good.map(prepare), 1, admits);
    if (admitted !== good.length || first !== good.length) throw new Error(`${introspector.name}: a wrong verdict`);
  }
}

async function measure(
  { attempts, rounds }: IntrospectionOrder,
  hits: number,
  contestants: readonly Contestant[],
  makeTokens: (count: number) => Promise<readonly string[]>,
): Promise<readonly IntrospectionCell[]> {
  const eventLoop = new Readings();
  const total = new Readings();
  const known = await makeTokens(knownTokens);
  // Round 0 warms the code up.
  for (let round = 0; round <= rounds; round++) {
    const fresh = await makeTokens(attempts);
    const tokens = fresh.map((token, at) => (at % 100 < hits ? (known[at % knownTokens] ?? token) : token));
    for (const contestant of turned(contestants, round)) {
      const cost = await costOf(contestant, known, shuffled(tokens));
      if (round === 0) continue;
      eventLoop.add(contestant.introspector.name, cost.eventLoop);
      total.add(contestant.introspector.name, cost.total);
    }
  }
  return contestants.map(({ introspector: { name: subject } }) => ({
    ...{ hits, subject },
    ...{ eventLoop: eventLoop.of(subject), total: total.of(subject) },
  }));
}

async function costOf(
  { introspector, prepare, admits }: Contestant,
  known: readonly string[],
  tokens: readonly string[],
): Promise<CpuTime> {
  await runInFlight(known.map(prepare), inFlight, admits);
  const attempts = tokens.map(prepare);
  collectYoung();
  const start = readCpu();
  const admitted = await runInFlight(attempts, inFlight, admits);
  const cost = cpuSince(start, attempts.length);
  if (admitted !== tokens.length) throw new Error(`${introspector.name}: ${admitted} of ${tokens.length} admitted`);
  return cost;
}

/** Known and new ones in turn, not in blocks: with a stride that has no factor in common with any number of tokens in use here. */
function shuffled(tokens: readonly string[]): readonly string[] {
  return tokens.map((token, at) => tokens[(at * 7919) % tokens.length] ?? token);
}
