import { RetrySchedule } from '../async/retry-schedule.js';
import type { Clock } from '../model/clock.js';
import { failureName } from '../model/failure-name.js';
import { NetworkError } from '../model/ports.js';

/**
 * If the endpoint answered a call within this time, a 400, 413, 414 or 422 is about one token, not
 * about our credentials.
 */
const recentMilliseconds = 60_000;
/**
 * Limit for trial calls while the circuit is half-open. More than one, because most of the tokens
 * that arrive may be made up. Few, because the endpoint may be down.
 */
const maxTrials = 8;

/**
 * Stops the calls to an introspection endpoint while it is failing, and allows them again later.
 *
 * One token can cause an error, and the client chooses the token. The circuit therefore opens only
 * after a probe with a random token fails too. A healthy endpoint answers the probe. Only failures
 * that hold for every token, such as 503, open the circuit without a probe.
 *
 * After each back-off one probe decides. If it succeeds, the circuit closes. If it fails with an
 * error that may depend on the token, the circuit is half-open and allows a few trial calls.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  readonly #callWithRandomToken: () => Promise<unknown>;
  readonly #credentialStatuses: readonly number[];
  #pendingProbe: Promise<void> | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  /**
   * While the circuit is half-open: the failure of the probe after the last back-off, and the
   * number of trial calls since. `undefined` otherwise.
   */
  #halfOpen: { readonly failure: NetworkError; trials: number } | undefined;

  /**
   * @param callWithRandomToken sends the probe: calls the endpoint with a random token
   * @param credentialStatuses statuses of a probe which mean that the endpoint refuses our
   *   credentials
   */
  constructor(clock: Clock, callWithRandomToken: () => Promise<unknown>, credentialStatuses: readonly number[]) {
    this.#clock = clock;
    this.#retry = new RetrySchedule(clock);
    this.#callWithRandomToken = callWithRandomToken;
    this.#credentialStatuses = credentialStatuses;
  }

  /** The failure that opened the circuit; `undefined` while the circuit is closed. */
  get failure(): NetworkError | undefined {
    return this.#retry.lastFailure;
  }

  /** Whole seconds until the endpoint may be called again: the value for `Retry-After`. */
  get secondsUntilNext(): number {
    return this.#retry.secondsUntilNext(Number.NEGATIVE_INFINITY);
  }

  /**
   * Whether the endpoint may be called. After the back-off, the first caller sends a probe and all
   * callers wait for its result.
   *
   * A half-open circuit allows calls too: the endpoint may return an error for every token that it
   * never issued, the random one included, and still answer for its own tokens.
   */
  async allowsCalls(): Promise<boolean> {
    await this.#pendingProbe;
    if (!this.#retry.failed) return true;
    if (!this.#retry.due) return false;
    if (this.#halfOpen === undefined) await this.#probe();
    return !this.#retry.failed || this.#halfOpen !== undefined;
  }

  /**
   * Like {@link allowsCalls}, for a call that starts immediately. While the circuit is half-open,
   * the call counts as a trial call.
   */
  async reserveCall(): Promise<boolean> {
    if (!(await this.allowsCalls())) return false;
    if (this.#halfOpen === undefined) return true;
    this.#halfOpen.trials += 1;
    return this.#halfOpen.trials <= maxTrials;
  }

  /**
   * Records that the endpoint answered a call. Closes the circuit if it is half-open, or if the
   * failure that opened it may depend on the token.
   */
  recordSuccess(): void {
    this.#answeredAt = this.#clock.monotonic();
    if (this.failure !== undefined && (this.#halfOpen !== undefined || mayDependOnToken(this.failure))) this.#close();
  }

  /** Records a failed call. Resolves when it is known whether only one token is affected. */
  async recordFailure(failure: NetworkError): Promise<void> {
    if (this.#retry.failed) return this.#recordTrialFailure(failure);
    if (holdsForEveryToken(failure)) this.#open(failure);
    else if (!this.#isAboutOneToken(failure)) await this.#probe();
  }

  /** The first failure among parallel trial calls starts the next back-off. */
  #recordTrialFailure(failure: NetworkError): void {
    const halfOpen = this.#halfOpen;
    if (halfOpen === undefined) return;
    // With the same status, the failure of the probe is kept, because it is classified already.
    const isSame = halfOpen.failure.status !== undefined && halfOpen.failure.status === failure.status;
    if (this.#isAboutOneToken(failure)) this.#close();
    else this.#open(isSame ? halfOpen.failure : failure);
  }

  #close(): void {
    this.#halfOpen = undefined;
    this.#retry.succeed();
  }

  #open(failure: NetworkError): void {
    this.#halfOpen = undefined;
    this.#retry.fail(failure);
  }

  /** Sends a probe, or returns the one in flight. Never rejects. */
  #probe(): Promise<void> {
    this.#pendingProbe ??= this.#sendProbe().finally(() => {
      this.#pendingProbe = undefined;
    });
    return this.#pendingProbe;
  }

  async #sendProbe(): Promise<void> {
    try {
      await this.#callWithRandomToken();
      this.recordSuccess();
      this.#close();
    } catch (cause) {
      const found = asNetworkError(cause);
      const failure = this.#credentialStatuses.includes(Number(found.status)) ? credentialsRefused(found) : found;
      if (this.#isAboutOneToken(failure)) this.#close();
      else if (this.#retry.failed && mayDependOnToken(failure)) this.#halfOpen = { failure, trials: 0 };
      else this.#open(failure);
    }
  }

  /**
   * Whether a failure is about the token of one call. Some endpoints reject tokens whose form
   * they do not use, although RFC 7662 section 2.2 requires an answer. An endpoint that has not
   * answered recently may reject every token: then it refuses our credentials.
   */
  #isAboutOneToken({ status }: NetworkError): boolean {
    const isRecent = this.#clock.monotonic() - this.#answeredAt < recentMilliseconds;
    return isRecent && (status === 400 || status === 413 || status === 414 || status === 422);
  }
}

/**
 * Whether a failure is about the endpoint or our credentials, whatever the token. The circuit then
 * opens without a probe: 429 and 503 mean that the endpoint must receive fewer requests.
 */
function holdsForEveryToken({ code, status }: NetworkError): boolean {
  return code === 'credentials_refused' || status === 429 || status === 503;
}

/**
 * Whether a failure may depend on the token: the endpoint responded, and the response is not
 * certainly about the endpoint or our credentials. A 400 may always be about the token.
 */
function mayDependOnToken(failure: NetworkError): boolean {
  const { code, status } = failure;
  return status === 400 || ((code === 'bad_status' || code === 'bad_document') && !holdsForEveryToken(failure));
}

/**
 * The failure of a call for which the endpoint refused our credentials. It is never an answer about
 * the token.
 *
 * @see RFC 7662 section 2.3
 */
export function credentialsRefused({ message, status }: NetworkError): NetworkError {
  return new NetworkError('credentials_refused', message, { status });
}

/**
 * The failure of a call as a {@link NetworkError}. Of other errors only the name is kept: their
 * messages may contain what was sent.
 */
export function asNetworkError(failure: unknown): NetworkError {
  return failure instanceof NetworkError ? failure : new NetworkError('bad_document', failureName(failure));
}
