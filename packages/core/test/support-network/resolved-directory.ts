import { LruResolutionCache } from '../../src/cache/resolution-cache.js';
import { Refusal } from '../../src/model/refusal.js';
import { ResolvedIssuers } from '../../src/token/resolved-issuers.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';
import { type Deferred, deferred } from './scripted-fetcher.js';

/** A question to the application, to be answered by the test. */
interface Asked extends Deferred<string | undefined> {
  readonly identifier: string;
  readonly known: string | undefined;
}

/** A directory of resolved issuers on a clock that stands, whose application is the test. */
export interface DirectoryUnderTest {
  readonly clock: FrozenClock;
  /** The questions so far. */
  readonly asked: Asked[];
  /** What a name comes to: the issuer, or the code of the refusal. */
  find(identifier: string): Promise<string>;
  /** The same, where the question that it leads to is answered so. */
  findTold(identifier: string, answer: string | undefined): Promise<string>;
  trusted(): unknown[];
}

/** Trusted for 600 s, refused for 30 s, and a patience that no test exhausts. */
export function directoryUnderTest({ timeoutSeconds = 60 } = {}): DirectoryUnderTest {
  const clock = frozenClock();
  const asked: Asked[] = [];
  const settings = {
    resolve: (identifier: string, known: string | undefined) => {
      const question = { ...deferred<string | undefined>(), identifier, known };
      asked.push(question);
      return question.promise.then((answer) => (answer === undefined ? undefined : () => answer));
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
    asked,
    find,
    findTold(identifier, answer) {
      const finding = find(identifier);
      asked.at(-1)?.resolve(answer);
      return finding;
    },
    trusted: () => [...issuers.trusted()],
  };
}
