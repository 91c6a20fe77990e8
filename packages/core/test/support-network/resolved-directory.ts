import { LruResolutionCache } from '../../src/cache/resolution-cache.js';
import { Refusal } from '../../src/model/refusal.js';
import { ResolvedIssuers } from '../../src/token/resolved-issuers.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';
import { type Deferred, deferred } from './scripted-fetcher.js';

/** A call of the resolver of the application, which the test answers. */
interface ResolverCall extends Deferred<string | undefined> {
  readonly identifier: string;
  readonly known: string | undefined;
}

/** A directory of resolved issuers with a frozen clock. The test answers for the application. */
export interface DirectoryUnderTest {
  readonly clock: FrozenClock;
  /** The resolver calls so far. */
  readonly calls: ResolverCall[];
  /** The result for a name: the issuer, or the code of the refusal. */
  find(identifier: string): Promise<string>;
  /** The same, with this answer to the resolver call that it causes. */
  findWithAnswer(identifier: string, answer: string | undefined): Promise<string>;
  trusted(): unknown[];
}

/** Issuers are trusted for 600 s and refused for 30 s. By default no test reaches the timeout. */
export function directoryUnderTest({ timeoutSeconds = 60 } = {}): DirectoryUnderTest {
  const clock = frozenClock();
  const calls: ResolverCall[] = [];
  const settings = {
    resolve: (identifier: string, known: string | undefined) => {
      const call = { ...deferred<string | undefined>(), identifier, known };
      calls.push(call);
      return call.promise.then((answer) => (answer === undefined ? undefined : () => answer));
    },
    trustedSeconds: 600,
    refusedSeconds: 30,
    timeoutSeconds,
  };
  const issuers = new ResolvedIssuers(settings, new LruResolutionCache<string>(), clock);
  const find = async (issuer: string) => {
    const found = await issuers.find({ issuer });
    return found instanceof Refusal ? found.code : found;
  };
  return {
    clock,
    calls,
    find,
    findWithAnswer(identifier, answer) {
      const lookup = find(identifier);
      calls.at(-1)?.resolve(answer);
      return lookup;
    },
    trusted: () => [...issuers.trusted()],
  };
}
