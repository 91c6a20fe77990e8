import type { AccessTokenClaims, Auth } from '../model/auth.js';
import type { ResourceServer } from '../resource-server.js';

/** Options of `getAuth`. */
export interface GetAuthOptions {
  /**
   * `true` returns `null` for an anonymous request, instead of throwing. For routes with
   * `credentials: 'optional'`.
   *
   * @default false
   */
  readonly optional?: boolean;
  /**
   * The server whose `auth()` must have checked the request. It types `auth.claims` by the server's
   * `claims` schema.
   *
   * @default any server
   */
  // biome-ignore lint/suspicious/noExplicitAny: a server of any schema
  readonly from?: ResourceServer<any>;
}

/**
 * Returns the validated token of a request that `auth()` has accepted. It reads the result of
 * `auth()` only; it does NOT check the token again.
 *
 * @throws {TypeError} for an anonymous request (unless `optional` is set), for a request that no
 *   `auth()` has accepted, and when another server than `from` has checked it
 */
export interface GetAuth<Native> {
  <Claims>(native: Native, options: { from: ResourceServer<Claims>; optional: true }): Auth<Claims> | null;
  <Claims>(native: Native, options: { from: ResourceServer<Claims>; optional?: false }): Auth<Claims>;
  (native: Native, options: { optional: true }): Auth<AccessTokenClaims> | null;
  (native: Native, options?: { optional?: false }): Auth<AccessTokenClaims>;
}
