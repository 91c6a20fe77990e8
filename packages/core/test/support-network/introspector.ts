import { setImmediate } from 'node:timers/promises';
import { EndpointSource } from '../../src/introspection/endpoint-source.js';
import { IntrospectionCall } from '../../src/introspection/introspection-call.js';
import { type IntrospectorSettings, RemoteIntrospector } from '../../src/introspection/remote-introspector.js';
import type { AnswerCache } from '../../src/model/ports.js';
import { Refusal } from '../../src/model/refusal.js';
import { Credential } from '../../src/model/stages.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';
import { IntrospectionFetcher } from './introspection-fetcher.js';

const issuer = 'https://issuer.example';
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;

export const active = Object.freeze({ active: true, sub: 'ada' });
export const inactive = Object.freeze({ active: false });

/** An introspector with a frozen clock and an HTTP client that the test answers. */
export interface IntrospectorUnderTest {
  readonly introspector: RemoteIntrospector;
  readonly clock: FrozenClock;
  readonly fetcher: IntrospectionFetcher;
  /** The verdict on a token: `active`, or the code of the refusal. */
  ask(token: string): Promise<string>;
  /** The refusal of a token. */
  refusalOf(token: string): Promise<Refusal>;
  /** The same, with this answer of the endpoint if it is called. */
  askWithAnswer(token: string, answer: unknown): Promise<string>;
}

interface Parts extends Partial<IntrospectorSettings> {
  readonly cache?: AnswerCache;
  readonly clientId?: string;
  readonly fetcher?: IntrospectionFetcher;
}

/** By default the endpoint is configured, there is no cache, and no test reaches the timeout. */
export function introspectorUnderTest(parts: Parts = {}): IntrospectorUnderTest {
  const clock = frozenClock();
  const { cache, fetcher = new IntrospectionFetcher(), clientId = 'api', ...settings } = parts;
  const client = { method: 'client_secret_post', clientId, secret: 's3cret' } as const;
  const query = { issuer, member: 'introspection_endpoint', terms };
  const endpoint = new EndpointSource(query, 600, fetcher, clock, new URL(`${issuer}/introspect`));
  const call = new IntrospectionCall({ issuer, client, terms, signedAnswer: undefined, clock }, endpoint, fetcher);
  const introspector = new RemoteIntrospector(
    {
      issuer,
      identity: [issuer, clientId],
      timeoutSeconds: 60,
      times: { positiveSeconds: 0, negativeSeconds: 0 },
      clock,
      ...settings,
    },
    call,
    endpoint,
    cache,
  );
  const outcome = async (token: string) => introspector.introspect(new Credential('Bearer', token));
  const ask = async (token: string) => {
    const found = await outcome(token);
    return found instanceof Refusal ? found.code : 'active';
  };
  return {
    introspector,
    clock,
    fetcher,
    ask,
    async refusalOf(token) {
      const found = await outcome(token);
      if (!(found instanceof Refusal)) throw new Error(`${token} is active`);
      return found;
    },
    askWithAnswer(token, answer) {
      fetcher.script = () => answer;
      return ask(token);
    },
  };
}

/** Resolves after everything that needs neither a timer nor the network has happened. */
export async function settled(): Promise<void> {
  await setImmediate();
}
