import { withTimeout } from '../async/with-timeout.js';
import { ConfigurationError } from '../errors.js';
import { type Clock, Moment } from '../model/clock.js';
import type { ResolutionCache } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import { isHttpsIssuer } from './https-issuer.js';
import { type IssuerDirectory, type IssuerQuery, untrusted } from './issuer-directory.js';

/** How a {@link ResolvedIssuers} asks, and for how long an answer counts, in seconds. */
export interface ResolutionSettings<Issuer> {
  /**
   * Asks the application about an issuer that a token named.
   *
   * @param known what is remembered of it, past its time
   * @returns how to make the issuer, once the answer counts; `undefined` for one that is not trusted
   */
  resolve(identifier: string, known: Issuer | undefined): Promise<(() => Issuer) | undefined>;
  /** How long a trusted issuer is trusted before it is asked about again. */
  readonly trustedSeconds: number;
  /** How long one that is not trusted is refused without asking. */
  readonly refusedSeconds: number;
  /** How long a request waits for an answer. */
  readonly timeoutSeconds: number;
}

/**
 * Issuers that are found when a token names them. Who is trusted the application says; what it says is remembered
 * for a time, what it throws is not, and a late answer is none.
 */
export class ResolvedIssuers<Issuer> implements IssuerDirectory<Issuer> {
  readonly #settings: ResolutionSettings<Issuer>;
  readonly #cache: ResolutionCache<Issuer>;
  readonly #clock: Clock;
  readonly #asked = new Map<string, Promise<Issuer | Refusal>>();

  constructor(settings: ResolutionSettings<Issuer>, memory: ResolutionCache<Issuer>, clock: Clock) {
    this.#settings = settings;
    this.#cache = memory;
    this.#clock = clock;
  }

  find({ issuer: identifier }: IssuerQuery): Issuer | Refusal | Promise<Issuer | Refusal> {
    const known = this.#cache.get(identifier);
    if (known !== undefined && known.answeredAt.age(this.#clock) < known.seconds * 1000) {
      return known.issuer ?? untrusted(identifier);
    }
    if (!isHttpsIssuer(identifier)) return untrusted(identifier);
    return this.#asked.get(identifier) ?? this.#ask(identifier, known?.issuer);
  }

  trusted(): Iterable<readonly [string, Issuer]> {
    return this.#cache.trusted(this.#clock);
  }

  /** Nobody: who they will be is not known, and one that is out of reach must not make the others wait. */
  configured(): Iterable<readonly [string, Issuer]> {
    return [];
  }

  /** One question at a time about one issuer. A question that gets no answer in time is over, so that the next may be asked. */
  #ask(identifier: string, known: Issuer | undefined): Promise<Issuer | Refusal> {
    const { timeoutSeconds } = this.#settings;
    const answer = this.#settings.resolve(identifier, known).then(
      (make) => ({ make }),
      (cause: unknown) => failed(identifier, cause),
    );
    const asked = withTimeout(timeoutSeconds * 1000, answer, () => unanswered(identifier)).then((outcome) => {
      this.#asked.delete(identifier);
      return outcome instanceof Refusal ? outcome : this.#accept(identifier, outcome.make);
    });
    this.#asked.set(identifier, asked);
    return asked;
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

/** What is wrong with an option says more than that something is. */
function failed(identifier: string, cause: unknown): Refusal {
  const expected = cause instanceof ConfigurationError ? cause.message : 'issuer.resolve() to answer';
  return new Refusal('callback_failed', { expected, found: shown(identifier), cause });
}

function unanswered(identifier: string): Refusal {
  const expected = 'issuer.resolve() to answer in time';
  return new Refusal('issuer_unresolved', { expected, found: shown(identifier), retryAfterSeconds: 1 });
}
