import type { Harness } from '../suite/harness.js';
import { audience } from '../suite/world.js';
import { type FaultArena, openFaultArena, shortTimeoutSeconds, timeoutSeconds } from './arena.js';
import type { Fault } from './faults.js';
import { madeUp, remembered } from './introspection-plays.js';

const clientAuthentication = { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' } as const;

/** What an arena with an introspection endpoint may be told of it. */
interface Terms {
  readonly isRemembering: boolean;
  /** How many answers of either kind are remembered. */
  readonly maxEntries?: number;
  readonly endpoint?: string;
}

/** The arena's server as an introspection endpoint: everything is active but what was made up. */
export async function openIntrospection(
  harness: Harness,
  { isEndless }: Pick<Fault, 'isEndless'>,
  { isRemembering, maxEntries = 10_000, endpoint }: Terms,
): Promise<FaultArena> {
  const arena = await openFaultArena(harness, ({ issuer, jwksUri }) => ({
    options: {
      issuer: { issuer, introspection: { endpoint: endpoint ?? jwksUri, clientAuthentication } },
      keys: { timeoutSeconds: isEndless ? shortTimeoutSeconds : timeoutSeconds },
      ...(isRemembering && { introspectionCache: { ...remembered, maxEntries } }),
    },
    good: async () => 'good',
  }));
  arena.publish((request) => (request.includes(madeUp) ? { active: false } : { active: true, aud: audience }));
  return arena;
}
