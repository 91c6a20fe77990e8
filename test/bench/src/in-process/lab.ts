import type { MockIssuer } from '@resource-server/mock-issuer';
import { answerParent } from '../measure/child.js';
import { cpuSince, readCpu } from '../measure/cpu-clock.js';
import { collectYoung } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { Readings, rotated } from '../measure/rounds.js';
import { libraries } from '../subjects/libraries/index.js';
import { makeTokens } from '../subjects/tokens.js';
import { type Algorithm, openWorld } from '../subjects/world.js';
import { measureAllocation } from './allocation.js';
import type { Condition } from './conditions.js';
import { type Contestant, openContestants } from './contestant.js';

/** A message to the measuring process: what to measure. */
export interface LabOrder {
  readonly alg: Algorithm;
  readonly subjects: readonly string[];
  readonly conditions: readonly Condition[];
  readonly rounds: number;
  /** Validations before all rounds. */
  readonly warmUp: number;
  /** When given, allocation is measured instead of CPU time, over this number of validations. */
  readonly allocationOf?: number;
}

/** Microseconds a validation, one reading per round. */
export interface Cell {
  readonly condition: string;
  readonly alg: Algorithm;
  readonly subject: string;
  readonly eventLoop: readonly number[];
  readonly total: readonly number[];
}

answerParent(async (order: LabOrder) => {
  const { world, issuer } = await openWorld(order.alg);
  const chosen = libraries.filter(({ name }) => order.subjects.includes(name));
  const contestants = await openContestants(chosen, world, issuer);
  const tokens = await makeTokens(issuer, order.alg, 'good', order.warmUp);
  for (const { prepare, accepts } of contestants) await runInFlight(tokens.map(prepare), 64, accepts);
  const result =
    order.allocationOf === undefined
      ? await measureCpu(order, contestants, issuer)
      : await measureAllocation(contestants, issuer, order.alg, order.allocationOf);
  await Promise.all(contestants.map((one) => one.close?.()));
  await issuer.close();
  return result;
});

async function measureCpu(order: LabOrder, contestants: readonly Contestant[], issuer: MockIssuer): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const condition of order.conditions)
    cells.push(...(await measureCondition(order, condition, contestants, issuer)));
  return cells;
}

async function measureCondition(
  { alg, rounds }: LabOrder,
  condition: Condition,
  contestants: readonly Contestant[],
  issuer: MockIssuer,
): Promise<Cell[]> {
  const measured = contestants.filter(({ library }) => condition.kind === 'good' || !library.isLimit);
  const eventLoop = new Readings();
  const total = new Readings();
  const kept = condition.isWarm ? await makeTokens(issuer, alg, condition.kind, condition.tokens) : undefined;
  // Round 0 compiles the code, and fills the caches when all rounds use the same tokens.
  for (let round = 0; round <= rounds; round++) {
    const tokens = kept ?? (await makeTokens(issuer, alg, condition.kind, condition.tokens));
    for (const contestant of rotated(measured, round)) {
      const cost = await costOf(contestant, condition, tokens);
      if (round === 0) continue;
      eventLoop.add(contestant.library.name, cost.eventLoop);
      total.add(contestant.library.name, cost.total);
    }
  }
  return measured.map(({ library: { name: subject } }) => ({
    ...{ condition: condition.name, alg, subject },
    ...{ eventLoop: eventLoop.of(subject), total: total.of(subject) },
  }));
}

async function costOf({ library, prepare, accepts }: Contestant, condition: Condition, tokens: readonly string[]) {
  const { attempts: count, inFlight, kind } = condition;
  const attempts = Array.from({ length: count }, (_, at) => prepare(tokens[at % tokens.length] ?? ''));
  // One forged kid is sent first: if it causes a fetch of keys, the others fall into the cooldown.
  if (kind === 'forged kid') await runInFlight(attempts.splice(0, 1), 1, accepts);
  collectYoung();
  const start = readCpu();
  const accepted = await runInFlight(attempts, inFlight, accepts);
  const cost = cpuSince(start, attempts.length);
  const expected = kind === 'good' ? attempts.length : 0;
  if (accepted !== expected)
    throw new Error(`${library.name}, ${condition.name}: ${accepted} accepted, expected ${expected}`);
  return cost;
}
