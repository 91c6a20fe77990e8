import { RetrySchedule } from '../async/retry-schedule.js';
import { withTimeout } from '../async/with-timeout.js';
import { PublicKey } from '../jws/public-key.js';
import { type Clock, Moment } from '../model/clock.js';
import { failureName } from '../model/failure-name.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { type IssuerSnapshot, type KeyQuery, type KeySource, type KeyStatus, NetworkError } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import { HeldKeys, type HoldingSettings } from './held-keys.js';
import type { KeyLoader, LoadedKeys } from './key-loader.js';
import type { KeySet } from './key-set.js';
import { publicPart } from './public-part.js';
import { unknownKey } from './unknown-key.js';

/** Times of the key cache, in seconds. */
export interface KeySettings extends HoldingSettings {
  /** How long after a fetch for an unknown `kid` no other one is made. */
  readonly cooldownSeconds: number;
  /** How long one request waits for keys in all. */
  readonly timeoutSeconds: number;
}

/** Requests whose signature failed, and that wait for one fetch of newer keys. More are refused at once. */
const maxWaitingForNewer = 256;

/** What a source starts with instead of nothing. */
export interface Seed extends LoadedKeys {
  /** How long ago it was fetched, in milliseconds. */
  readonly ageMilliseconds: number;
}

/**
 * The keys of an issuer that publishes them. One fetch at a time, started by requests and tied to
 * none of them: who goes away takes nothing along.
 */
export class RemoteKeySource implements KeySource {
  readonly #issuer: string;
  readonly #loader: KeyLoader;
  readonly #settings: KeySettings;
  readonly #clock: Clock;
  readonly #retry: RetrySchedule;
  #held: HeldKeys | undefined;
  #nextForcedFetch = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;
  #fetches = 0;
  /** Requests that wait for a newer key. */
  #waitingForNewer = 0;

  constructor(issuer: string, loader: KeyLoader, settings: KeySettings, clock: Clock, seed?: Seed) {
    this.#issuer = issuer;
    this.#loader = loader;
    this.#settings = settings;
    this.#clock = clock;
    this.#retry = new RetrySchedule(clock);
    if (seed !== undefined) this.#hold(seed, Moment.of(clock, seed.ageMilliseconds));
  }

  find(query: KeyQuery): MaybePromise<PublicKey | Refusal> {
    const keys = this.#keysAtHand();
    const found = keys?.choose(query);
    if (found !== undefined) return found;
    // What no fetch could change is answered at once: a flood of forged kids costs neither a timer nor a promise.
    return keys !== undefined && !this.#mayFetchForUnknownKey ? this.#answerUnknown(query, keys) : this.#search(query);
  }

  findNewer(query: KeyQuery, failed: PublicKey): MaybePromise<PublicKey | Refusal | undefined> {
    const newer = this.#keysAtHand()?.choose(query);
    if (isAnotherKey(newer, failed)) return newer;
    // Answered at once: a flood of forged signatures costs one fetch per cooldown, and no more than so many waiting requests.
    if (!this.#mayFetchForUnknownKey || this.#waitingForNewer >= maxWaitingForNewer) return undefined;
    return this.#searchNewer(query, failed);
  }

  async ready(): Promise<Refusal | undefined> {
    await this.#patiently(this.#makeReady());
    return this.#keysAtHand() === undefined ? this.#unavailable() : undefined;
  }

  status(): KeyStatus {
    const clock = this.#clock;
    const age = this.#held?.age(clock) ?? Number.NaN;
    const held = this.#held?.isUsable(age) ? this.#held : undefined;
    const { lastFailure } = this.#retry;
    return Object.freeze({
      keys: held === undefined ? 'none' : held.isFresh(age) ? 'fresh' : 'stale',
      ...(held !== undefined && { ageSeconds: age / 1000 }),
      fetches: this.#fetches,
      ...(lastFailure !== undefined && {
        lastError: lastFailure.code,
        nextAttemptSeconds: this.#retry.secondsUntilNext(clock.monotonic()),
      }),
    });
  }

  snapshot(): IssuerSnapshot | undefined {
    if (this.#held === undefined) return undefined;
    const { freshSeconds, jwks } = this.#held;
    const fetchedWhen = this.#clock.now() - this.#held.age(this.#clock);
    return Object.freeze({ issuer: this.#issuer, fetchedAt: fetchedWhen, freshSeconds, jwks: publicPart(jwks) });
  }

  async #search(query: KeyQuery): Promise<PublicKey | Refusal> {
    const isInTime = await this.#patiently(this.#fetchFor(query));
    const keys = this.#keysAtHand() ?? (isInTime ? undefined : this.#keysOfLastResort());
    const found = keys?.choose(query);
    if (found !== undefined) return found;
    // While the last fetch failed or does not end, a key that is new cannot be told from one that is forged.
    if (keys === undefined) return this.#unavailable();
    return isInTime ? this.#answerUnknown(query, keys) : this.#unavailable(this.#nextForcedFetch);
  }

  /** Fetches the set again, as for an unknown `kid`: an issuer may have replaced the key and kept its `kid`. */
  async #searchNewer(query: KeyQuery, failed: PublicKey): Promise<PublicKey | Refusal | undefined> {
    this.#waitingForNewer += 1;
    const isInTime = await this.#patiently(this.#fetchForUnknownKey()).finally(() => {
      this.#waitingForNewer -= 1;
    });
    const newer = this.#keysAtHand()?.choose(query);
    if (isAnotherKey(newer, failed)) return newer;
    // Whether the issuer has a newer key is unknown as long as its set cannot be fetched.
    return isInTime && !this.#retry.failed ? undefined : this.#unavailable(this.#nextForcedFetch);
  }

