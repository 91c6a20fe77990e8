import { isFilled, isHeaderValue, judge, type Rule } from '../judge.js';
import {
  type DiscoveryFault,
  type FaultKind,
  type FaultyEndpoint,
  type GrantFault,
  type IntrospectionFault,
  type JwksFault,
  kindsOf,
  type StatusListFault,
} from './kinds.js';

/** Details of one fault; an option of another kind's is a TypeError. */
export interface FaultOptions {
  /** `slow` only: seconds of real time before the right answer, 0 to 3600. Default 5. */
  readonly delaySeconds?: number;
  /** `redirect` only: the `Location` sent. Default: a decoy of this issuer, counted under `decoy`. */
  readonly location?: string;
  /** `429` and `503` only: the `Retry-After` sent (RFC 9110 section 10.2.3), as seconds from 0 or as the text of the header. Default: none. */
  readonly retryAfter?: number | string;
  /**
   * `bomb` only: bytes that the list inflates to, 1024 to 1073741824. Default 134217728, 128 MiB, which is the most that comes in an answer
   * of less than 256 KiB.
   */
  readonly inflatedBytes?: number;
}

/** Makes endpoints misbehave. A fault stays until it is replaced or cleared; an unknown kind is a TypeError. */
export interface Faults {
  /** What the JWKS endpoint does from now on. */
  jwks(kind: JwksFault | 500, options?: FaultOptions): void;
  /** What the discovery documents do from now on. */
  discovery(kind: DiscoveryFault | 500, options?: FaultOptions): void;
  /** What the authorization endpoint does from now on. Requests are carried out before they are answered wrongly. */
  authorization(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the endpoint for pushed authorization requests does from now on; likewise. */
  par(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the device authorization endpoint does from now on; likewise. */
  deviceAuthorization(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the token endpoint does from now on; likewise. */
  token(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the registration endpoint does from now on; likewise. */
  registration(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the revocation endpoint does from now on; likewise. */
  revocation(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the introspection endpoint does from now on. Those that are about the answer's content need a caller who may ask. */
  introspection(kind: IntrospectionFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** What the status list endpoint does from now on. */
  statusList(kind: StatusListFault | 429 | 500 | 503, options?: FaultOptions): void;
  /** All of them behave again. Answers under way are not called back. */
  clear(): void;
}

/** A fault that was set. */
export interface ActiveFault<Kind extends string = FaultKind> {
  readonly kind: Kind;
  readonly delaySeconds: number;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
  readonly inflatedBytes: number;
}

type KindAt<Place extends FaultyEndpoint> = (typeof kindsOf)[Place][number];

const delayRule: Rule = {
  expected: 'a number from 0 to 3600',
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= 3600,
};
const locationRule: Rule = { expected: 'a URL', accepts: (value) => isFilled(value) && URL.canParse(value) };
const retryAfterRule: Rule = {
  expected: 'a whole number of seconds, 0 or more, or a header value',
  accepts: (value) => isHeaderValue(value) || (Number.isSafeInteger(value) && Number(value) >= 0),
};

const inflatedRule: Rule = {
  expected: 'a whole number from 1024 to 1073741824',
  accepts: (value) => Number.isInteger(value) && Number(value) >= 1024 && Number(value) <= 1024 ** 3,
};

/** The options each kind has. */
const optionsOf: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  slow: { delaySeconds: delayRule },
  redirect: { location: locationRule },
  '429': { retryAfter: retryAfterRule },
  '503': { retryAfter: retryAfterRule },
  bomb: { inflatedBytes: inflatedRule },
};

/** Remembers the fault of each endpoint. */
export class FaultBoard implements Faults {
  readonly #active = new Map<FaultyEndpoint, ActiveFault>();

  jwks(kind: JwksFault | 500, options?: FaultOptions): void {
    this.#set('jwks', kind, options);
  }

  discovery(kind: DiscoveryFault | 500, options?: FaultOptions): void {
    this.#set('discovery', kind, options);
  }

  authorization(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('authorization', kind, options);
  }

  par(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('par', kind, options);
  }

  deviceAuthorization(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('deviceAuthorization', kind, options);
  }

  token(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('token', kind, options);
  }

  registration(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('registration', kind, options);
  }

  revocation(kind: GrantFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('revocation', kind, options);
  }

  introspection(kind: IntrospectionFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('introspection', kind, options);
  }

  statusList(kind: StatusListFault | 429 | 500 | 503, options?: FaultOptions): void {
    this.#set('statusList', kind, options);
  }

  clear(): void {
    this.#active.clear();
  }

  /** The fault in force at an endpoint. */
  at<Place extends FaultyEndpoint>(place: Place): ActiveFault<KindAt<Place>> | undefined {
    // Only kinds of the place get in.
    return this.#active.get(place) as ActiveFault<KindAt<Place>> | undefined;
  }

  #set(place: FaultyEndpoint, named: FaultKind | number, options: FaultOptions = {}): void {
    const kinds: readonly FaultKind[] = kindsOf[place];
    const kind = kinds.find((one) => one === String(named));
    if (kind === undefined) throw new TypeError(`faults.${place}: the kind must be one of ${kinds.join(', ')}`);
    judge(`faults.${place} '${kind}'`, options, optionsOf[kind] ?? {});
    const { delaySeconds = 5, location, retryAfter, inflatedBytes = 128 * 1024 ** 2 } = options;
    this.#active.set(place, { kind, delaySeconds, location, retryAfter: retryAfter?.toString(), inflatedBytes });
  }
}
