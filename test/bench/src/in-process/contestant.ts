import type { MockIssuer } from '@resource-server/mock-issuer';
import type { Attempt } from '../measure/in-flight.js';
import type { Library, OpenLibrary } from '../subjects/libraries/library.js';
import { makeTokens, refusedSamples } from '../subjects/tokens.js';
import type { Algorithm, World } from '../subjects/world.js';

/** A library with its options applied, whose decisions were verified. */
export interface Contestant extends OpenLibrary {
  readonly library: Library;
}

/**
 * Figures of a library that does not validate tokens would be meaningless.
 *
 * @throws Error when the library accepts a token that it must refuse, or refuses a valid one
 */
export async function openContestants(
  chosen: readonly Library[],
  world: World,
  issuer: MockIssuer,
): Promise<readonly Contestant[]> {
  const contestants: Contestant[] = [];
  for (const library of chosen.filter((one) => one.algorithms.includes(world.alg))) {
    const contestant = { library, ...(await library.open(world)) };
    await assertDecisions(contestant, issuer, world.alg);
    contestants.push(contestant);
  }
  return contestants;
}

async function assertDecisions(contestant: Contestant, issuer: MockIssuer, alg: Algorithm): Promise<void> {
  const { library, prepare, accepts } = contestant;
  const [good = ''] = await makeTokens(issuer, alg, 'good', 1);
  // The second pass may be answered from a cache.
  for (let time = 0; time < 2; time++) {
    if (!(await isAccepted(prepare(good), accepts))) throw new Error(`${library.name} refuses a valid ${alg} token`);
  }
  if (library.isLimit) return;
  for (const [what, token] of await refusedSamples(issuer, alg)) {
    if (await isAccepted(prepare(token), accepts)) throw new Error(`${library.name} accepts ${what} (${alg})`);
  }
}

async function isAccepted(attempt: Attempt, accepts: OpenLibrary['accepts']): Promise<boolean> {
  try {
    return accepts(await attempt());
  } catch {
    return false;
  }
}
