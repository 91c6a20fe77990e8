/** Somebody who can sign in. */
export interface User {
  /** The `sub` of tokens about this user; nobody else's, and no client's `client_id`. */
  readonly sub: string;
  /** The name on pages. Default: the `sub`. */
  readonly name?: string;
}
