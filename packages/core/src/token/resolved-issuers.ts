import { withTimeout } from '../async/with-timeout.js';
import { ConfigurationError } from '../errors.js';
import { type Clock, Moment } from '../model/clock.js';
import type { ResolutionCache } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import { isHttpsIssuer } from './https-issuer.js';
import { type IssuerDirectory, type IssuerQuery, untrusted } from './issuer-directory.js';

/** How {@link ResolvedIssuers} resolves an issuer, and how long a result is valid. */
export interface ResolutionSettings<Issuer> {
  /**
   * Calls the application's `issuer.resolve` for the `iss` of a token.
   *
   * @param known the issuer in an expired cache entry
   * @returns a function that creates the issuer; it is called only for a result that came in time.
   *   `undefined` for an issuer that is not trusted
   */
  resolve(identifier: string, known: Issuer | undefined): Promise<(() => Issuer) | undefined>;
  /** How long a trusted issuer is cached, in seconds. */
  readonly trustedSeconds: number;
  /** How long the refusal of an issuer is cached, in seconds. */
  readonly refusedSeconds: number;
  /** How long a request waits for `resolve`, in seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Issuers that `issuer.resolve` finds when a token names them. Its results are cached for a time.
 * Its exceptions are not cached, and results after the timeout are ignored.
 */
export class ResolvedIssuers<Issuer> implements IssuerDirectory<Issuer> {
  readonly #settings: ResolutionSettings<Issuer>;
  readonly #cache: ResolutionCache<Issuer>;
  readonly #clock: Clock;
  readonly #inFlight = new Map<string, Promise<Issuer | Refusal>>();

  constructor(settings: ResolutionSettings<Issuer>, cache: ResolutionCache<Issuer>, clock: Clock) {
    this.#settings = settings;
    this.#cache = cache;
    this.#clock = clock;
  }

  find({ issuer: identifier }: IssuerQuery): Issuer | Refusal | Promise<Issuer | Refusal> {
    const known = this.#cache.get(identifier);
    if (known !== undefined && known.answeredAt.age(this.#clock) < known.seconds * 1000) {
      return known.issuer ?? untrusted(identifier);
    }
    if (!isHttpsIssuer(identifier)) return untrusted(identifier);
    return this.#inFlight.get(identifier) ?? this.#resolve(identifier, known?.issuer);
  }

  trusted(): Iterable<readonly [string, Issuer]> {
    return this.#cache.trusted(this.#clock);
  }

  /**
   * Empty: the issuers are not known in advance, and `ready()` must not wait for an issuer that
   * cannot be reached.
   */
  configured(): Iterable<readonly [string, Issuer]> {
    return [];
  }

  /**
   * At most one call of `resolve` for one issuer is in flight; all requests wait for it. After the
   * timeout it is abandoned, so that the next request starts a new one.
   */
  #resolve(identifier: string, known: Issuer | undefined): Promise<Issuer | Refusal> {
    const { timeoutSeconds } = this.#settings;
    const result = this.#settings.resolve(identifier, known).then(
      (make) => ({ make }),
      (cause: unknown) => failed(identifier, cause),
    );
    const flight = withTimeout(timeoutSeconds * 1000, result, () => timedOut(identifier)).then((outcome) => {
      this.#inFlight.delete(identifier);
      return outcome instanceof Refusal ? outcome : this.#accept(identifier, outcome.make);
    });
    this.#inFlight.set(identifier, flight);
    return flight;
  }

  #accept(identifier: string, make: (() => Issuer) | undefined): Issuer | Refusal {
    const { trustedSeconds, refusedSeconds } = this.#settings;
    try {
      const issuer = make?.();
      const seconds = issuer === undefined ? refusedSeconds : trustedSeconds;
      this.#cache.set(identifier, { issuer, answeredAt: Moment.of(this.#clock), seconds });
      return issuer ?? untrusted(identifier);
    } catch (cause) {
      return failed(identifier, cause);
    }
  }
}

/** A `ConfigurationError` names the option at fault: its message replaces the general text. */
function failed(identifier: string, cause: unknown): Refusal {
  const expected =
    cause instanceof ConfigurationError ? cause.message : 'issuer.resolve() to return a result; it threw';
  return new Refusal('callback_failed', { expected, found: shown(identifier), cause });
}

function timedOut(identifier: string): Refusal {
  const expected = 'issuer.resolve() to return a result in time';
  return new Refusal('issuer_unresolved', { expected, found: shown(identifier), retryAfterSeconds: 1 });
}
