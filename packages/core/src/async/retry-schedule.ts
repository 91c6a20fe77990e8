import type { Clock } from '../model/clock.js';
import type { NetworkError } from '../model/ports.js';

const firstDelaySeconds = 1;
const maxDelaySeconds = 30;
/** A server's own `Retry-After` is believed up to here. */
const maxRequestedSeconds = 120;

/** When to ask a dependency again that has just failed: exponential back-off with full jitter, 1 to 30 s. */
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
   * Whether it is still failing, as far as anybody knows: where it has been asked at all, no two attempts are further
   * apart than the longest delay. A failure of long ago says nothing.
   */
  get isFailing(): boolean {
    const memory = 2 * Math.max(maxDelaySeconds, this.#requestedSeconds) * 1000;
    return this.failed && this.#clock.monotonic() - this.#failedAt <= memory;
  }

  get lastFailure(): NetworkError | undefined {
    return this.#lastFailure;
  }

  /** Whether an attempt may be made now. */
  get due(): boolean {
    return this.#clock.monotonic() >= this.#nextAttempt;
  }

  /**
   * Whole seconds until an attempt that is made no earlier than `notBefore`: what `Retry-After` says. At least
   * 1, and at most 30 unless the server asked for more.
   */
  secondsUntilNext(notBefore: number): number {
    const milliseconds = Math.max(this.#nextAttempt, notBefore) - this.#clock.monotonic();
    return Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), Math.max(maxDelaySeconds, this.#requestedSeconds));
  }

  succeed(): void {
    this.#failures = 0;
    this.#nextAttempt = Number.NEGATIVE_INFINITY;
    this.#lastFailure = undefined;
    this.#requestedSeconds = 0;
  }

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
    // Full jitter: many processes that lost the same issuer do not come back at the same moment.
    return firstDelaySeconds + Math.random() * (ceiling - firstDelaySeconds);
  }
}
