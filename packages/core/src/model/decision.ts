import type { AccessError } from '../errors.js';
import type { AccessTokenClaims, Auth } from './auth.js';

/** One header field line. A name may occur more than once; each occurrence is a separate line. */
export type Header = readonly [name: string, value: string];

/** The request is accepted. */
export interface Granted<Claims = AccessTokenClaims> {
  readonly granted: true;
  /** The authenticated caller; `null` for an anonymous request, where credentials are optional. */
  readonly auth: Auth<Claims> | null;
  /** Headers that the response must contain. */
  readonly headers: readonly Header[];
}

/** The request is refused with this response. */
export interface Denied {
  readonly granted: false;
  /** HTTP status of the response. */
  readonly status: 400 | 401 | 403 | 500 | 503;
  /** All headers of the response, among them the challenge and `Content-Type`. */
  readonly headers: readonly Header[];
  /** A problem document (RFC 9457), as JSON text. */
  readonly body: string;
  /** The refusal as an error, with details for operators. */
  readonly error: AccessError;
}

/** The result of a check. It contains the whole response; an adapter only sends it. */
export type Decision<Claims = AccessTokenClaims> = Granted<Claims> | Denied;
