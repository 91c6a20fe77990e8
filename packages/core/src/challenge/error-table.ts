import type { AccessErrorCode } from '../errors.js';
import type { Denied } from '../model/decision.js';
import { bare } from '../objects/bare.js';

/** What the client is told for one code: fixed text, nothing out of the request. */
export interface Answer {
  readonly status: Denied['status'];
  /** The error code of RFC 6750 section 3.1; without one the challenge carries no `error` at all. */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  /** `error_description` of the challenge and `detail` of the body. */
  readonly text?: string;
  /** Whether the challenge names the scopes that the route needs. */
  readonly namesScopes?: true;
}

const nobody: Answer = bare({ status: 401, namesScopes: true });
const badRequest: Answer = bare({
  status: 400,
  error: 'invalid_request',
  text: 'The request carries a malformed or more than one credential',
});
// One text for all of them, so that no answer tells a forger what to mend.
const badToken: Answer = bare({ status: 401, error: 'invalid_token', text: 'The access token is invalid' });
const forbidden: Answer = bare({
  status: 403,
  error: 'insufficient_scope',
  text: 'The access token does not allow this',
});
const ourFault: Answer = bare({ status: 500, text: 'Internal error' });
const dependencyDown: Answer = bare({ status: 503, text: 'Access tokens cannot be checked right now' });

/** The one table of refusals. */
export const answers: Readonly<Record<AccessErrorCode, Answer>> = {
  credentials_missing: nobody,
  credentials_malformed: badRequest,
  credentials_repeated: badRequest,
  token_elsewhere: badRequest,
  token_too_large: badToken,
  token_malformed: badToken,
  token_opaque: badToken,
  issuer_untrusted: badToken,
  algorithm_refused: badToken,
  key_unknown: badToken,
  signature_invalid: badToken,
  type_refused: badToken,
  claim_missing: badToken,
  claim_malformed: badToken,
  audience_mismatch: badToken,
  token_expired: bare({ ...badToken, text: 'The access token expired' }),
  token_not_yet_valid: badToken,
  token_too_old: badToken,
  claims_refused: badToken,
  token_inactive: badToken,
  token_revoked: badToken,
  binding_unsupported: badToken,
  scope_insufficient: bare({ ...forbidden, namesScopes: true }),
  claim_insufficient: forbidden,
  guard_without_auth: ourFault,
  callback_failed: ourFault,
  issuer_unresolved: dependencyDown,
  keys_unavailable: dependencyDown,
  introspection_unavailable: dependencyDown,
  revocation_unavailable: dependencyDown,
  verification_overloaded: dependencyDown,
  internal_failure: ourFault,
};

/** The reason phrases of RFC 9110 section 15: a problem of type about:blank has no other title. */
export const titles: Readonly<Record<Denied['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
