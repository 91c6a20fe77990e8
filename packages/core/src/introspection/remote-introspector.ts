import { hash } from 'node:crypto';
import { after, type Eventually } from '../model/eventually.js';
import { failureName } from '../model/failure-name.js';
import {
  type AnswerMemory,
  type Clock,
  type IntrospectionStatus,
  type Introspector,
  NetworkError,
  type RememberedAnswer,
} from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import { type Credential, IntrospectedToken } from '../model/stages.js';
import { RetrySchedule } from '../waiting/retry-schedule.js';
import { Turns } from '../waiting/turns.js';
import { waitAtMost } from '../waiting/wait-at-most.js';
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
 * Asks an issuer about tokens. One call for all that wait for the same answer, tied to none of them; so many calls at a time; none
 * while the endpoint is failing.
 */
export class RemoteIntrospector implements Introspector {
  readonly #settings: IntrospectorSettings;
  readonly #call: IntrospectionCall;
  readonly #endpoint: EndpointSource;
  readonly #memory: AnswerMemory | undefined;
  readonly #retry: RetrySchedule;
  readonly #turns: Turns;
  readonly #flights = new Map<string, Promise<IntrospectionAnswer | Refusal>>();
  readonly #identity: string;
  /** The first call after a failure, which the others wait for: an endpoint that comes back is not met by all of them at once. */
  #trial: Promise<unknown> | undefined;
  #calls = 0;
  #failures = 0;

  constructor(
    settings: IntrospectorSettings,
    call: IntrospectionCall,
    endpoint: EndpointSource,
    memory: AnswerMemory | undefined,
  ) {
    this.#settings = settings;
    this.#call = call;
    this.#endpoint = endpoint;
    this.#memory = memory;
    this.#retry = new RetrySchedule(settings.clock);
    this.#turns = new Turns({
      maxAtOnce: maxInFlight,
      maxWaiting,
      maxWaitMilliseconds: settings.timeoutSeconds * 1000,
    });
    this.#identity = hash('sha256', JSON.stringify(settings.identity), 'base64url');
  }

  introspect(credential: Credential): Eventually<IntrospectedToken | Refusal> {
    const key = `${this.#identity}.${credential.digest}`;
    return after<Said | Refusal, IntrospectedToken | Refusal>(
      this.#recall(key) ?? this.#ask(key, credential),
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
    return waitAtMost(this.#settings.timeoutSeconds * 1000, found, () => this.#unavailable());
  }

  status(): IntrospectionStatus {
    const { lastFailure } = this.#retry;
    return Object.freeze({
      calls: this.#calls,
      inFlight: this.#turns.taken,
      ...(lastFailure !== undefined && {
        lastError: lastFailure.code,
        nextAttemptSeconds: this.#retry.secondsUntilNext(Number.NEGATIVE_INFINITY),
      }),
    });
  }

  /** An answer that may still be repeated: not past its own time, and none past the end of its token. */
  #recall(key: string): RememberedAnswer | undefined {
    const known = this.#memory?.recall(key);
    if (known === undefined) return undefined;
    const { clock } = this.#settings;
    const isExpired = known.expiresAt !== undefined && !(clock.now() / 1000 < known.expiresAt);
    return isExpired || !(clock.monotonic() < known.until) ? undefined : known;
  }

  /** Waits for the answer no longer than a request may; the call goes on for whoever else waits for it. */
  #ask(key: string, credential: Credential): Promise<IntrospectionAnswer | Refusal> {
    const flight = this.#flights.get(key) ?? this.#takeOff(key, credential.token);
    return waitAtMost(this.#settings.timeoutSeconds * 1000, flight, () => this.#unavailable());
  }

  #takeOff(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    const flight = this.#fly(key, token).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Never rejects. */
  async #fly(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    if (!this.#retry.due) return this.#unavailable();
    if (!(await this.#turns.take())) return overloaded;
    try {
      while (this.#trial !== undefined) await this.#trial;
      // It may have begun to fail while this one waited.
      if (!this.#retry.due) return this.#unavailable();
      const call = this.#callNow(key, token);
      if (this.#retry.failed) this.#tryWith(call);
      return await call;
    } finally {
      this.#turns.leave();
    }
  }

  #tryWith(call: Promise<unknown>): void {
    this.#trial = call.finally(() => {
      this.#trial = undefined;
    });
  }

  async #callNow(key: string, token: string): Promise<IntrospectionAnswer | Refusal> {
    const failuresBefore = this.#failures;
    this.#calls += 1;
    try {
      const answer = await this.#call.ask(token);
      this.#retry.succeed();
      this.#remember(key, answer);
      return answer;
    } catch (cause) {
      const failure = asNetworkError(cause);
      // Of many calls that fail together one counts: they are one failure.
      if (failuresBefore === this.#failures && !isAboutTheToken(failure)) {
        this.#failures += 1;
        this.#retry.fail(failure);
      }
      return this.#unavailable(failure);
    }
  }

  #remember(key: string, { claims, octets }: IntrospectionAnswer): void {
    const { times, clock } = this.#settings;
    const seconds = claims === undefined ? times.negativeSeconds : times.positiveSeconds;
    if (this.#memory === undefined || seconds === 0) return;
    const exp = claims?.['exp'];
    const expiresAt = typeof exp === 'number' ? exp : undefined;
    this.#memory.remember(key, { claims, until: clock.monotonic() + seconds * 1000, expiresAt }, octets);
  }

  #unavailable(cause: NetworkError = this.#retry.lastFailure ?? tooLate): Refusal {
    return new Refusal('introspection_unavailable', {
      expected: `an answer of the introspection endpoint (${cause.message})`,
      cause,
      retryAfterSeconds: this.#retry.secondsUntilNext(Number.NEGATIVE_INFINITY),
    });
  }
}

const tooLate = new NetworkError('timeout', 'no answer in time');
const overloaded = new Refusal('introspection_unavailable', { expected: 'a turn in time', retryAfterSeconds: 1 });

/**
 * Whether a server refused the question, not the asker: such a token must not keep others from being asked about. RFC 7662 section 2.2
 * wants an answer for it.
 */
function isAboutTheToken({ status }: NetworkError): boolean {
  return status === 400 || status === 413 || status === 414 || status === 422;
}

function asNetworkError(failure: unknown): NetworkError {
  if (failure instanceof NetworkError) return failure;
  return new NetworkError('bad_document', failureName(failure), { cause: failure });
}
