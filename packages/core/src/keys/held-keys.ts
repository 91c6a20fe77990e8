import type { JsonObject } from '../jws/json.js';
import type { Clock, Moment } from '../model/clock.js';
import type { KeySet } from './key-set.js';

/** How long a set is held, in seconds. */
export interface HoldingSettings {
  /** How long a set is fresh whose server does not say. */
  readonly maxAgeSeconds: number;
  /** How long past its time a set is used while its issuer is out of reach. */
  readonly staleMaxSeconds: number;
}

const minFreshSeconds = 60;
/** A server's `max-age` counts up to this, or up to `maxAgeSeconds` where that is more. */
const maxServedSeconds = 3600;
/** When a set is due to be fetched again, as a part of its time: early, so that nobody has to wait. */
const dueAfter = 0.8;
/** Up to this part of a set's time is taken off at random, so that many processes do not come back at once. */
const jitter = 0.05;

/** A key set, and how long it is fresh, due and usable. */
export class HeldKeys {
  readonly keys: KeySet;
  /** The document it came from. */
  readonly jwks: JsonObject;
  readonly #fetchedAt: Moment;
  /** How long it is fresh, in seconds, before any jitter. */
  readonly freshSeconds: number;
  /** Ages in milliseconds. */
  readonly #dueAge: number;
  readonly #freshAge: number;
  readonly #usableAge: number;

  /** @param random from 0 to 1 */
  constructor(
    { keys, jwks, freshSeconds }: { keys: KeySet; jwks: JsonObject; freshSeconds: number | undefined },
    fetchedAt: Moment,
    settings: HoldingSettings,
    random: number,
  ) {
    this.keys = keys;
    this.jwks = jwks;
    this.#fetchedAt = fetchedAt;
    const maxFreshSeconds = Math.max(maxServedSeconds, settings.maxAgeSeconds);
    this.freshSeconds = Math.min(Math.max(freshSeconds ?? settings.maxAgeSeconds, minFreshSeconds), maxFreshSeconds);
    const lifetime = this.freshSeconds * 1000 * (1 - jitter * random);
    this.#dueAge = lifetime * dueAfter;
    this.#freshAge = lifetime;
    this.#usableAge = lifetime + settings.staleMaxSeconds * 1000;
    Object.freeze(this);
  }

  /** Milliseconds since it was fetched: what the methods below are asked with. */
  age(clock: Clock): number {
    return this.#fetchedAt.age(clock);
  }

  /** Whether it may not be used any more, and the monotonic clock alone would still allow it. */
  isOldByWallClock(clock: Clock): boolean {
    return !this.isUsable(this.age(clock)) && this.isUsable(this.#fetchedAt.monotonicAge(clock));
  }

  /** Whether a new set should be fetched, while this one still serves. */
  isDue(age: number): boolean {
    return age >= this.#dueAge;
  }

  /** Whether it is within its time. */
  isFresh(age: number): boolean {
    return age < this.#freshAge;
  }

  /** Whether it may be used while no newer one can be had. */
  isUsable(age: number): boolean {
    return age < this.#usableAge;
  }
}
