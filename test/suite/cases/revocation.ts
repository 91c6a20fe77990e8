import type { ResourceServerOptions } from '@resource-server/core';
import { badToken, internalError, unavailable } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** Revoked tokens: by the callback of the application, and at the issuer. */
export const revocationCases: readonly SuiteCase[] = [
  {
    name: 'a token for which isRevoked returns false is accepted',
    options: withIsRevoked((auth) => auth.subject !== 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a token for which isRevoked returns true is 401 invalid_token',
    options: withIsRevoked(({ subject }) => subject === 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'isRevoked may return a promise',
    options: withIsRevoked(async ({ subject }) => subject === 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'with optional credentials a revoked token is 401, not an anonymous request',
    options: withIsRevoked(() => true),
    request: (world) => withToken(world, 'read', { target: '/optional' }),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'a token that isRevoked reports is refused before its scopes are checked',
    options: withIsRevoked(() => true),
    request: (world) => withToken(world, '', { target: '/read' }),
    expect: { refused: badToken('token_revoked') },
  },
  ...[
    {
      how: 'throws',
      isRevoked: () => {
        throw new Error('the list of revoked tokens cannot be read');
      },
    },
    // Not an Error: a rejection with undefined must not count as a missing error.
    { how: 'rejects with undefined', isRevoked: () => Promise.reject(undefined) },
  ].map(
    ({ how, isRevoked }): SuiteCase => ({
      name: `isRevoked that ${how} is 503 with Retry-After`,
      options: withIsRevoked(isRevoked),
      request: (world) => withToken(world, 'read'),
      expect: { refused: unavailable('revocation_unavailable') },
    }),
  ),
  {
    name: 'isRevoked that returns no boolean is 500 with a generic text',
    options: withIsRevoked(() => undefined as unknown as boolean),
    request: (world) => withToken(world, 'read'),
    expect: { refused: internalError('callback_failed') },
  },
  {
    name: 'a token that its issuer revoked is 401 invalid_token (D-22)',
    onlyFor: 'opaque',
    request: async ({ issuer }) => {
      const token = await issuer.token({ subject: 'ada', scope: 'read' });
      issuer.revoke(token);
      return withAuthorization(`Bearer ${token}`);
    },
    expect: { refused: badToken('token_inactive') },
  },
  {
    name: 'a token that its issuer revoked is refused before its scopes are checked (D-22)',
    onlyFor: 'opaque',
    request: async ({ issuer }) => {
      const token = await issuer.token({ subject: 'ada' });
      issuer.revoke(token);
      return withAuthorization(`Bearer ${token}`, { target: '/read' });
    },
    expect: { refused: badToken('token_inactive') },
  },
];

type IsRevoked = NonNullable<NonNullable<ResourceServerOptions['revocation']>['isRevoked']>;

function withIsRevoked(isRevoked: IsRevoked): Partial<ResourceServerOptions> {
  return { revocation: { isRevoked } };
}
