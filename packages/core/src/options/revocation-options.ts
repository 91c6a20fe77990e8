import type { Auth } from '../model/auth.js';

/** How it is found out that a valid token was revoked. At least one of them. */
export interface RevocationCheck<Claims> {
  /**
   * Whether a token was revoked. Asked on every request, after everything else about the token was found right. What it throws, and an answer that
   * takes longer than `keys.timeoutSeconds`, are 503: while nobody can say, nobody is admitted. Anything but a boolean is 500.
   */
  isRevoked?(auth: Auth<Claims>): boolean | Promise<boolean>;
  /**
   * Look up the status of tokens that refer to a Token Status List (draft-ietf-oauth-status-list-21). Lists are fetched from the
   * hosts of the issuer, and those of `keys.allowedHosts`; they have to be signed by the token's own issuer. Any status but VALID refuses the
   * token; a list that cannot be had is 503. Default false.
   */
  readonly statusLists?: boolean;
}
