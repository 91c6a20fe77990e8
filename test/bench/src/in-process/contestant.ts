import type { MockIssuer } from '@resource-server/mock-issuer';
import type { Attempt } from '../measure/in-flight.js';
import type { Library, OpenLibrary } from '../subjects/libraries/library.js';
import { makeTokens, refusedSamples } from '../subjects/tokens.js';
import type { Algorithm, World } from '../subjects/world.js';

/** A library that was opened, and whose verdicts were seen to be right. */
export interface Contestant extends OpenLibrary {
  readonly library: Library;
}

/** @throws Error when the library admits what it must refuse, or the other way round: its figures would mean nothing. */
export async function openContestants(
  chosen: readonly Library[],
  world: World,
  issuer: MockIssuer,
): Promise<readonly Contestant[]> {
  const contestants: Contestant[] = [];
  for (const library of chosen.filter((one) => one.algorithms.includes(world.alg))) {
    const contestant = { library, ...(await library.open(world)) };
    await assertVerdicts(contestant, issuer, world.alg);
    contestants.push(contestant);
  }
  return contestants;
}

async function assertVerdicts(contestant: Contestant, issuer: MockIssuer, alg: Algorithm): Promise<void> {
  const { library, prepare, admits } = contestant;
  const [good = ''] = await makeTokens(issuer, alg, 'good', 1);
  // The second time, a cache may answer.
  for (let time = 0; time < 2; time++) {
    if (!(await isAdmitted(prepare(good), admits))) throw new Error(`${library.name} refuses a good ${alg} token`);
  }
  if (library.isLimit) return;
  for (const [what, token] of await refusedSamples(issuer, alg)) {
    if (await isAdmitted(prepare(token), admits)) throw new Error(`${library.name} admits ${what} (${alg})`);
  }
}

async function isAdmitted(attempt: Attempt, admits: OpenLibrary['admits']): Promise<boolean> {
  try {
    return admits(await attempt());
  } catch {
    return false;
  }
}
