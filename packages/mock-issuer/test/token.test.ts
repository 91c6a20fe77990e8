import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createMockClock } from '../src/index.js';
import { algorithms, claimsOf, headerOf, startIssuer, verify } from './referee.js';

test.each(algorithms)('[IS-JW-3] a token signed with %s is verified by jose from the JWKS over HTTP', async (alg) => {
  const issuer = await startIssuer({ alg });
  const token = await issuer.token();
  const { protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUri)), {
    issuer: issuer.issuer,
    audience: 'https://api.example.com',
    typ: 'at+jwt',
    algorithms: [alg],
  });
  expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: (await issuer.keys.current(alg)).kid });
});

test('a token of which nothing was asked has the claims of RFC 9068 and no scope', async () => {
  const issuer = await startIssuer();
  const { payload } = await verify(issuer, await issuer.token());
  const iat = payload.iat ?? 0;
  expect(payload).toEqual({
    iss: issuer.issuer,
    exp: iat + 300,
    aud: 'https://api.example.com',
    sub: 'user-1',
    client_id: 'client-1',
    iat,
    jti: expect.any(String),
  });
});

test('what was asked for is what the token says', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({
    scope: ['read', 'write'],
    audience: ['https://a.example', 'https://b.example'],
    subject: 'ada',
    clientId: 'web',
    expiresInSeconds: -60,
  });
  const claims = claimsOf(token);
  expect(claims).toMatchObject({
    scope: 'read write',
    aud: ['https://a.example', 'https://b.example'],
    sub: 'ada',
    client_id: 'web',
  });
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(-60);
});

test('an empty scope is left out', async () => {
  const issuer = await startIssuer();
  expect(claimsOf(await issuer.token({ scope: '' }))).not.toHaveProperty('scope');
  expect(claimsOf(await issuer.token({ scope: [] }))).not.toHaveProperty('scope');
});

test('[IS-F-1] [IS-F-2] claims and header members are laid over, and undefined takes one away', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({
    claims: { sub: 7, roles: ['a'], jti: undefined },
    header: { typ: 'JWT', kid: undefined, x: 1 },
  });
  expect(headerOf(token)).toEqual({ alg: 'ES256', typ: 'JWT', x: 1 });
  expect(claimsOf(token)).toMatchObject({ sub: 7, roles: ['a'] });
  expect(claimsOf(token)).not.toHaveProperty('jti');
});

test('no two tokens share a jti', async () => {
  const issuer = await startIssuer();
  expect(claimsOf(await issuer.token())['jti']).not.toBe(claimsOf(await issuer.token())['jti']);
});

test("a token's dates follow the clock that was advanced", async () => {
  const clock = createMockClock();
  const [one, other] = [await startIssuer({ clock }), await startIssuer({ clock })];
  const before = Math.floor(Date.now() / 1000);
  one.clock.advance(86_400);
  for (const issuer of [one, other]) {
    const { iat, exp } = claimsOf(await issuer.token());
    expect(Number(iat)).toBeGreaterThanOrEqual(before + 86_400);
    expect(exp).toBe(Number(iat) + 300);
  }
});

test('[IS-F-6] a token outlives its time when the clock is advanced past exp', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token();
  await verify(issuer, token);
  issuer.clock.advance(301);
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
});

test('tokens can be minted after close', async () => {
  const issuer = await startIssuer();
  await issuer.close();
  await verify(issuer, await issuer.token());
});
