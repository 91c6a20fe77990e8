import type { Clock } from '../model/clock.js';
import type { NetworkError } from '../model/ports.js';

/** Lower limit of every delay. */
const firstDelaySeconds = 1;
/** Upper limit of the exponential back-off. */
const maxDelaySeconds = 30;
/** Upper limit for a server's `Retry-After`. */
const maxRequestedSeconds = 120;

/**
 * When to call a dependency again after a failure. The delay is an exponential back-off with full
 * jitter, from 1 to 30 s. A server's `Retry-After` replaces it, up to 120 s.
 */
export class RetrySchedule {
  readonly #clock: Clock;
  #failures = 0;
  #nextAttempt = Number.NEGATIVE_INFINITY;
  #lastFailure: NetworkError | undefined;
  #requestedSeconds = 0;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the last attempt failed. */
  get failed(): boolean {
    return this.#failures > 0;
  }

  /**
   * Whether the last attempt failed, within twice the longest delay.
   *
   * While the dependency is in use, two attempts are at most the longest delay apart. An older
   * failure means that there were no attempts since, and does not show the present state.
   */
  get isFailing(): boolean {
    const maxAge = 2 * Math.max(maxDelaySeconds, this.#requestedSeconds) * 1000;
    return this.failed && this.#clock.monotonic() - this.#failedAt <= maxAge;
  }

  /** The failure of the last attempt; `undefined` if it succeeded. */
  get lastFailure(): NetworkError | undefined {
    return this.#lastFailure;
  }

  /** Whether an attempt may be made now. */
  get due(): boolean {
    return this.#clock.monotonic() >= this.#nextAttempt;
  }

  /**
   * Whole seconds until the next attempt: the value for our own `Retry-After`. At least 1, and at
   * most 30 unless the server requested more.
   *
   * @param notBefore earliest time of the attempt, in milliseconds of the monotonic clock
   */
  secondsUntilNext(notBefore: number): number {
    const milliseconds = Math.max(this.#nextAttempt, notBefore) - this.#clock.monotonic();
    return Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), Math.max(maxDelaySeconds, this.#requestedSeconds));
  }

  /** Records a success, which ends the back-off. */
  succeed(): void {
    this.#failures = 0;
    this.#nextAttempt = Number.NEGATIVE_INFINITY;
    this.#lastFailure = undefined;
    this.#requestedSeconds = 0;
  }

  /** Records a failure, which starts the next back-off. */
  fail(failure: NetworkError): void {
    this.#failures += 1;
    this.#lastFailure = failure;
    this.#failedAt = this.#clock.monotonic();
    this.#nextAttempt = this.#failedAt + this.#delaySeconds(failure) * 1000;
  }

  #delaySeconds({ retryAfterSeconds: requested }: NetworkError): number {
    this.#requestedSeconds = requested === undefined ? 0 : Math.min(requested, maxRequestedSeconds);
    if (requested !== undefined) return Math.max(this.#requestedSeconds, firstDelaySeconds);
    const ceiling = Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** this.#failures);
    // Full jitter: many processes that lost the same issuer must not retry at the same time.
    return firstDelaySeconds + Math.random() * (ceiling - firstDelaySeconds);
  }
}