  #answerUnknown(query: KeyQuery, keys: KeySet): Refusal {
    return this.#retry.failed ? this.#unavailable(this.#nextForcedFetch) : unknownKey(query, keys);
  }

  /** Fetches what is asked for and is not at hand. Never rejects. */
  async #fetchFor(query: KeyQuery): Promise<void> {
    await this.#makeReady();
    const keys = this.#keysAtHand();
    if (keys !== undefined && keys.choose(query) === undefined) await this.#fetchForUnknownKey();
  }

  async #makeReady(): Promise<void> {
    if (this.#keysAtHand() !== undefined) return;
    if (this.#retry.due || this.#claimFetchAfterJump()) await this.#fly();
  }

  /**
   * Whether the set is too old by the wall clock alone, which has jumped: the issuer may be reachable again, and the back-off of before
   * must not refuse tokens until it ends. One such fetch per cooldown.
   */
  #claimFetchAfterJump(): boolean {
    const now = this.#clock.monotonic();
    if (!this.#held?.isOldByWallClock(this.#clock) || !(now >= this.#nextForcedFetch)) return false;
    this.#nextForcedFetch = now + this.#settings.cooldownSeconds * 1000;
    return true;
  }

  /**
   * The set that may be used without waiting. Starts the fetch that is due, and waits for none. Past its time a
   * set is used only while the issuer is out of reach: otherwise a key that was withdrawn would outlive it.
   */
  #keysAtHand(): KeySet | undefined {
    const held = this.#held;
    if (held === undefined) return undefined;
    const age = held.age(this.#clock);
    if (held.isDue(age) && this.#retry.due) void this.#fly();
    return held.isFresh(age) || (this.#retry.isFailing && held.isUsable(age)) ? held.keys : undefined;
  }

  /** What there is when no fetch ends in time. */
  #keysOfLastResort(): KeySet | undefined {
    const held = this.#held;
    return held?.isUsable(held.age(this.#clock)) ? held.keys : undefined;
  }

  /** Whether a key that is not in the set may be looked for: in the fetch under way, or in one that may start. */
  get #mayFetchForUnknownKey(): boolean {
    return this.#flight !== undefined || (this.#clock.monotonic() >= this.#nextForcedFetch && this.#retry.due);
  }

  /** At most one fetch per cooldown, however many forged `kid`s arrive; the others wait for it. */
  async #fetchForUnknownKey(): Promise<void> {
    if (!this.#mayFetchForUnknownKey) return;
    // Claimed before the fetch starts, so that no second request starts another.
    if (this.#flight === undefined) {
      this.#nextForcedFetch = this.#clock.monotonic() + this.#settings.cooldownSeconds * 1000;
    }
    await this.#fly();
  }

  /** Joins the fetch under way, or starts one. Never rejects. */
  #fly(): Promise<void> {
    const land = () => {
      this.#flight = undefined;
    };
    this.#flight ??= this.#replaceKeys().then(land, land);
    return this.#flight;
  }

  async #replaceKeys(): Promise<void> {
    this.#fetches += 1;
    try {
      this.#hold(await this.#loader.load(), Moment.of(this.#clock));
      this.#retry.succeed();
    } catch (failure) {
      this.#retry.fail(failure instanceof NetworkError ? failure : unexpected(failure));
    }
  }

  #hold(loaded: LoadedKeys, fetchedAt: Moment): void {
    this.#held = new HeldKeys(loaded, fetchedAt, this.#settings, Math.random());
  }

  /** Waits no longer than a request may; the work goes on. Tells whether it was done in time. */
  async #patiently(work: Promise<void>): Promise<boolean> {
    const done = work.then(() => true);
    return (await withTimeout(this.#settings.timeoutSeconds * 1000, done, () => undefined)) === true;
  }

  /** @param notBefore when a fetch can start at the earliest, on the clock's monotonic hand */
  #unavailable(notBefore: number = Number.NEGATIVE_INFINITY): Refusal {
    const { lastFailure: cause = new NetworkError('timeout', 'no answer in time') } = this.#retry;
    return new Refusal('keys_unavailable', {
      expected: `the issuer's keys (${cause.message})`,
      cause,
      retryAfterSeconds: this.#retry.secondsUntilNext(notBefore),
    });
  }
}

/** Whether the set now has another key for a token whose signature failed under `failed`. */
function isAnotherKey(found: PublicKey | Refusal | undefined, failed: PublicKey): found is PublicKey {
  return found instanceof PublicKey && !found.isSameAs(failed);
}

function unexpected(cause: unknown): NetworkError {
  return new NetworkError('bad_document', failureName(cause), { cause });
}
