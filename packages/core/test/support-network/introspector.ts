import { EndpointSource } from '../../src/introspection/endpoint-source.js';
import { IntrospectionCall } from '../../src/introspection/introspection-call.js';
import { type AnswerTimes, RemoteIntrospector } from '../../src/introspection/remote-introspector.js';
import type { AnswerMemory } from '../../src/model/ports.js';
import { Refusal } from '../../src/model/refusal.js';
import { Credential } from '../../src/model/stages.js';
import { LruAnswerMemory } from '../../src/store/answer-memory.js';
import { type FrozenClock, frozenClock } from './frozen-clock.js';
import { ScriptedDoor } from './scripted-door.js';

/** What an introspector under test stands on; every part may be shared with another one. */
export interface IntrospectorParts {
  readonly clientId?: string;
  readonly endpoint?: string;
  readonly timeoutSeconds?: number;
  /** Times of the cache; without them there is none. */
  readonly times?: AnswerTimes;
  readonly memory?: AnswerMemory;
  readonly maxEntries?: number;
  readonly door?: ScriptedDoor;
  readonly clock?: FrozenClock;
}

/** A remote introspector on a scripted door and a clock that stands. */
export interface IntrospectorUnderTest {
  readonly introspector: RemoteIntrospector;
  readonly clock: FrozenClock;
  readonly door: ScriptedDoor;
  readonly memory: AnswerMemory | undefined;
  /** Calls so far. */
  readonly calls: number;
  /** What the endpoint says from now on: see `ScriptedDoor.answer`. */
  answer(answer: unknown): void;
  /** What asking about a token comes to: `active`, or the code of the refusal. */
  ask(token?: string): Promise<string>;
  refusalOf(token: string): Promise<Refusal>;
}

const issuer = 'https://issuer.example';

export function introspectorUnderTest(parts: IntrospectorParts = {}): IntrospectorUnderTest {
  const { endpoint = `${issuer}/introspect`, clientId = 'api', timeoutSeconds = 60 } = parts;
  const { door = new ScriptedDoor(), clock = frozenClock(), times } = parts;
  const memory = parts.memory ?? (times && new LruAnswerMemory(parts.maxEntries ?? 10_000));
  const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
  const query = { issuer, member: 'introspection_endpoint', prefersMutualTls: false, terms };
  const source = new EndpointSource(query, 600, door, clock, new URL(endpoint));
  const client = { method: 'client_secret_basic', clientId, secret: 'secret' } as const;
  const call = new IntrospectionCall({ issuer, client, terms, signedAnswer: undefined, clock }, source, door);
  const never = { positiveSeconds: 0, negativeSeconds: 0 };
  const settings = { issuer, identity: [issuer, endpoint, clientId], timeoutSeconds, times: times ?? never, clock };
  const introspector = new RemoteIntrospector(settings, call, source, memory);
  const introspect = async (token: string) => introspector.introspect(new Credential('Bearer', token));
  door.answer(endpoint, { active: true });
  return {
    introspector,
    clock,
    door,
    memory,
    get calls() {
      return door.count(endpoint);
    },
    answer: (answer) => door.answer(endpoint, answer),
    async ask(token = 'token') {
      const answer = await introspect(token);
      return answer instanceof Refusal ? answer.code : 'active';
    },
    async refusalOf(token) {
      const answer = await introspect(token);
      if (answer instanceof Refusal) return answer;
      throw new Error(`${token} is active`);
    },
  };
}
