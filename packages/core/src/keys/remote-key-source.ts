import { RetrySchedule } from '../async/retry-schedule.js';
import { withTimeout } from '../async/with-timeout.js';
import { PublicKey } from '../jws/public-key.js';
import { type Clock, Moment } from '../model/clock.js';
import { failureName } from '../model/failure-name.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { type IssuerSnapshot, type KeyQuery, type KeySource, type KeyStatus, NetworkError } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import { CachedKeys, type CachedKeysSettings } from './cached-keys.js';
import type { KeyLoader, LoadedKeys } from './key-loader.js';
import type { KeySet } from './key-set.js';
import { publicPart } from './public-part.js';
import { unknownKey } from './unknown-key.js';

/** Times of the key cache, in seconds. */
export interface KeySettings extends CachedKeysSettings {
  /** Shortest time between two fetches that are caused by an unknown `kid`. */
  readonly cooldownSeconds: number;
  /** How long one request waits for keys in total. */
  readonly timeoutSeconds: number;
}

/**
 * Limit for the requests that wait for a replacement of their key after a failed signature check.
 * Further requests are refused immediately.
 */
const maxWaitingForReplacement = 256;

/** A key set that a source starts with, for example from a snapshot. */
export interface Seed extends LoadedKeys {
  /** How long ago the set was fetched, in milliseconds. */
  readonly ageMilliseconds: number;
}

/**
 * Fetches and caches the keys of an issuer that publishes a JWK set.
 *
 * At most one fetch is in flight, and all requests share it. A request that is aborted does not
 * cancel the fetch.
 */
export class RemoteKeySource implements KeySource {
  readonly #issuer: string;
  readonly #loader: KeyLoader;
  readonly #settings: KeySettings;
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  #cached: CachedKeys | undefined;
  /**
   * The cooldown ends at this time, in milliseconds of the monotonic clock. Fetches for an unknown
   * `kid` and fetches after a clock jump start no earlier.
   */
  #nextForcedFetch = Number.NEGATIVE_INFINITY;
  #pendingFetch: Promise<void> | undefined;
  #fetches = 0;
  /** Number of requests that wait for a replacement of their key. */
  #waitingForReplacement = 0;

  constructor(issuer: string, loader: KeyLoader, settings: KeySettings, clock: Clock, seed?: Seed) {
    this.#issuer = issuer;
    this.#loader = loader;
    this.#settings = settings;
    this.#clock = clock;
    this.#retry = new RetrySchedule(clock);
    if (seed !== undefined) this.#cacheKeys(seed, Moment.of(clock, seed.ageMilliseconds));
  }

  find(query: KeyQuery): MaybePromise<PublicKey | Refusal> {
    const keys = this.#currentKeys();
    const found = keys?.choose(query);
    if (found !== undefined) return found;
    // If no fetch may start, an unknown `kid` is refused synchronously. Then a request with a
    // forged `kid` creates no timer and no promise.
    return keys !== undefined && !this.#mayFetchForUnknownKey
      ? this.#refuseUnknownKey(query, keys)
      : this.#fetchAndFind(query);
  }

