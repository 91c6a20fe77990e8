import type { AccessErrorCode } from '../errors.js';
import type { Denied } from '../model/decision.js';
import { bare } from '../objects/bare.js';

/** The response for one error code. It is fixed text: no part of the request appears in it. */
export interface Answer {
  readonly status: Denied['status'];
  /** The error code of RFC 6750 section 3.1. Without it the challenge has no `error` parameter. */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  /** `error_description` of the challenge and `detail` of the body. */
  readonly text?: string;
  /** Whether the challenge names the scopes that the route needs. */
  readonly namesScopes?: true;
}

const unauthenticated: Answer = bare({ status: 401, namesScopes: true });
const invalidRequest: Answer = bare({
  status: 400,
  error: 'invalid_request',
  text: 'The request carries a malformed or more than one credential',
});
// One text for all of them: an attacker must not learn which check a forged token failed.
const invalidToken: Answer = bare({ status: 401, error: 'invalid_token', text: 'The access token is invalid' });
const insufficientScope: Answer = bare({
  status: 403,
  error: 'insufficient_scope',
  text: 'The access token does not allow this',
});
const internalError: Answer = bare({ status: 500, text: 'Internal error' });
const unavailable: Answer = bare({ status: 503, text: 'Access tokens cannot be checked right now' });

/** The response for every error code. ERRORS.md documents the same table. */
export const answers: Readonly<Record<AccessErrorCode, Answer>> = {
  credentials_missing: unauthenticated,
  credentials_malformed: invalidRequest,
  credentials_repeated: invalidRequest,
  token_elsewhere: invalidRequest,
  token_too_large: invalidToken,
  token_malformed: invalidToken,
  token_opaque: invalidToken,
  issuer_untrusted: invalidToken,
  algorithm_refused: invalidToken,
  key_unknown: invalidToken,
  signature_invalid: invalidToken,
  type_refused: invalidToken,
  claim_missing: invalidToken,
  claim_malformed: invalidToken,
  audience_mismatch: invalidToken,
  token_expired: bare({ ...invalidToken, text: 'The access token expired' }),
  token_not_yet_valid: invalidToken,
  token_too_old: invalidToken,
  claims_refused: invalidToken,
  token_inactive: invalidToken,
  token_revoked: invalidToken,
  binding_unsupported: invalidToken,
  scope_insufficient: bare({ ...insufficientScope, namesScopes: true }),
  claim_insufficient: insufficientScope,
  guard_without_auth: internalError,
  callback_failed: internalError,
  issuer_unresolved: unavailable,
  keys_unavailable: unavailable,
  introspection_unavailable: unavailable,
  revocation_unavailable: unavailable,
  verification_overloaded: unavailable,
  internal_failure: internalError,
};

/**
 * The reason phrases of RFC 9110 section 15. A problem document of type `about:blank` has the
 * reason phrase as its title (RFC 9457 section 4.2.1).
 */
export const titles: Readonly<Record<Denied['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
