import type { AccessTokenClaims, Auth } from '../model/auth.js';
import type { ResourceServer } from '../resource-server.js';

/** How `getAuth` is asked. */
export interface GetAuthOptions {
  /** `true` where credentials are optional: nobody is `null` instead of an error. */
  readonly optional?: boolean;
  /** The server whose `auth()` must have judged the request; types the claims by its schema. */
  // biome-ignore lint/suspicious/noExplicitAny: a server of any schema
  readonly from?: ResourceServer<any>;
}

/**
 * Who was admitted with this request.
 *
 * @throws {TypeError} where nobody was (and `optional` is not set), where no `auth()` stands in
 *   front, and where another server than `from` judged the request
 */
export interface GetAuth<Native> {
  <Claims>(native: Native, options: { from: ResourceServer<Claims>; optional: true }): Auth<Claims> | null;
  <Claims>(native: Native, options: { from: ResourceServer<Claims>; optional?: false }): Auth<Claims>;
  (native: Native, options: { optional: true }): Auth<AccessTokenClaims> | null;
  (native: Native, options?: { optional?: false }): Auth<AccessTokenClaims>;
}
