import { badToken, forbidden, internalError, noCredentials } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** Policies of routes: scopes, claims and conditions. */
export const policyCases: readonly SuiteCase[] = [
  {
    name: 'a token with the scope of the route is accepted',
    request: (world) => withToken(world, 'read', { target: '/read' }),
    expect: ada('read'),
  },
  {
    name: 'a missing scope is 403 insufficient_scope (D-07) [RS-6750-3-a] [RS-2.1-5.3-a] [RS-9110-11.4-c] [RS-9700-2.3-b]',
    request: (world) => withToken(world, '', { target: '/read' }),
    expect: { refused: forbidden('scope_insufficient', 'read') },
  },
  {
    name: 'the challenge names all scopes that the route requires (D-07) [RS-6750-3.1-c]',
    request: (world) => withToken(world, 'read', { target: '/write', method: 'POST' }),
    expect: { refused: forbidden('scope_insufficient', 'read write') },
  },
  ...['read:all', 'unread', 'Read', 'read/', 'write'].map(
    (scope): SuiteCase => ({
      name: `the scope ${scope} does not satisfy requireScope('read') (D-07) [RS-6750-3-h]`,
      request: (world) => withToken(world, scope, { target: '/read' }),
      expect: { refused: forbidden('scope_insufficient', 'read') },
    }),
  ),
  {
    name: 'two scopes in one string are both required',
    request: (world) => withToken(world, 'write', { target: '/words' }),
    expect: { refused: forbidden('scope_insufficient', 'read write') },
  },
  {
    name: 'scopes count in any order, with repeated spaces too [RS-6750-3-h]',
    request: (world) => withToken(world, 'write  read', { target: '/words' }),
    expect: ada('write', 'read'),
  },
  {
    name: 'requireAnyScope accepts a token with one of its scopes',
    request: (world) => withToken(world, 'admin', { target: '/either' }),
    expect: ada('admin'),
  },
  {
    name: 'requireAnyScope refuses a token with none of its scopes: 403',
    request: (world) => withToken(world, 'write', { target: '/either' }),
    expect: { refused: forbidden('scope_insufficient', 'read admin') },
  },
  {
    name: 'a scope that implies the required scope is accepted',
    options: { scopeImplies: { root: ['admin'], admin: ['read', 'write'] } },
    request: (world) => withToken(world, 'root', { target: '/write', method: 'POST' }),
    expect: ada('root'),
  },
  {
    name: 'a claim with an allowed value is accepted [RS-9068-4-j]',
    request: (world) => withToken(world, 'read', { target: '/hr' }, { dept: ['it', 'hr'] }),
    expect: ada('read'),
  },
  {
    name: 'a claim without an allowed value is 403 without scope',
    request: (world) => withToken(world, 'read', { target: '/hr' }, { dept: 'it' }),
    expect: { refused: forbidden('claim_insufficient') },
  },
  {
    name: 'when no alternative of anyOf holds, the refusal is that of the first',
    request: (world) => withToken(world, 'read', { target: '/one-of' }),
    expect: { refused: forbidden('scope_insufficient', 'a') },
  },
  {
    name: 'a condition can read the request',
    request: (world) => withToken(world, 'read', { target: '/inspects?yes' }),
    expect: ada('read'),
  },
  {
    name: 'a condition that returns false is 403',
    request: (world) => withToken(world, 'read', { target: '/inspects?no' }),
    expect: { refused: forbidden('claim_insufficient') },
  },
  ...['/fails', '/fails-with-nothing'].map(
    (target): SuiteCase => ({
      name: `a condition that throws (${target}) is 500 with a generic text (D-09)`,
      request: (world) => withToken(world, 'read', { target }),
      expect: { refused: internalError('callback_failed') },
    }),
  ),
  {
    name: 'a guard without auth() in front is 500 and ignores properties of the request',
    request: (world) => withToken(world, 'read', { target: '/unguarded' }),
    expect: { refused: internalError('guard_without_auth') },
  },
  {
    name: 'with optional credentials a request without any is anonymous',
    request: () => ({ target: '/optional' }),
    expect: { seen: { subject: null, scopes: [] } },
  },
  {
    name: 'with optional credentials another scheme is anonymous',
    request: () => withAuthorization('Basic abc', { target: '/optional' }),
    expect: { seen: { subject: null, scopes: [] } },
  },
  {
    name: 'with optional credentials a valid token is accepted',
    request: (world) => withToken(world, 'read', { target: '/optional' }),
    expect: ada('read'),
  },
  {
    name: 'with optional credentials an invalid token is refused',
    request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.expired()}`, { target: '/optional' }),
    expect: { jwt: { refused: badToken('token_expired') }, opaque: { refused: badToken('token_inactive') } },
  },
  {
    name: 'with optional credentials an anonymous request to a guard is 401 with the scope [RS-6750-3.1-f]',
    request: () => ({ target: '/optional/read' }),
    expect: { refused: noCredentials('read') },
  },
];
