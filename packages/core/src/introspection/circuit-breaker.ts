import { RetrySchedule } from '../async/retry-schedule.js';
import type { Clock } from '../model/clock.js';
import { failureName } from '../model/failure-name.js';
import { NetworkError } from '../model/ports.js';

/** Whoever had an answer so recently is no stranger to the endpoint: what it refuses then is the question. */
const recentMilliseconds = 60_000;
/** So many ask one that may have answers for its own tokens alone: several, since most that come may be made up; few, since it may be down. */
const maxTrials = 8;

/**
 * Whether an endpoint is well, as far as anybody knows. One token can make it stumble, and whoever sends tokens chooses them: before it is
 * taken for failing, it is asked about a token of our own making, to which a healthy one has an answer.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  readonly #see: () => Promise<unknown>;
  readonly #refusals: readonly number[];
  #look: Promise<void> | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  /** What the look had after the last back-off, and how many have tried since; `undefined` where nobody tries. */
  #trial: { readonly failure: NetworkError; count: number } | undefined;

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
   * Whether it may be asked. Where it failed, and its back-off is over, one looks how it is, and all wait for that. Where it has an error
   * for our token, too, some try: it may have that for whatever it never issued, and answers for its own.
   */
  async permits(): Promise<boolean> {
    await this.#look;
    if (!this.#retry.failed) return true;
    if (!this.#retry.due) return false;
    if (this.#trial === undefined) await this.#lookAgain();
    return !this.#retry.failed || this.#trial !== undefined;
  }

  /** The same for one that asks at once. */
  async admits(): Promise<boolean> {
    if (!(await this.permits())) return false;
    if (this.#trial === undefined) return true;
    this.#trial.count += 1;
    return this.#trial.count <= maxTrials;
  }

  /** It gave an answer. */
  answered(): void {
    this.#answeredAt = this.#clock.monotonic();
    if (this.failure !== undefined && (this.#trial !== undefined || spoke(this.failure))) this.#succeed();
  }

  /** It gave none. Resolves when it is known whether that was for one token alone. */
  async stumbled(failure: NetworkError): Promise<void> {
    if (this.#retry.failed) return this.#stumbledAgain(failure);
    if (saysSoItself(failure)) this.#fail(failure);
    else if (!this.#refusesQuestions(failure)) await this.#lookAgain();
  }

  /** Of those that try together, the first begins the next back-off. */
  #stumbledAgain(failure: NetworkError): void {
    const trial = this.#trial;
    if (trial === undefined) return;
    // Where it is the same again, the look has found out what it means.
    const isSame = trial.failure.status !== undefined && trial.failure.status === failure.status;
    if (this.#refusesQuestions(failure)) this.#succeed();
    else this.#fail(isSame ? trial.failure : failure);
  }

  #succeed(): void {
    this.#trial = undefined;
    this.#retry.succeed();
  }

  #fail(failure: NetworkError): void {
    this.#trial = undefined;
    this.#retry.fail(failure);
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
      this.#succeed();
    } catch (cause) {
      const found = asNetworkError(cause);
      const failure = this.#refusals.includes(Number(found.status)) ? ofOurCredentials(found) : found;
      if (this.#refusesQuestions(failure)) this.#succeed();
      else if (this.#retry.failed && spoke(failure)) this.#trial = { failure, count: 0 };
      else this.#fail(failure);
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
