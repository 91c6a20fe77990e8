import type { ResourceServerOptions } from '@resource-server/core';
import { badToken, ourFault, unavailable } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** Tokens that were good once: by the word of the application, and by that of their issuer. */
export const revocationCases: readonly SuiteCase[] = [
  {
    name: 'a token that isRevoked says is not revoked is admitted',
    options: checking((auth) => auth.subject !== 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a token that isRevoked says is revoked is 401 invalid_token',
    options: checking(({ subject }) => subject === 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'isRevoked may say so later',
    options: checking(async ({ subject }) => subject === 'ada'),
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'with optional credentials, too: a revoked token turns nobody into an anonymous user',
    options: checking(() => true),
    request: (world) => withToken(world, 'read', { target: '/optional' }),
    expect: { refused: badToken('token_revoked') },
  },
  {
    name: 'a revoked token is refused before its scopes are looked at',
    options: checking(() => true),
    request: (world) => withToken(world, '', { target: '/read' }),
    expect: { refused: badToken('token_revoked') },
  },
  ...[
    {
      how: 'throws',
      isRevoked: () => {
        throw new Error('a list of revoked tokens that is down');
      },
    },
    // Not an Error: what is thrown must not be mistaken for nothing.
    { how: 'rejects with nothing', isRevoked: () => Promise.reject(undefined) },
  ].map(
    ({ how, isRevoked }): SuiteCase => ({
      name: `while nobody can say, nobody is admitted: isRevoked that ${how} is 503 with Retry-After`,
      options: checking(isRevoked),
      request: (world) => withToken(world, 'read'),
      expect: { refused: unavailable('revocation_unavailable') },
    }),
  ),
  {
    name: 'isRevoked that gives no boolean is 500, generic',
    options: checking(() => undefined as unknown as boolean),
    request: (world) => withToken(world, 'read'),
    expect: { refused: ourFault('callback_failed') },
  },
  {
    name: 'D-22: a token that was revoked at its issuer is 401 invalid_token',
    onlyFor: 'opaque',
    request: async ({ issuer }) => {
      const token = await issuer.token({ subject: 'ada', scope: 'read' });
      issuer.revoke(token);
      return withAuthorization(`Bearer ${token}`);
    },
    expect: { refused: badToken('token_inactive') },
  },
  {
    name: 'D-22: a revoked token is refused before its scopes are looked at',
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

function checking(isRevoked: IsRevoked): Partial<ResourceServerOptions> {
  return { revocation: { isRevoked } };
}
