import { expect, test } from 'vitest';
import { createMockIssuer, type MockIssuerOptions, type TokenRequest } from '../src/index.js';
import { startIssuer } from './referee.js';

const wrongOptions: [name: string, value: unknown][] = [
  ['port', 65_536],
  ['port', '80'],
  ['dangerouslyListenOn', 'localhost'],
  ['dangerouslyListenOn', 7],
  ['path', ''],
  ['path', 'tenant'],
  ['path', '/tenant/'],
  ['path', '/a/../b'],
  ['path', '/a?b'],
  ['alg', 'HS256'],
  ['algorithms', []],
  ['algorithms', ['none']],
  ['audience', ''],
  ['clock', { now: Date.now }],
  ['jwksCacheControl', 'a\nb'],
  ['clients', []],
  ['resourceServers', []],
  ['accessTokenFormat', 'reference'],
  ['statusList', 2],
  ['users', []],
  ['users', 'ada'],
  ['interaction', 'manual'],
  ['acrValues', ['a b']],
  ['resources', ['reports']],
  ['resources', ['https://api.example.com/#x']],
  ['authorizationDetailsTypes', []],
  ['requirePushedAuthorizationRequests', 'yes'],
  ['refreshTokens', true],
  ['dpop', true],
  ['tls', 'self'],
  ['device', 'tv'],
  ['lifetimes', 60],
  ['registration', true],
  ['registration', 'closed'],
  ['clientIdMetadataDocuments', 'yes'],
  ['clientDocumentHosts', []],
  ['clientDocumentHosts', ['https://app.example']],
  ['clientDocumentHosts', ['App.example']],
  ['seed', ''],
  ['__proto__x', 1],
];

const wrongMembers: [member: string, options: object][] = [
  ['sub', { users: [{ name: 'Ada' }] }],
  ['name', { users: [{ sub: 'ada', name: '' }] }],
  ['email', { users: [{ sub: 'ada', email: 'ada@example.com' }] }],
  ['rotate', { refreshTokens: { rotate: 1 } }],
  ['graceSeconds', { refreshTokens: { graceSeconds: 3601 } }],
  ['nonces', { dpop: { nonces: 1 } }],
  ['nonceSeconds', { dpop: { nonceSeconds: 0 } }],
  ['initialAccessToken', { registration: {} }],
  ['initialAccessToken', { registration: { initialAccessToken: '' } }],
  ['initialAccessToken', { registration: { initialAccessToken: 'a b' } }],
  ['token', { registration: { token: 'x' } }],
  ['codeSeconds', { lifetimes: { codeSeconds: 601 } }],
  ['deviceCodeSeconds', { lifetimes: { deviceCodeSeconds: Number.MAX_SAFE_INTEGER } }],
  ['accessTokenSeconds', { lifetimes: { accessTokenSeconds: 3_155_760_001 } }],
  ['accessTokenSeconds', { lifetimes: { accessTokenSeconds: 0 } }],
  ['deviceCodeSeconds', { lifetimes: { deviceCodeSeconds: 0 } }],
  ['intervalSeconds', { device: { intervalSeconds: 0 } }],
  ['intervalSeconds', { device: { intervalSeconds: 61 } }],
  ['refreshTokenSeconds', { lifetimes: { refreshTokenSeconds: 1.5 } }],
];

test.each(wrongMembers)("the member '%s' of %j is a TypeError that names it", async (member, options) => {
  await expect(createMockIssuer(options as MockIssuerOptions)).rejects.toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${member}'`) }),
  );
});

test.each(wrongOptions)("the option '%s' as %j is a TypeError that names it", async (name, value) => {
  await expect(createMockIssuer({ [name]: value } as MockIssuerOptions)).rejects.toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
  );
});

const wrongRequests: [name: string, value: unknown][] = [
  ['scope', 7],
  ['scope', [7]],
  ['audience', ''],
  ['audience', []],
  ['subject', 7],
  ['clientId', null],
  ['expiresInSeconds', Number.NaN],
  ['expiresInSeconds', '300'],
  ['format', 'reference'],
  ['status', 'revoked'],
  ['status', 256],
  ['status', -1],
  ['alg', 'none'],
  ['claims', []],
  ['header', 'x'],
  ['expires', 7],
];

test.each(wrongRequests)("the request member '%s' as %j is a TypeError that names it", async (name, value) => {
  const issuer = await startIssuer();
  const request = { [name]: value } as TokenRequest;
  const expected = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) });
  await expect(issuer.token(request)).rejects.toThrow(expected);
  await expect(issuer.bad.opaque(request)).rejects.toThrow(expected);
});

test('an option that is undefined counts as left out', async () => {
  const options = { port: undefined, path: undefined } as unknown as MockIssuerOptions;
  const issuer = await startIssuer(options);
  expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a port that is taken is refused with the error of node:net', async () => {
  const first = await startIssuer();
  const port = Number(new URL(first.issuer).port);
  await expect(createMockIssuer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
