import { answerParent, Child } from '../measure/child.js';
import { type CpuTime, cpuSince, readCpu } from '../measure/cpu-clock.js';
import { collectYoung } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { Readings, rotated } from '../measure/rounds.js';
import { introspectors } from '../subjects/introspectors/index.js';
import type { Introspector, Registration } from '../subjects/introspectors/introspector.js';
import type { OpenLibrary } from '../subjects/libraries/library.js';
import type { EndpointOrder } from './introspection-endpoint.js';

/** A message to the measuring process: what to measure. */
export interface IntrospectionOrder {
  readonly subjects: readonly string[];
  /** Shares of tokens that were introspected before, in percent. */
  readonly hits: readonly number[];
  readonly attempts: number;
  readonly rounds: number;
}

/** Microseconds a validation, one reading per round. */
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
    const send = <Answer>(what: EndpointOrder) => endpoint.send<Answer>(what);
    const registration = await send<Registration>({ open: true });
    const makeTokens = (count: number) => send<readonly string[]>({ good: count });
    const contestants: Contestant[] = [];
    for (const introspector of introspectors.filter(({ name }) => order.subjects.includes(name))) {
      contestants.push({ introspector, ...(await introspector.open(registration)) });
    }
    await assertDecisions(contestants, await makeTokens(1), await send<readonly string[]>({ refused: true }));
    const cells: IntrospectionCell[] = [];
    for (const hits of order.hits) cells.push(...(await measure(order, hits, contestants, makeTokens)));
    await Promise.all(contestants.map((one) => one.close?.()));
    return cells;
  } finally {
    await endpoint.end();
  }
});

/**
 * Figures of a subject that does not validate tokens would be meaningless.
 *
 * @throws Error when a subject accepts a token that it must refuse, or refuses a valid one
 */
async function assertDecisions(
  contestants: readonly Contestant[],
  good: readonly string[],
  refused: readonly string[],
): Promise<void> {
  for (const { introspector, prepare, accepts } of contestants) {
    const accepted = await runInFlight([...good, ...refused].map(prepare), 1, accepts);
    const first = await runInFlight(good.map(prepare), 1, accepts);
    if (accepted !== good.length || first !== good.length) throw new Error(`${introspector.name}: a wrong decision`);
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
    for (const contestant of rotated(contestants, round)) {
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
  { introspector, prepare, accepts }: Contestant,
  known: readonly string[],
  tokens: readonly string[],
): Promise<CpuTime> {
  await runInFlight(known.map(prepare), inFlight, accepts);
  const attempts = tokens.map(prepare);
  collectYoung();
  const start = readCpu();
  const accepted = await runInFlight(attempts, inFlight, accepts);
  const cost = cpuSince(start, attempts.length);
  if (accepted !== tokens.length) throw new Error(`${introspector.name}: ${accepted} of ${tokens.length} accepted`);
  return cost;
}

/**
 * Mixes known and new tokens evenly. The stride 7919 is prime, and no number of tokens that is used
 * here is a multiple of it, so every token occurs once.
 */
function shuffled(tokens: readonly string[]): readonly string[] {
  return tokens.map((token, at) => tokens[(at * 7919) % tokens.length] ?? token);
}
