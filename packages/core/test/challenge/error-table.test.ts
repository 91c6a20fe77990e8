import { describe, expect, it } from 'vitest';
import { renderDenial } from '../../src/challenge/render-denial.js';
import { type AccessErrorCode, accessErrorCodes } from '../../src/errors.js';
import type { Header } from '../../src/model/decision.js';
import { Refusal } from '../../src/model/refusal.js';

/**
 * Every code with everything that a client sees for it, on a route that needs the scopes read and
 * write. The table is written out, not computed: a change of any answer is a change of this table.
 */

type Golden = readonly [status: number, challenge: string | undefined, body: string, message: string];

const unauthenticated: Golden = [
  401,
  'Bearer realm="api", scope="read write"',
  '{"type":"about:blank","title":"Unauthorized","status":401}',
  'Unauthorized',
];
const badRequest: Golden = [
  400,
  'Bearer realm="api", error="invalid_request", error_description="The request carries a malformed or more than one credential"',
  '{"type":"about:blank","title":"Bad Request","status":400,"error":"invalid_request","detail":"The request carries a malformed or more than one credential"}',
  'The request carries a malformed or more than one credential',
];
const badToken: Golden = [
  401,
  'Bearer realm="api", error="invalid_token", error_description="The access token is invalid"',
  '{"type":"about:blank","title":"Unauthorized","status":401,"error":"invalid_token","detail":"The access token is invalid"}',
  'The access token is invalid',
];
const expired: Golden = [
  401,
  'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
  '{"type":"about:blank","title":"Unauthorized","status":401,"error":"invalid_token","detail":"The access token expired"}',
  'The access token expired',
];
const lacksScope: Golden = [
  403,
  'Bearer realm="api", error="insufficient_scope", error_description="The access token does not allow this", scope="read write"',
  '{"type":"about:blank","title":"Forbidden","status":403,"error":"insufficient_scope","detail":"The access token does not allow this"}',
  'The access token does not allow this',
];
const lacksClaim: Golden = [
  403,
  'Bearer realm="api", error="insufficient_scope", error_description="The access token does not allow this"',
  '{"type":"about:blank","title":"Forbidden","status":403,"error":"insufficient_scope","detail":"The access token does not allow this"}',
  'The access token does not allow this',
];
const internalError: Golden = [
  500,
  undefined,
  '{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Internal error"}',
  'Internal error',
];
const keysDown: Golden = [
  503,
  undefined,
  '{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"Access tokens cannot be checked right now"}',
  'Access tokens cannot be checked right now',
];

const golden: Readonly<Record<AccessErrorCode, Golden>> = {
  credentials_missing: unauthenticated,
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
  token_expired: expired,
  token_not_yet_valid: badToken,
  token_too_old: badToken,
  claims_refused: badToken,
  token_inactive: badToken,
  token_revoked: badToken,
  binding_unsupported: badToken,
  scope_insufficient: lacksScope,
  claim_insufficient: lacksClaim,
  guard_without_auth: internalError,
  callback_failed: internalError,
  issuer_unresolved: keysDown,
  keys_unavailable: keysDown,
  introspection_unavailable: keysDown,
  revocation_unavailable: keysDown,
  verification_overloaded: keysDown,
  internal_failure: internalError,
};

describe.each(accessErrorCodes)(
  'the answer to %s [RS-9457-3-a] [RS-9457-3.1-a] [RS-9457-3.1.1-a] [RS-9457-3.1.2-a] [RS-2.1-5.3-b]',
  (code) => {
    const [status, challenge, body, message] = golden[code];
    const retry = status === 503 ? { retryAfterSeconds: 7 } : {};
    const denial = renderDenial(new Refusal(code, retry), ['read', 'write'], { realm: 'api' });

    it(`the answer to ${code} is ${status} with these headers, in this order, and this body (D-11, D-12)`, () => {
      const headers: Header[] = [
        ...(challenge === undefined ? [] : [['WWW-Authenticate', challenge] as const]),
        ...(status === 503 ? [['Retry-After', '7'] as const] : []),
        ['Cache-Control', 'no-store'],
        ['Content-Type', 'application/problem+json'],
      ];
      expect(denial.granted).toBe(false);
      expect(denial.status).toBe(status);
      expect(denial.headers).toEqual(headers);
      expect(denial.body).toBe(body);
    });

    it('the AccessError of the denial has the same code, status, text and headers', () => {
      const { error } = denial;
      expect([error.code, error.status, error.statusCode, error.message]).toEqual([code, status, status, message]);
      expect(error.headers).toEqual({
        ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
        ...(status === 503 && { 'Retry-After': '7' }),
        'Cache-Control': 'no-store',
      });
    });
  },
);

it('the table of answers has every access error code and no other', () => {
  expect(Object.keys(golden).sort()).toEqual([...accessErrorCodes].sort());
});
