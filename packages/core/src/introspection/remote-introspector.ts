import { hash, randomBytes } from 'node:crypto';
import { Semaphore } from '../async/semaphore.js';
import { withTimeout } from '../async/with-timeout.js';
import { type Clock, Moment } from '../model/clock.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import {
  type AnswerCache,
  type CachedAnswer,
  type IntrospectionStatus,
  type Introspector,
  NetworkError,
} from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import { type Credential, IntrospectedToken } from '../model/stages.js';
import { asNetworkError, CircuitBreaker } from './circuit-breaker.js';
import type { EndpointSource } from './endpoint-source.js';
import type { IntrospectionCall } from './introspection-call.js';
import type { IntrospectionAnswer } from './read-answer.js';

/** How long answers may be repeated, in seconds. */
export interface AnswerTimes {
  readonly positiveSeconds: number;
  readonly negativeSeconds: number;
}

/** What an introspector is set to. */
export interface IntrospectorSettings {
  readonly issuer: string;
  /** Who asks whom: answers of one endpoint to one client are those of no other. */
  readonly identity: readonly string[];
  /** How long one request waits in all. */
  readonly timeoutSeconds: number;
  readonly times: AnswerTimes;
  readonly clock: Clock;
}

/** What was said of a token, now or before. */
type Said = Pick<IntrospectionAnswer, 'claims'>;

/** With so many calls under way the next ones wait; with so many waiting, the next are turned away. */
const maxInFlight = 64;
const maxWaiting = 1024;

const inactive = new Refusal('token_inactive', { expected: 'an active token, says its issuer' });

/**
 * Asks an issuer about tokens. One call for all that wait for the same answer, tied to none of them; so many calls at a time, and one more
 * to see how the endpoint is; none while it is failing.
 */
export class RemoteIntrospector implements Introspector {
  readonly #settings: IntrospectorSettings;
  readonly #call: IntrospectionCall;
  readonly #endpoint: EndpointSource;
  readonly #cache: AnswerCache | undefined;
  readonly #health: CircuitBreaker;
  readonly #turns: Semaphore;
  readonly #flights = new Map<string, Promise<IntrospectionAnswer | Refusal>>();
  readonly #identity: string;
  #calls = 0;

  constructor(
    settings: IntrospectorSettings,
    call: IntrospectionCall,
    endpoint: EndpointSource,
    memory: AnswerCache | undefined,
  ) {
    this.#settings = settings;
    this.#call = call;
    this.#endpoint = endpoint;
    this.#cache = memory;
    const see = () => this.#askNow(randomBytes(32).toString('base64url'));
    this.#health = new CircuitBreaker(settings.clock, see, call.refusals);
    this.#turns = new Semaphore({
      maxAtOnce: maxInFlight,
      maxWaiting,
      // The rest of a request's time is for its call.
      maxWaitMilliseconds: settings.timeoutSeconds * 500,
    });
    this.#identity = hash('sha256', JSON.stringify(settings.identity), 'base64url');
  }

  introspect(credential: Credential, ownExpiry?: number): MaybePromise<IntrospectedToken | Refusal> {
    const key = `${this.#identity}.${credential.digest}`;
    return chain<Said | Refusal, IntrospectedToken | Refusal>(
      this.#fromCache(key, ownExpiry) ?? this.#ask(key, credential),
      (answer) => {
        if (answer instanceof Refusal) return answer;
        const { claims } = answer;
        return claims === undefined ? inactive : new IntrospectedToken(credential, this.#settings.issuer, claims);
      },
    );
  }

  async ready(): Promise<Refusal | undefined> {
    const found = this.#endpoint.find().then(
      () => undefined,
      (failure: unknown) => this.#unavailable(asNetworkError(failure)),
    );
    return withTimeout(this.#settings.timeoutSeconds * 1000, found, () => this.#unavailable());
  }

  status(): IntrospectionStatus {
    const { failure, secondsUntilNext } = this.#health;
    return Object.freeze({
      calls: this.#calls,
      inFlight: this.#turns.taken,
      ...(failure !== undefined && { lastError: failure.code, nextAttemptSeconds: secondsUntilNext }),
    });
  }

  /** An answer that may still be repeated: not past its own time, and none past the end of its token. */
  #fromCache(key: string, ownExpiry: number | undefined): CachedAnswer | undefined {
    const known = this.#cache?.get(key);
    if (known === undefined) return undefined;
    const { clock } = this.#settings;
    const end = Math.min(known.expiresAt ?? Number.POSITIVE_INFINITY, ownExpiry ?? Number.POSITIVE_INFINITY);
    const isExpired = !(clock.now() / 1000 < end);
    return isExpired || !(known.answeredAt.age(clock) < known.seconds * 1000) ? undefined : known;
  }

  /** Waits for the answer no longer than a request may; the call goes on for whoever else waits for it. */
  #ask(key: string, credential: Credential): Promise<IntrospectionAnswer | Refusal> {
    const flight = this.#flights.get(key) ?? this.#takeOff(key, credential.token);
    return withTimeout(this.#settings.timeoutSeconds * 1000, flight, () => this.#unavailable());
  }

  #takeOff(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    const flight = this.#fly(key, token).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Never rejects. */
  async #fly(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    if (!(await this.#health.permits())) return this.#unavailable();
    if (!(await this.#turns.take())) return overloaded;
    let failure: NetworkError;
    let looked: Promise<void>;
    try {
      // It may have begun to fail while this one waited.
      if (!(await this.#health.admits())) return this.#unavailable();
      const answer = await this.#askNow(token);
      this.#health.answered();
      this.#store(key, answer);
      return answer;
    } catch (cause) {
      failure = asNetworkError(cause);
      // Before the turn goes on: whoever gets it waits for what the look shows.
      looked = this.#health.stumbled(failure);
    } finally {
      this.#turns.leave();
    }
    await looked;
    return this.#unavailable(this.#health.failure ?? failure);
  }

  #askNow(token: string): Promise<IntrospectionAnswer> {
    this.#calls += 1;
    return this.#call.ask(token);
  }

  #store(key: string, { claims, octets }: IntrospectionAnswer): void {
    const { times, clock } = this.#settings;
    const seconds = claims === undefined ? times.negativeSeconds : times.positiveSeconds;
    if (this.#cache === undefined || seconds === 0) return;
    const exp = claims?.['exp'];
    const expiresAt = typeof exp === 'number' ? exp : undefined;
    this.#cache.set(key, { claims, answeredAt: Moment.of(clock), seconds, expiresAt }, octets);
  }

  #unavailable(cause: NetworkError = this.#health.failure ?? tooLate): Refusal {
    return new Refusal('introspection_unavailable', {
      expected: `an answer of the introspection endpoint (${cause.message})`,
      cause,
      retryAfterSeconds: this.#health.secondsUntilNext,
    });
  }
}

const tooLate = new NetworkError('timeout', 'no answer in time');
const overloaded = new Refusal('introspection_unavailable', { expected: 'a turn in time', retryAfterSeconds: 1 });
