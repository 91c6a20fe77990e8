import type { AccessErrorCode } from '@resource-server/core';

/** The expected response to a refused request, written out: no code under test computes it. */
export interface Refused {
  readonly code: AccessErrorCode;
  readonly status: 400 | 401 | 403 | 500 | 503;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function refused(
  code: AccessErrorCode,
  status: Refused['status'],
  error?: string,
  detail?: string,
  scope?: string,
): Refused {
  const parameters = ['realm="api"'];
  if (error !== undefined) parameters.push(`error="${error}"`, `error_description="${detail}"`);
  if (scope !== undefined) parameters.push(`scope="${scope}"`);
  const problem = { type: 'about:blank', title: titles[status], status };
  return {
    code,
    status,
    challenge: status < 500 ? `Bearer ${parameters.join(', ')}` : undefined,
    body: { ...problem, ...(error && { error }), ...(detail && { detail }) },
  };
}

/** 401 without any error, for a request without credentials. */
export const noCredentials = (scope?: string): Refused =>
  refused('credentials_missing', 401, undefined, undefined, scope);

/** 400 invalid_request. */
export const badRequest = (code: AccessErrorCode): Refused =>
  refused(code, 400, 'invalid_request', 'The request carries a malformed or more than one credential');

/** 401 invalid_token. */
export const badToken = (code: AccessErrorCode): Refused =>
  refused(
    code,
    401,
    'invalid_token',
    code === 'token_expired' ? 'The access token expired' : 'The access token is invalid',
  );

/** 403 insufficient_scope. */
export const forbidden = (code: AccessErrorCode, scope?: string): Refused =>
  refused(code, 403, 'insufficient_scope', 'The access token does not allow this', scope);

/** 503, never with a challenge, whatever dependency is unavailable. */
export const unavailable = (code: AccessErrorCode): Refused =>
  refused(code, 503, undefined, 'Access tokens cannot be checked right now');

/** 500, without the cause. */
export const internalError = (code: AccessErrorCode): Refused => refused(code, 500, undefined, 'Internal error');
