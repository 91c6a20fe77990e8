import { isFilled, judge, type Rule } from '../judge.js';

/**
 * Faults of either endpoint.
 *
 * - `down`: the socket is destroyed without an answer.
 * - `slow`: the right answer comes after `delaySeconds`.
 * - `hang`: no answer comes until the issuer is closed.
 * - `500`: a server error; the number does as well.
 * - `truncated`: half of the length that was promised, then the socket is destroyed.
 * - `huge`: the right answer, padded to more than 1 MiB, without a Content-Length.
 * - `redirect`: 302 to `location`.
 * - `html`: an HTML page with status 200.
 * - `gzip`: the right answer, compressed whatever the client accepts.
 */
type CommonFault = 'down' | 'slow' | 'hang' | '500' | 'truncated' | 'huge' | 'redirect' | 'html' | 'gzip';

/** Faults of the JWKS endpoint; `empty` is a valid set without keys. */
export type JwksFault = CommonFault | 'empty';

/** Faults of the discovery documents, all of their places alike; with `wrongIssuer` they name `https://other.example`. */
export type DiscoveryFault = CommonFault | 'wrongIssuer';

/** Details of one fault; an option of another kind's is a TypeError. */
export interface FaultOptions {
  /** `slow` only: seconds of real time before the right answer, 0 to 3600. Default 5. */
  readonly delaySeconds?: number;
  /** `redirect` only: the `Location` sent. Default: a decoy of this issuer, counted under `decoy`. */
  readonly location?: string;
}

/** Makes endpoints misbehave. A fault stays until it is replaced or cleared; an unknown kind is a TypeError. */
export interface Faults {
  /** What the JWKS endpoint does from now on. */
  jwks(kind: JwksFault | 500, options?: FaultOptions): void;
  /** What the discovery documents do from now on. */
  discovery(kind: DiscoveryFault | 500, options?: FaultOptions): void;
  /** Both behave again. Answers under way are not called back. */
  clear(): void;
}

/** A fault that was set. */
export interface ActiveFault<Kind extends string = JwksFault | DiscoveryFault> {
  readonly kind: Kind;
  readonly delaySeconds: number;
  readonly location: string | undefined;
}

const common: readonly CommonFault[] = ['down', 'slow', 'hang', '500', 'truncated', 'huge', 'redirect', 'html', 'gzip'];
const jwksKinds: readonly JwksFault[] = [...common, 'empty'];
const discoveryKinds: readonly DiscoveryFault[] = [...common, 'wrongIssuer'];

const delayRule: Rule = {
  expected: 'a number from 0 to 3600',
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= 3600,
};
const locationRule: Rule = { expected: 'a URL', accepts: (value) => isFilled(value) && URL.canParse(value) };

function activate<Kind extends string>(
  owner: string,
  kinds: readonly Kind[],
  named: Kind | 500,
  options: FaultOptions,
): ActiveFault<Kind> {
  const kind = (named === 500 ? '500' : named) as Kind;
  if (!kinds.includes(kind)) throw new TypeError(`${owner}: the kind must be one of ${kinds.join(', ')}`);
  judge(`${owner} '${kind}'`, options, {
    ...(kind === 'slow' && { delaySeconds: delayRule }),
    ...(kind === 'redirect' && { location: locationRule }),
  });
  return { kind, delaySeconds: options.delaySeconds ?? 5, location: options.location };
}

/** Remembers the fault of each endpoint. */
export class FaultBoard implements Faults {
  #jwks: ActiveFault<JwksFault> | undefined;
  #discovery: ActiveFault<DiscoveryFault> | undefined;

  jwks(kind: JwksFault | 500, options: FaultOptions = {}): void {
    this.#jwks = activate('faults.jwks', jwksKinds, kind, options);
  }

  discovery(kind: DiscoveryFault | 500, options: FaultOptions = {}): void {
    this.#discovery = activate('faults.discovery', discoveryKinds, kind, options);
  }

  clear(): void {
    this.#jwks = undefined;
    this.#discovery = undefined;
  }

  /** The fault in force at an endpoint. */
  at(endpoint: 'jwks' | 'discovery'): ActiveFault | undefined {
    return endpoint === 'jwks' ? this.#jwks : this.#discovery;
  }
}
