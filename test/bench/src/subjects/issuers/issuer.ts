import type { Documented } from '../configuration.js';
import type { Algorithm } from '../world.js';

/**
 * A client for the client_credentials grant, registered at every issuer that has a client registry.
 */
export const client = { id: 'bench', secret: 'bench-secret-bench-secret-bench-secret' };

/**
 * How the first token is created: minted in process, or by the client_credentials grant over HTTP.
 */
export type Way = 'minted' | 'over HTTP';

/** An authorization server for tests. */
export interface IssuerSubject extends Documented {
  readonly ways: readonly Way[];
  readonly configuration: (alg: Algorithm) => unknown;
  /** Loads the package, as an import at the top of a test file does. */
  readonly load: () => Promise<Start>;
}

/** Starts an issuer on loopback that signs with this algorithm, with its own key. */
export type Start = (alg: Algorithm) => Promise<RunningIssuer>;

export interface RunningIssuer {
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  /** Given for the way `minted`. */
  readonly mint?: () => Promise<string>;
  readonly close: () => Promise<void>;
}
