import type { Addresses } from './addresses.js';
import type { AuthorizedCode, AuthorizeRequest } from './authorize.js';
import type { BadTokens } from './bad/bad-tokens.js';
import type { MockClock } from './clock.js';
import type { Device } from './device/device.js';
import type { Faults } from './faults/faults.js';
import type { Requests } from './http/request-log.js';
import type { Keys } from './key-ring.js';
import type { Possession } from './possession.js';
import type { ResourceServerCredentials } from './registrations.js';
import type { JwkSet } from './signing-key.js';
import type { TokenRequest } from './token-request.js';
import type { StatusList } from './token-status.js';

/** A running issuer. */
export interface MockIssuer extends Addresses, Possession {
  /**
   * The JSON Web Key Set as the endpoint would serve it without a fault, for verifiers that use no network; a copy each time.
   * Keys of `algorithms` that nobody needed so far are made on the spot, which for RSA holds the event loop for tens of milliseconds.
   */
  readonly jwks: JwkSet;
  /** Credentials of a resource server that is always there, and may introspect every token: what a server under test needs to be told. */
  readonly resourceServer: ResourceServerCredentials;
  /** The status of tokens that were asked for with one. */
  readonly statusList: StatusList;
  /** What the users of devices say. */
  readonly device: Device;
  /** Signature keys. */
  readonly keys: Keys;
  /** Tokens a resource server must refuse, one fault each. `Object.keys` lists them. */
  readonly bad: BadTokens;
  /** Trouble at the endpoints. */
  readonly faults: Faults;
  /** What the endpoints were asked. */
  readonly requests: Requests;
  /** The time by which tokens are dated. */
  readonly clock: MockClock;
  /**
   * Mints an access token in the profile of RFC 9068, as a JWT or opaque, in this process: no grant, no client and no user is asked.
   * Introspection knows it.
   *
   * @throws TypeError when the request has an unknown or ill-typed member.
   */
  token(request?: TokenRequest): Promise<string>;
  /**
   * Takes a user through an authorization request in this process, without a browser: the answer has a code, and gives the tokens for it.
   *
   * @throws TypeError for what is unknown or ill-typed; OAuthError, with the `code` that the authorization endpoint would answer with.
   */
  authorize(request: AuthorizeRequest): Promise<AuthorizedCode>;
  /**
   * Revokes an access token, or a refresh token with everything that was issued for its grant: from now on introspection says that it is
   * inactive, and the status list, if the token is in it, that it is invalid. A JWT stays what it is for those who look at nothing else.
   *
   * @throws RangeError when this issuer has issued no such token; of bad tokens it has issued those whose fault is a claim.
   */
  revoke(token: string): void;
  /**
   * Makes the issuer forget what a test did, for the next one: issued tokens (introspection no longer knows them), codes, device codes,
   * refresh tokens, clients that registered themselves and documents about clients, requests that wait for a user, sign-ins, proofs and
   * assertions that were used, faults, requests, and the time by which the clock was advanced. What servers under test remember stays, so
   * that they go on working: the keys, those that were rotated or withdrawn too, the places taken in the status list, the certificate
   * authority, and `monotonic()` of the clock. A clock without `reset` is left alone.
   */
  reset(): void;
  /**
   * Destroys open sockets, drops answers under way and frees the port, and writes the state file, if there is one. May be called again.
   * Tokens can still be minted.
   *
   * @throws StateFileError when the file cannot be written.
   */
  close(): Promise<void>;
  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
