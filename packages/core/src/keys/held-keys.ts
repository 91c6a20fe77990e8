import type { JsonObject } from '../jws/json.js';
import type { KeySet } from './key-set.js';

/** How long a set is held, in seconds. */
export interface HoldingSettings {
  /** How long a set is fresh whose server does not say. */
  readonly maxAgeSeconds: number;
  /** How long past its time a set is used while its issuer is out of reach. */
  readonly staleMaxSeconds: number;
}

const minFreshSeconds = 60;
const maxFreshSeconds = 86_400;
/** When a set is due to be fetched again, as a part of its time: early, so that nobody has to wait. */
const dueAfter = 0.8;
/** Up to this part of a set's time is taken off at random, so that many processes do not come back at once. */
const jitter = 0.05;

/** A key set in hand, and until when. Times are milliseconds on the clock's monotonic hand. */
export class HeldKeys {
  readonly keys: KeySet;
  /** The document it came from. */
  readonly jwks: JsonObject;
  readonly fetchedAt: number;
  /** How long it is fresh, in seconds, before any jitter. */
  readonly freshSeconds: number;
  readonly #dueAt: number;
  readonly #freshUntil: number;
  readonly #usableUntil: number;

  /** @param random from 0 to 1 */
  constructor(
    { keys, jwks, freshSeconds }: { keys: KeySet; jwks: JsonObject; freshSeconds: number | undefined },
    fetchedAt: number,
    settings: HoldingSettings,
    random: number,
  ) {
    this.keys = keys;
    this.jwks = jwks;
    this.fetchedAt = fetchedAt;
    this.freshSeconds = Math.min(Math.max(freshSeconds ?? settings.maxAgeSeconds, minFreshSeconds), maxFreshSeconds);
    const lifetime = this.freshSeconds * 1000 * (1 - jitter * random);
    this.#dueAt = fetchedAt + lifetime * dueAfter;
    this.#freshUntil = fetchedAt + lifetime;
    this.#usableUntil = this.#freshUntil + settings.staleMaxSeconds * 1000;
    Object.freeze(this);
  }

  /** Whether a new set should be fetched, while this one still serves. */
  isDue(now: number): boolean {
    return now >= this.#dueAt;
  }

  /** Whether it is within its time. */
  isFresh(now: number): boolean {
    return now < this.#freshUntil;
  }

  /** Whether it may be used while no newer one can be had. */
  isUsable(now: number): boolean {
    return now < this.#usableUntil;
  }
}
