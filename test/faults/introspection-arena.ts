import type { Harness } from '../suite/harness.js';
import { audience } from '../suite/world.js';
import { type FaultArena, openFaultArena, shortTimeoutSeconds, timeoutSeconds } from './arena.js';
import type { Fault } from './faults.js';
import { cacheSeconds, madeUp } from './introspection-plays.js';

const clientAuthentication = { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' } as const;

/** Settings of an arena with an introspection endpoint. */
interface Settings {
  readonly isCaching: boolean;
  /** The size of the cache of active answers, and of the cache of inactive answers. */
  readonly maxEntries?: number;
  readonly endpoint?: string;
}

/** The server of the arena is an introspection endpoint: every token is active but made-up ones. */
export async function openIntrospection(
  harness: Harness,
  { isEndless }: Pick<Fault, 'isEndless'>,
  { isCaching, maxEntries = 10_000, endpoint }: Settings,
): Promise<FaultArena> {
  const arena = await openFaultArena(harness, ({ issuer, jwksUri }) => ({
    options: {
      issuer: { issuer, introspection: { endpoint: endpoint ?? jwksUri, clientAuthentication } },
      keys: { timeoutSeconds: isEndless ? shortTimeoutSeconds : timeoutSeconds },
      ...(isCaching && { introspectionCache: { ...cacheSeconds, maxEntries } }),
    },
    good: async () => 'good',
  }));
  arena.publish((request) => (request.includes(madeUp) ? { active: false } : { active: true, aud: audience }));
  return arena;
}
