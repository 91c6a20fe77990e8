import { badToken, forbidden, nobody, ourFault } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

/** What routes ask for beyond a token. */
export const policyCases: readonly SuiteCase[] = [
  {
    name: 'a token with the scope passes its guard',
    request: (world) => withToken(world, 'read', { target: '/read' }),
    expect: ada('read'),
  },
  {
    name: '[RS-6750-3-a] [RS-2.1-5.3-a] [RS-9110-11.4-c] [RS-9700-2.3-b] D-07: a missing scope is 403 insufficient_scope with the scope and a challenge',
    request: (world) => withToken(world, '', { target: '/read' }),
    expect: { refused: forbidden('scope_insufficient', 'read') },
  },
  {
    name: '[RS-6750-3.1-c] D-07: the challenge names all scopes that the route needs',
    request: (world) => withToken(world, 'read', { target: '/write', method: 'POST' }),
    expect: { refused: forbidden('scope_insufficient', 'read write') },
  },
  ...['read:all', 'unread', 'Read', 'read/', 'write'].map(
    (scope): SuiteCase => ({
      name: `[RS-6750-3-h] D-07: ${scope} is not read`,
      request: (world) => withToken(world, scope, { target: '/read' }),
      expect: { refused: forbidden('scope_insufficient', 'read') },
    }),
  ),
  {
    name: 'scopes in one word are all needed',
    request: (world) => withToken(world, 'write', { target: '/words' }),
    expect: { refused: forbidden('scope_insufficient', 'read write') },
  },
  {
    name: '[RS-6750-3-h] scopes in any order, with spaces to spare, are whole words',
    request: (world) => withToken(world, 'write  read', { target: '/words' }),
    expect: ada('write', 'read'),
  },
  {
    name: 'one of several scopes is enough where one is asked for',
    request: (world) => withToken(world, 'admin', { target: '/either' }),
    expect: ada('admin'),
  },
  {
    name: 'none of several scopes is 403',
    request: (world) => withToken(world, 'write', { target: '/either' }),
    expect: { refused: forbidden('scope_insufficient', 'read admin') },
  },
  {
    name: 'a scope that implies the one asked for is as good',
    options: { scopeImplies: { root: ['admin'], admin: ['read', 'write'] } },
    request: (world) => withToken(world, 'root', { target: '/write', method: 'POST' }),
    expect: ada('root'),
  },
  {
    name: '[RS-9068-4-j] a claim that allows it passes',
    request: (world) => withToken(world, 'read', { target: '/hr' }, { dept: ['it', 'hr'] }),
    expect: ada('read'),
  },
  {
    name: 'a claim that does not allow it is 403 without scope',
    request: (world) => withToken(world, 'read', { target: '/hr' }, { dept: 'it' }),
    expect: { refused: forbidden('claim_insufficient') },
  },
  {
    name: 'when no alternative holds, the answer is the first one’s',
    request: (world) => withToken(world, 'read', { target: '/one-of' }),
    expect: { refused: forbidden('scope_insufficient', 'a') },
  },
  {
    name: 'a condition sees the request',
    request: (world) => withToken(world, 'read', { target: '/inspects?yes' }),
    expect: ada('read'),
  },
  {
    name: 'a condition that says no is 403',
    request: (world) => withToken(world, 'read', { target: '/inspects?no' }),
    expect: { refused: forbidden('claim_insufficient') },
  },
  ...['/fails', '/fails-with-nothing'].map(
    (target): SuiteCase => ({
      name: `D-09: a condition that throws (${target}) is 500, generic`,
      request: (world) => withToken(world, 'read', { target }),
      expect: { refused: ourFault('callback_failed') },
    }),
  ),
  {
    name: 'a guard without auth() in front is 500, and believes no property of the request',
    request: (world) => withToken(world, 'read', { target: '/unguarded' }),
    expect: { refused: ourFault('guard_without_auth') },
  },
  {
    name: 'optional credentials: none is nobody',
    request: () => ({ target: '/optional' }),
    expect: { seen: { subject: null, scopes: [] } },
  },
  {
    name: 'optional credentials: a foreign scheme is nobody',
    request: () => withAuthorization('Basic abc', { target: '/optional' }),
    expect: { seen: { subject: null, scopes: [] } },
  },
  {
    name: 'optional credentials: a good token is somebody',
    request: (world) => withToken(world, 'read', { target: '/optional' }),
    expect: ada('read'),
  },
  {
    name: 'optional credentials: a bad token is refused',
    request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.expired()}`, { target: '/optional' }),
    expect: { jwt: { refused: badToken('token_expired') }, opaque: { refused: badToken('token_inactive') } },
  },
  {
    name: '[RS-6750-3.1-f] optional credentials: nobody at a guard is 401, and the challenge names the scope',
    request: () => ({ target: '/optional/read' }),
    expect: { refused: nobody('read') },
  },
];