  findReplacement(query: KeyQuery, failed: PublicKey): MaybePromise<PublicKey | Refusal | undefined> {
    const replacement = this.#currentKeys()?.choose(query);
    if (isDifferentKey(replacement, failed)) return replacement;
    // Any number of forged signatures causes at most one fetch per cooldown. The limit for waiting
    // requests bounds the memory that these requests use during the fetch.
    if (!this.#mayFetchForUnknownKey || this.#waitingForReplacement >= maxWaitingForReplacement) return undefined;
    return this.#fetchReplacement(query, failed);
  }

  async ready(): Promise<Refusal | undefined> {
    await this.#withinTimeout(this.#fetchIfMissing());
    return this.#currentKeys() === undefined ? this.#unavailable() : undefined;
  }

  status(): KeyStatus {
    const clock = this.#clock;
    const age = this.#cached?.age(clock) ?? Number.NaN;
    const cached = this.#cached?.isUsable(age) ? this.#cached : undefined;
    const { lastFailure } = this.#retry;
    return Object.freeze({
      keys: cached === undefined ? 'none' : cached.isFresh(age) ? 'fresh' : 'stale',
      ...(cached !== undefined && { ageSeconds: age / 1000 }),
      fetches: this.#fetches,
      ...(lastFailure !== undefined && {
        lastError: lastFailure.code,
        nextAttemptSeconds: this.#retry.secondsUntilNext(clock.monotonic()),
      }),
    });
  }

  snapshot(): IssuerSnapshot | undefined {
    if (this.#cached === undefined) return undefined;
    const { freshSeconds, jwks } = this.#cached;
    const fetchedAt = this.#clock.now() - this.#cached.age(this.#clock);
    return Object.freeze({ issuer: this.#issuer, fetchedAt, freshSeconds, jwks: publicPart(jwks) });
  }

  async #fetchAndFind(query: KeyQuery): Promise<PublicKey | Refusal> {
    const isInTime = await this.#withinTimeout(this.#fetchFor(query));
    const keys = this.#currentKeys() ?? (isInTime ? undefined : this.#usableKeys());
    const found = keys?.choose(query);
    if (found !== undefined) return found;
    if (keys === undefined) return this.#unavailable();
    // After a timeout the `kid` may belong to a new key or may be forged. Only the new key set
    // could show which. The request is therefore refused with 503.
    return isInTime ? this.#refuseUnknownKey(query, keys) : this.#unavailable(this.#nextForcedFetch);
  }

  /**
   * Fetches the key set again, as for an unknown `kid`: the issuer may have replaced the key and
   * kept its `kid`.
   */
  async #fetchReplacement(query: KeyQuery, failed: PublicKey): Promise<PublicKey | Refusal | undefined> {
    this.#waitingForReplacement += 1;
    const isInTime = await this.#withinTimeout(this.#fetchForUnknownKey()).finally(() => {
      this.#waitingForReplacement -= 1;
    });
    const replacement = this.#currentKeys()?.choose(query);
    if (isDifferentKey(replacement, failed)) return replacement;
    // If the fetch failed, the issuer may have published a replacement that is not cached.
    return isInTime && !this.#retry.failed ? undefined : this.#unavailable(this.#nextForcedFetch);
  }

