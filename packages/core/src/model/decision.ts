import type { AccessError } from '../errors.js';
import type { AccessTokenClaims, Auth } from './auth.js';

/** One header field line. A name may come twice; each is a line of its own. */
export type Header = readonly [name: string, value: string];

/** The request may go on. */
export interface Granted<Claims = AccessTokenClaims> {
  readonly granted: true;
  /** Who was admitted; `null` where credentials are optional and none were sent. */
  readonly auth: Auth<Claims> | null;
  /** Headers for the response to carry. */
  readonly headers: readonly Header[];
}

/** The request ends here, with this answer. */
export interface Denied {
  readonly granted: false;
  readonly status: 400 | 401 | 403 | 500 | 503;
  /** Every header of the answer, the challenge and the body's type included. */
  readonly headers: readonly Header[];
  /** A problem document (RFC 9457), as JSON text. */
  readonly body: string;
  readonly error: AccessError;
}

/** What a check came to. An adapter carries it out and computes nothing. */
export type Decision<Claims = AccessTokenClaims> = Granted<Claims> | Denied;
