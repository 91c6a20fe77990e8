/**
 * Test doubles. They validate nothing: import this module in tests only.
 *
 * @module
 */
import { deepFreeze } from './auth.js';
import { type AccessTokenClaims, Auth } from './model/auth.js';

/** The fields of a fake {@link Auth}. All of them are optional. */
export interface FakeAuthFields<Claims = AccessTokenClaims> {
  /**
   * The subject of the token.
   *
   * @default 'user-1'
   */
  readonly subject?: string;
  /**
   * The scopes of the token. The server's `scopeImplies` has no effect here: name every scope.
   *
   * @default []
   */
  readonly scopes?: readonly string[];
  /**
   * The value of `auth.claims`. With a `claims` schema, give the output of the schema.
   *
   * @default the other fields, under their names in a token: `iss`, `sub`, `client_id`, `aud`,
   *   `exp`, `scope`
   */
  readonly claims?: Claims;
  /**
   * The identifier of the issuer.
   *
   * @default 'https://issuer.test'
   */
  readonly issuer?: string;
  /**
   * The audience of the token.
   *
   * @default 'https://api.test'
   */
  readonly audience?: string | readonly string[];
  /**
   * The client that the token was issued to.
   *
   * @default 'client-1'
   */
  readonly clientId?: string;
  /**
   * The end of validity, in seconds since the epoch.
   *
   * @default one hour from now
   */
  readonly expiresAt?: number;
}

/**
 * Makes an {@link Auth} for tests of handlers. No token is validated.
 *
 * @example
 * import { fakeAuth } from '@resource-server/core/testing';
 *
 * const auth = fakeAuth({ subject: 'user-7', scopes: ['reports:read'] });
 */
export function fakeAuth<Claims = AccessTokenClaims>(fields: FakeAuthFields<Claims> = {}): Auth<Claims> {
  const {
    subject = 'user-1',
    scopes = [],
    issuer = 'https://issuer.test',
    clientId = 'client-1',
    expiresAt = Math.floor(Date.now() / 1000) + 3600,
  } = fields;
  const audience = Object.freeze([fields.audience ?? 'https://api.test'].flat());
  const wire = {
    iss: issuer,
    sub: subject,
    client_id: clientId,
    aud: audience,
    exp: expiresAt,
    scope: scopes.join(' '),
  };
  return new Auth<Claims>({
    issuer,
    subject,
    clientId,
    audience,
    expiresAt,
    scopes: Object.freeze([...scopes]),
    scheme: 'Bearer',
    binding: 'none',
    claims: deepFreeze(fields.claims ?? (wire as Claims)),
    token: 'fake',
    scopeImplies: new Map(),
  });
}