  /**
   * Refuses an unknown `kid`: with 401 normally, and with 503 if the last fetch failed. A new key
   * may then be missing from the cached set.
   */
  #refuseUnknownKey(query: KeyQuery, keys: KeySet): Refusal {
    return this.#retry.failed ? this.#unavailable(this.#nextForcedFetch) : unknownKey(query, keys);
  }

  /** Fetches the key set if none is cached or if it has no key for `query`. Never rejects. */
  async #fetchFor(query: KeyQuery): Promise<void> {
    await this.#fetchIfMissing();
    const keys = this.#currentKeys();
    if (keys !== undefined && keys.choose(query) === undefined) await this.#fetchForUnknownKey();
  }

  async #fetchIfMissing(): Promise<void> {
    if (this.#currentKeys() !== undefined) return;
    if (this.#retry.due || this.#reserveFetchAfterClockJump()) await this.#startFetch();
  }

  /**
   * Whether a fetch may start before the back-off ends, because the wall clock has jumped forward.
   * If so, the cooldown begins: one such fetch is allowed per cooldown.
   *
   * The key set is then too old by the wall clock alone, and the issuer may be reachable again.
   * Without this fetch, requests would be refused until the back-off ends.
   */
  #reserveFetchAfterClockJump(): boolean {
    const now = this.#clock.monotonic();
    // Not `now < x`: with NaN from the clock, that comparison would allow the fetch.
    if (!this.#cached?.isOldByWallClock(this.#clock) || !(now >= this.#nextForcedFetch)) return false;
    this.#nextForcedFetch = now + this.#settings.cooldownSeconds * 1000;
    return true;
  }

  /**
   * The key set that a request may use without waiting. Starts a fetch that no request waits for,
   * when one is due.
   *
   * A stale set is used only while the issuer cannot be reached. Otherwise a key that the issuer
   * has withdrawn would be accepted after the set's lifetime.
   */
  #currentKeys(): KeySet | undefined {
    const cached = this.#cached;
    if (cached === undefined) return undefined;
    const age = cached.age(this.#clock);
    if (cached.isDue(age) && this.#retry.due) void this.#startFetch();
    return cached.isFresh(age) || (this.#retry.isFailing && cached.isUsable(age)) ? cached.keys : undefined;
  }

  /** The cached set, even if it is stale. For requests whose fetch did not end in time. */
  #usableKeys(): KeySet | undefined {
    const cached = this.#cached;
    return cached?.isUsable(cached.age(this.#clock)) ? cached.keys : undefined;
  }

  /** Whether a fetch can add a missing key: one is in flight, or a new one may start now. */
  get #mayFetchForUnknownKey(): boolean {
    return this.#pendingFetch !== undefined || (this.#clock.monotonic() >= this.#nextForcedFetch && this.#retry.due);
  }

  /** Starts at most one fetch per cooldown for any number of forged `kid`s. Requests share it. */
  async #fetchForUnknownKey(): Promise<void> {
    if (!this.#mayFetchForUnknownKey) return;
    // The cooldown begins before the fetch, so that a second request does not start another fetch.
    if (this.#pendingFetch === undefined) {
      this.#nextForcedFetch = this.#clock.monotonic() + this.#settings.cooldownSeconds * 1000;
    }
    await this.#startFetch();
  }

  /** Starts a fetch, or returns the one in flight. Never rejects. */
  #startFetch(): Promise<void> {
    const finish = () => {
      this.#pendingFetch = undefined;
    };
    this.#pendingFetch ??= this.#fetchKeys().then(finish, finish);
    return this.#pendingFetch;
  }

  async #fetchKeys(): Promise<void> {
    this.#fetches += 1;
    try {
      this.#cacheKeys(await this.#loader.load(), Moment.of(this.#clock));
      this.#retry.succeed();
    } catch (failure) {
      this.#retry.fail(failure instanceof NetworkError ? failure : unexpectedFailure(failure));
    }
  }

  #cacheKeys(loaded: LoadedKeys, fetchedAt: Moment): void {
    this.#cached = new CachedKeys(loaded, fetchedAt, this.#settings, Math.random());
  }

  /**
   * Waits for `work` until the timeout of one request. The work continues after the timeout.
   *
   * @returns whether the work ended in time
   */
  async #withinTimeout(work: Promise<void>): Promise<boolean> {
    const done = work.then(() => true);
    return (await withTimeout(this.#settings.timeoutSeconds * 1000, done, () => undefined)) === true;
  }

  /** @param notBefore earliest time of the next fetch, in milliseconds of the monotonic clock */
  #unavailable(notBefore: number = Number.NEGATIVE_INFINITY): Refusal {
    const { lastFailure } = this.#retry;
    const reason = lastFailure === undefined ? timedOut.message : `the last fetch failed: ${lastFailure.message}`;
    return new Refusal('keys_unavailable', {
      expected: `the issuer's keys; ${reason}`,
      cause: lastFailure ?? timedOut,
      retryAfterSeconds: this.#retry.secondsUntilNext(notBefore),
    });
  }
}

/** The cause of a refusal while no fetch has failed and the pending one is too slow. */
const timedOut = new NetworkError('timeout', 'no answer in time');

/** Whether `found` is a key other than `failed`, under which a signature check has failed. */
function isDifferentKey(found: PublicKey | Refusal | undefined, failed: PublicKey): found is PublicKey {
  return found instanceof PublicKey && !found.isSameAs(failed);
}

function unexpectedFailure(cause: unknown): NetworkError {
  return new NetworkError('bad_document', failureName(cause), { cause });
}
