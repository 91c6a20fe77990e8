import type { PublicKey } from '../jws/public-key.js';
import { type Clock, type KeySource, NetworkError } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import type { ParsedToken } from '../model/stages.js';
import type { KeyLoader } from './key-loader.js';
import type { KeySet } from './key-set.js';
import { RetrySchedule } from './retry-schedule.js';
import { unknownKey } from './unknown-key.js';
import { waitAtMost } from './wait-at-most.js';

/** Times of the key cache, in seconds. */
export interface KeySettings {
  /** How long a fetched set is used before it is fetched again. */
  readonly maxAgeSeconds: number;
  /** How long after a fetch for an unknown `kid` no other one is made. */
  readonly cooldownSeconds: number;
  /** How long one request waits for keys in all. */
  readonly timeoutSeconds: number;
}

/**
 * The keys of an issuer that publishes them. One fetch at a time, started by requests and tied to
 * none of them: who goes away takes nothing along.
 */
export class RemoteKeySource implements KeySource {
  readonly #loader: KeyLoader;
  readonly #settings: KeySettings;
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  #keys: KeySet | undefined;
  #usableUntil = Number.NEGATIVE_INFINITY;
  #nextForcedFetch = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;

  constructor(loader: KeyLoader, settings: KeySettings, clock: Clock) {
    this.#loader = loader;
    this.#settings = settings;
    this.#clock = clock;
    this.#retry = new RetrySchedule(clock);
  }

  find(token: ParsedToken): PublicKey | Refusal | Promise<PublicKey | Refusal> {
    return this.#usableKeys()?.choose(token) ?? this.#patiently(this.#search(token));
  }

  ready(): Promise<Refusal | undefined> {
    return this.#patiently(this.#makeUsable());
  }

  async #search(token: ParsedToken): Promise<PublicKey | Refusal> {
    const refusal = await this.#makeUsable();
    if (refusal !== undefined) return refusal;
    const found = this.#usableKeys()?.choose(token);
    if (found !== undefined) return found;
    await this.#fetchForUnknownKey();
    const keys = this.#usableKeys();
    const foundNow = keys?.choose(token);
    if (foundNow !== undefined) return foundNow;
    // While the last fetch failed, a key that is new cannot be told from one that is forged.
    if (keys === undefined || this.#retry.failed) return this.#unavailable(this.#nextForcedFetch);
    return unknownKey(token, keys);
  }

  /** The set, for as long as it may be used. */
  #usableKeys(): KeySet | undefined {
    return this.#clock.monotonic() < this.#usableUntil ? this.#keys : undefined;
  }

  async #makeUsable(): Promise<Refusal | undefined> {
    if (this.#usableKeys() === undefined && (this.#flight !== undefined || this.#retry.due)) {
      await this.#fly();
    }
    return this.#usableKeys() === undefined ? this.#unavailable() : undefined;
  }

  /** At most one fetch per cooldown, however many forged `kid`s arrive; the others wait for it. */
  async #fetchForUnknownKey(): Promise<void> {
    const now = this.#clock.monotonic();
    if (this.#flight === undefined) {
      if (now < this.#nextForcedFetch || !this.#retry.due) return;
      // Claimed before the fetch starts, so that no second request starts another.
      this.#nextForcedFetch = now + this.#settings.cooldownSeconds * 1000;
    }
    await this.#fly();
  }

  /** Joins the fetch under way, or starts one. Never rejects. */
  #fly(): Promise<void> {
    this.#flight ??= this.#replaceKeys().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #replaceKeys(): Promise<void> {
    try {
      this.#keys = await this.#loader.load();
      this.#usableUntil = this.#clock.monotonic() + this.#settings.maxAgeSeconds * 1000;
      this.#retry.succeed();
    } catch (failure) {
      this.#retry.fail(failure);
    }
  }

  #patiently<T>(answer: Promise<T>): Promise<T | Refusal> {
    return waitAtMost(this.#settings.timeoutSeconds * 1000, answer, () => this.#unavailable());
  }

  /** @param notBefore when a fetch can start at the earliest, on the clock's monotonic hand */
  #unavailable(notBefore: number = Number.NEGATIVE_INFINITY): Refusal {
    const { lastFailure: cause = new NetworkError('no answer in time') } = this.#retry;
    return new Refusal('keys_unavailable', {
      expected: `the issuer's keys (${cause instanceof Error ? cause.message : 'unknown failure'})`,
      cause,
      retryAfterSeconds: this.#retry.secondsUntilNext(notBefore),
    });
  }
}
