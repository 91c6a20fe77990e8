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

/** How long answers are cached, in seconds. With 0 they are not cached. */
export interface AnswerTimes {
  /** For active tokens. */
  readonly positiveSeconds: number;
  /** For inactive tokens. */
  readonly negativeSeconds: number;
}

/** Settings of an introspector. */
export interface IntrospectorSettings {
  readonly issuer: string;
  /**
   * Identifies the endpoint and our client id there. Cached answers of one endpoint to one client
   * are never used for another.
   */
  readonly identity: readonly string[];
  /** How long one request waits in total. */
  readonly timeoutSeconds: number;
  readonly times: AnswerTimes;
  readonly clock: Clock;
}

/** The claims of a new or a cached answer. */
type AnswerClaims = Pick<IntrospectionAnswer, 'claims'>;

/** Limit for the calls in flight. Further calls wait. */
const maxInFlight = 64;
/** Limit for the waiting calls. Further calls are refused. */
const maxWaiting = 1024;

const inactive = new Refusal('token_inactive', { expected: 'active: true in the introspection answer' });

/**
 * Introspects tokens at the endpoint of one issuer.
 *
 * Requests for the same token share one call. A request that is aborted does not cancel the call.
 * A semaphore limits the calls in flight; a probe of the circuit breaker needs no slot. While the
 * circuit is open, the endpoint is not called.
 */
export class RemoteIntrospector implements Introspector {
  readonly #settings: IntrospectorSettings;
  readonly #endpointCall: IntrospectionCall;
  readonly #endpoint: EndpointSource;
  readonly #cache: AnswerCache | undefined;
  readonly #circuit: CircuitBreaker;
  readonly #slots: Semaphore;
  readonly #pendingAnswers = new Map<string, Promise<IntrospectionAnswer | Refusal>>();
  readonly #identity: string;
  #calls = 0;

  constructor(
    settings: IntrospectorSettings,
    endpointCall: IntrospectionCall,
    endpoint: EndpointSource,
    cache: AnswerCache | undefined,
  ) {
    this.#settings = settings;
    this.#endpointCall = endpointCall;
    this.#endpoint = endpoint;
    this.#cache = cache;
    const callWithRandomToken = () => this.#call(randomBytes(32).toString('base64url'));
    this.#circuit = new CircuitBreaker(settings.clock, callWithRandomToken, endpointCall.credentialStatuses);
    this.#slots = new Semaphore({
      maxAtOnce: maxInFlight,
      maxWaiting,
      // The other half of a request's timeout is left for the call itself.
      maxWaitMilliseconds: settings.timeoutSeconds * 500,
    });
    this.#identity = hash('sha256', JSON.stringify(settings.identity), 'base64url');
  }

  introspect(credential: Credential, ownExpiry?: number): MaybePromise<IntrospectedToken | Refusal> {
    const key = `${this.#identity}.${credential.digest}`;
    return chain<AnswerClaims | Refusal, IntrospectedToken | Refusal>(
      this.#fromCache(key, ownExpiry) ?? this.#fromEndpoint(key, credential),
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
    const { failure, secondsUntilNext } = this.#circuit;
    return Object.freeze({
      calls: this.#calls,
      inFlight: this.#slots.taken,
      ...(failure !== undefined && { lastError: failure.code, nextAttemptSeconds: secondsUntilNext }),
    });
  }

  /** A cached answer, if its lifetime has not ended and its token has not expired. */
  #fromCache(key: string, ownExpiry: number | undefined): CachedAnswer | undefined {
    const cached = this.#cache?.get(key);
    if (cached === undefined) return undefined;
    const { clock } = this.#settings;
    const end = Math.min(cached.expiresAt ?? Number.POSITIVE_INFINITY, ownExpiry ?? Number.POSITIVE_INFINITY);
    const isExpired = !(clock.now() / 1000 < end);
    return isExpired || !(cached.answeredAt.age(clock) < cached.seconds * 1000) ? undefined : cached;
  }

  /**
   * Waits for the answer until the timeout of one request. The call continues for other requests
   * that wait for it.
   */
  #fromEndpoint(key: string, credential: Credential): Promise<IntrospectionAnswer | Refusal> {
    const answer = this.#pendingAnswers.get(key) ?? this.#startCall(key, credential.token);
    return withTimeout(this.#settings.timeoutSeconds * 1000, answer, () => this.#unavailable());
  }

  #startCall(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    const answer = this.#callWithinLimits(key, token).finally(() => this.#pendingAnswers.delete(key));
    this.#pendingAnswers.set(key, answer);
    return answer;
  }

  /** Calls the endpoint when the circuit breaker and the semaphore allow it. Never rejects. */
  async #callWithinLimits(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    if (!(await this.#circuit.allowsCalls())) return this.#unavailable();
    if (!(await this.#slots.acquire())) return overloaded;
    let failure: NetworkError;
    let recorded: Promise<void>;
    try {
      // The circuit may have opened while this call waited for a slot.
      if (!(await this.#circuit.reserveCall())) return this.#unavailable();
      const answer = await this.#call(token);
      this.#circuit.recordSuccess();
      this.#store(key, answer);
      return answer;
    } catch (cause) {
      failure = asNetworkError(cause);
      // Recorded before the slot is released: the call that gets the slot then waits for the result
      // of the probe.
      recorded = this.#circuit.recordFailure(failure);
    } finally {
      this.#slots.release();
    }
    await recorded;
    return this.#unavailable(this.#circuit.failure ?? failure);
  }

  #call(token: string): Promise<IntrospectionAnswer> {
    this.#calls += 1;
    return this.#endpointCall.send(token);
  }

  #store(key: string, { claims, octets }: IntrospectionAnswer): void {
    const { times, clock } = this.#settings;
    const seconds = claims === undefined ? times.negativeSeconds : times.positiveSeconds;
    if (this.#cache === undefined || seconds === 0) return;
    const exp = claims?.['exp'];
    const expiresAt = typeof exp === 'number' ? exp : undefined;
    this.#cache.set(key, { claims, answeredAt: Moment.of(clock), seconds, expiresAt }, octets);
  }

  #unavailable(cause: NetworkError = this.#circuit.failure ?? timedOut): Refusal {
    return new Refusal('introspection_unavailable', {
      expected: `an answer from the introspection endpoint (${cause.message})`,
      cause,
      retryAfterSeconds: this.#circuit.secondsUntilNext,
    });
  }
}

const timedOut = new NetworkError('timeout', 'no answer in time');
const overloaded = new Refusal('introspection_unavailable', {
  expected: 'a free introspection slot in time',
  retryAfterSeconds: 1,
});
