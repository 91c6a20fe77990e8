/**
 * Test doubles. Nothing here checks anything: import it in tests only.
 *
 * @module
 */
import { deepFreeze } from './auth.js';
import { type AccessTokenClaims, Auth } from './model/auth.js';

/** What a fake {@link Auth} should say; everything has a default. */
export interface FakeAuthFields<Claims = AccessTokenClaims> {
  /** Default `'user-1'`. */
  readonly subject?: string;
  /** Default none. What it implies in production does not count here: name every scope. */
  readonly scopes?: readonly string[];
  /** `auth.claims` as the handler should see them; by default what the other fields say, under their wire names. */
  readonly claims?: Claims;
  /** Default `'https://issuer.test'`. */
  readonly issuer?: string;
  /** Default `'https://api.test'`. */
  readonly audience?: string | readonly string[];
  /** Default `'client-1'`. */
  readonly clientId?: string;
  /** Seconds since the epoch. Default an hour from now. */
  readonly expiresAt?: number;
}

/** Somebody who was admitted, without a token and without a check, for tests of handlers. */
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
