import { failureName } from '../model/failure-name.js';
import { type Clock, NetworkError } from '../model/ports.js';
import { RetrySchedule } from '../waiting/retry-schedule.js';

/** Whoever had an answer so recently is no stranger to the endpoint: what it refuses then is the question. */
const recentMilliseconds = 60_000;

/**
 * Whether an endpoint is well, as far as anybody knows. One token can make it stumble, and whoever sends tokens chooses them: before it is
 * taken for failing, it is asked about a token of our own making, to which a healthy one has an answer.
 */
export class EndpointHealth {
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  readonly #see: () => Promise<unknown>;
  readonly #refusals: readonly number[];
  #look: Promise<void> | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;

  /**
   * @param see asks about a token of our own making
   * @param refusals statuses by which it says that it is us who may not ask, where it has them for that token too
   */
  constructor(clock: Clock, see: () => Promise<unknown>, refusals: readonly number[]) {
    this.#clock = clock;
    this.#retry = new RetrySchedule(clock);
    this.#see = see;
    this.#refusals = refusals;
  }

  /** Why it is taken for failing; `undefined` where it is not. */
  get failure(): NetworkError | undefined {
    return this.#retry.lastFailure;
  }

  /** Whole seconds until it may be asked again: what `Retry-After` says. */
  get secondsUntilNext(): number {
    return this.#retry.secondsUntilNext(Number.NEGATIVE_INFINITY);
  }

  /**
   * Whether it may be asked. Where it failed, and its back-off is over, one looks how it is, and all wait for that; or all ask, until one
   * has no answer.
   */
  async permits(): Promise<boolean> {
    await this.#look;
    if (!this.#retry.failed) return true;
    if (!this.#retry.due) return false;
    if (this.#spokeLast) return true;
    await this.#lookAgain();
    return !this.#retry.failed;
  }

  /** It gave an answer. */
  answered(): void {
    this.#answeredAt = this.#clock.monotonic();
    if (this.#spokeLast) this.#retry.succeed();
  }

  /** It gave none. Resolves when it is known whether that was for one token alone. */
  async stumbled(failure: NetworkError): Promise<void> {
    if (this.#retry.failed) return this.#stumbledAgain(failure);
    if (saysSoItself(failure)) this.#retry.fail(failure);
    else if (!this.#refusesQuestions(failure)) await this.#lookAgain();
  }

  /** Of those that ask together when a back-off is over, the first begins the next one. */
  #stumbledAgain(failure: NetworkError): void {
    if (!this.#retry.due) return;
    const last = this.failure;
    // Where it is the same again, the look has found out what it means.
    const isSame = last?.status !== undefined && last.status === failure.status;
    if (this.#refusesQuestions(failure)) this.#retry.succeed();
    else this.#retry.fail(isSame ? last : failure);
  }

  /** Whether it failed with an error of its own: one that it may have for whatever it never issued, our token too, and not for its own tokens. */
  get #spokeLast(): boolean {
    return this.failure !== undefined && spoke(this.failure);
  }

  #lookAgain(): Promise<void> {
    this.#look ??= this.#lookNow().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  async #lookNow(): Promise<void> {
    try {
      await this.#see();
      this.answered();
      this.#retry.succeed();
    } catch (cause) {
      const failure = asNetworkError(cause);
      if (this.#refusesQuestions(failure)) this.#retry.succeed();
      else this.#retry.fail(this.#refusals.includes(Number(failure.status)) ? ofOurCredentials(failure) : failure);
    }
  }

  /** Some endpoints refuse tokens of a form that is not theirs, where RFC 7662 section 2.2 wants an answer. One that refuses all of them refuses us. */
  #refusesQuestions({ status }: NetworkError): boolean {
    const isRecent = this.#clock.monotonic() - this.#answeredAt < recentMilliseconds;
    return isRecent && (status === 400 || status === 413 || status === 414 || status === 422);
  }
}

/** What an endpoint says of itself, or of us, whatever the token: asking again would be what it asks us not to do. */
function saysSoItself({ code, status }: NetworkError): boolean {
  return code === 'credentials_refused' || status === 429 || status === 503;
}

/** Whether there was some answer, and not one that is surely about itself or us: 400 may mean the question, whoever asks. */
function spoke(failure: NetworkError): boolean {
  const { code, status } = failure;
  return status === 400 || ((code === 'bad_status' || code === 'bad_document') && !saysSoItself(failure));
}

/** RFC 7662 section 2.3: it is us who may not ask. Never an answer about the token. */
export function ofOurCredentials({ message, status }: NetworkError): NetworkError {
  return new NetworkError('credentials_refused', message, { status });
}

/** Whatever a call failed with. Of foreign errors only a name is kept: they may hold what was sent. */
export function asNetworkError(failure: unknown): NetworkError {
  return failure instanceof NetworkError ? failure : new NetworkError('bad_document', failureName(failure));
}
