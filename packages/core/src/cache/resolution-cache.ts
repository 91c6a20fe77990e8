import type { Clock } from '../model/clock.js';
import type { Resolution, ResolutionCache } from '../model/ports.js';
import { BoundedCache } from './bounded-cache.js';

const maxTrusted = 10_000;
const maxRefused = 1000;

/**
 * Caches the results of `resolve`. Trusted and refused issuers have separate caches, so that
 * many forged requests with made-up issuers evict no trusted one.
 */
export class LruResolutionCache<Issuer> implements ResolutionCache<Issuer> {
  readonly #trusted = new BoundedCache<Resolution<Issuer>>({ max: maxTrusted });
  readonly #refused = new BoundedCache<Resolution<Issuer>>({ max: maxRefused });

  get(identifier: string): Resolution<Issuer> | undefined {
    return this.#trusted.get(identifier) ?? this.#refused.get(identifier);
  }

  set(identifier: string, resolution: Resolution<Issuer>): void {
    const isTrusted = resolution.issuer !== undefined;
    const [target, other] = isTrusted ? [this.#trusted, this.#refused] : [this.#refused, this.#trusted];
    other.delete(identifier);
    target.set(identifier, resolution);
  }

  *trusted(clock: Clock): Iterable<readonly [string, Issuer]> {
    for (const [identifier, { issuer, answeredAt, seconds }] of this.#trusted.entries()) {
      if (issuer !== undefined && answeredAt.age(clock) < seconds * 1000) yield [identifier, issuer];
    }
  }
}
