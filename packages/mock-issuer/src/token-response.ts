import type { JsonObject } from './judge.js';

/** What a token request is answered with, under the names of RFC 6749 section 5.1. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP' | 'N_A';
  /** Seconds that the access token has to live. */
  readonly expires_in: number;
  /** What was granted, where that is anything. */
  readonly scope?: string;
  readonly refresh_token?: string;
  /** RFC 9396 section 7. */
  readonly authorization_details?: readonly JsonObject[];
  /** RFC 8693 section 2.2.1. */
  readonly issued_token_type?: string;
}
