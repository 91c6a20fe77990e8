import type { JsonObject } from '../jws/json.js';
import type { Clock, Moment } from '../model/clock.js';
import type { KeySet } from './key-set.js';

/** How long a key set is cached, in seconds. */
export interface CachedKeysSettings {
  /** How long a set is fresh if the response of its server has no `max-age`. */
  readonly maxAgeSeconds: number;
  /** How long a stale set may be used while the issuer cannot be reached. */
  readonly staleMaxSeconds: number;
}

/** Shortest lifetime of a set. A smaller `max-age` has no effect. */
const minFreshSeconds = 60;
/** Upper limit for a server's `max-age`, unless `maxAgeSeconds` is larger. */
const maxServedSeconds = 3600;
/** Part of the lifetime after which the next fetch starts. No request waits for this fetch. */
const dueAfter = 0.8;
/**
 * Up to this part of the lifetime is subtracted at random, so that many processes do not fetch at
 * the same time.
 */
const jitter = 0.05;

/** A cached key set, with the ages at which it is due for a fetch, stale and unusable. */
export class CachedKeys {
  readonly keys: KeySet;
  /** The JWK set document that the keys were read from. */
  readonly jwks: JsonObject;
  readonly #fetchedAt: Moment;
  /** How long the set is fresh, in seconds, before jitter is subtracted. */
  readonly freshSeconds: number;
  /* Ages in milliseconds. */
  readonly #dueAge: number;
  readonly #freshAge: number;
  readonly #usableAge: number;

  /** @param random a number from 0 to 1, for the jitter */
  constructor(
    { keys, jwks, freshSeconds }: { keys: KeySet; jwks: JsonObject; freshSeconds: number | undefined },
    fetchedAt: Moment,
    settings: CachedKeysSettings,
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

  /** Milliseconds since the set was fetched: the argument of the methods below. */
  age(clock: Clock): number {
    return this.#fetchedAt.age(clock);
  }

  /** Whether the set is unusable by the wall clock, but still usable by the monotonic clock. */
  isOldByWallClock(clock: Clock): boolean {
    return !this.isUsable(this.age(clock)) && this.isUsable(this.#fetchedAt.monotonicAge(clock));
  }

  /** Whether a new set should be fetched, while requests use this one. */
  isDue(age: number): boolean {
    return age >= this.#dueAge;
  }

  /** Whether the set is within its lifetime. */
  isFresh(age: number): boolean {
    return age < this.#freshAge;
  }

  /** Whether the set may be used while no newer one can be fetched. */
  isUsable(age: number): boolean {
    return age < this.#usableAge;
  }
}
