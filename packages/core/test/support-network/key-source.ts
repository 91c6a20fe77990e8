import type { JsonObject } from '../../src/jws/json.js';
import { KeyLoader } from '../../src/keys/key-loader.js';
import { type KeySettings, RemoteKeySource, type Seed } from '../../src/keys/remote-key-source.js';
import { Refusal } from '../../src/model/refusal.js';
import { keyRules } from '../support/key-rules.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';
import { makeJwk, named, tokenNaming } from './keys.js';
import { ScriptedFetcher } from './scripted-fetcher.js';

const jwksUri = 'https://keys.example/jwks';

/** A remote key source with a scripted HTTP client and a frozen clock. */
export interface SourceUnderTest {
  readonly source: RemoteKeySource;
  readonly clock: FrozenClock;
  /** Fetches of the key set so far. */
  readonly fetches: number;
  /** Sets the answer to the next fetches: see `ScriptedFetcher.answer`. */
  answer(answer: unknown, freshSeconds?: number): void;
  /** Publishes a key set with keys of these kids. */
  publish(...kids: readonly string[]): void;
  /** The result of the look-up of a kid: the kid, or the code of the refusal. */
  find(kid: string | undefined): Promise<string | undefined>;
  /** The refusal of the look-up of a kid. */
  refusalOf(kid: string): Promise<Refusal>;
}

const jwks = new Map<string, JsonObject>();

function jwkOf(kid: string): JsonObject {
  const jwk = jwks.get(kid) ?? makeJwk('P-256', { kid });
  jwks.set(kid, jwk);
  return jwk;
}

export function keySet(...kids: readonly string[]): { keys: readonly JsonObject[] } {
  return { keys: kids.map(jwkOf) };
}

/**
 * By default the set has the key `a`. It is fresh for 600 s and then stale for 3600 s; the cooldown
 * is 30 s, and no test reaches the timeout.
 */
export function sourceUnderTest(settings: Partial<KeySettings> = {}, seed?: Seed): SourceUnderTest {
  const fetcher = new ScriptedFetcher();
  const clock = frozenClock();
  const location = {
    issuer: 'https://issuer.example',
    jwksUri: new URL(jwksUri),
    rules: keyRules(),
    terms: { plainHttp: 'never', hosts: undefined, addresses: 'any' },
  } as const;
  const all = { maxAgeSeconds: 600, staleMaxSeconds: 3600, cooldownSeconds: 30, timeoutSeconds: 60, ...settings };
  const source = new RemoteKeySource(location.issuer, new KeyLoader(location, fetcher), all, clock, seed);
  fetcher.answer(jwksUri, keySet('a'));
  return {
    source,
    clock,
    get fetches() {
      return fetcher.count(jwksUri);
    },
    answer: (answer, freshSeconds) => fetcher.answer(jwksUri, answer, freshSeconds),
    publish: (...kids) => fetcher.answer(jwksUri, keySet(...kids)),
    find: async (kid) => named(await source.find(tokenNaming(kid))),
    async refusalOf(kid) {
      const found = await source.find(tokenNaming(kid));
      if (!(found instanceof Refusal)) throw new Error(`${kid} was found`);
      return found;
    },
  };
}

/** An array of `count` results of `make`. */
export function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
