import type { Documented } from '../configuration.js';
import type { Algorithm } from '../world.js';

/** A client that gets tokens for itself, at every issuer that knows its clients. */
export const client = { id: 'bench', secret: 'bench-secret-bench-secret-bench-secret' };

/** How the first token is got: minted in the process of the issuer, or by the grant client_credentials over HTTP. */
export type Way = 'minted' | 'over HTTP';

/** An authorization server for tests. */
export interface IssuerSubject extends Documented {
  readonly ways: readonly Way[];
  readonly configuration: (alg: Algorithm) => unknown;
  /** Loads the package: what an import at the top of a test file would do. */
  readonly load: () => Promise<Start>;
}

/** Starts an issuer on loopback that signs by this algorithm, with a key of its own. */
export type Start = (alg: Algorithm) => Promise<RunningIssuer>;

export interface RunningIssuer {
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  /** For who offers the way `minted`. */
  readonly mint?: () => Promise<string>;
  readonly close: () => Promise<void>;
}
