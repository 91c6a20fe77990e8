import { expect, test } from 'vitest';
import type { BadTokens } from '../../src/index.js';
import { claimsOf, dissect, startIssuer, verify } from '../referee.js';

const joseSees: [
  name: keyof BadTokens & ('expired' | 'notYetValid' | 'wrongAudience' | 'wrongIssuer'),
  fault: object,
  right: object,
][] = [
  ['expired', { code: 'ERR_JWT_EXPIRED', claim: 'exp' }, { currentDate: new Date(Date.now() - 3_660_000) }],
  ['notYetValid', { claim: 'nbf' }, { currentDate: new Date(Date.now() + 3_660_000) }],
  ['wrongAudience', { claim: 'aud' }, { audience: 'https://other-api.example' }],
  ['wrongIssuer', { claim: 'iss' }, { issuer: 'https://other.example' }],
];

test.each(joseSees)('%s has that fault, and verifies for one who expects it', async (name, fault, right) => {
  const issuer = await startIssuer();
  const token = await issuer.bad[name]({ scope: 'read' });
  await expect(verify(issuer, token)).rejects.toMatchObject(fault);
  const { payload } = await verify(issuer, token, right);
  expect(payload['scope']).toBe('read');
});

test('lookalikeIssuer differs by one slash', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.lookalikeIssuer();
  await expect(verify(issuer, token)).rejects.toMatchObject({ claim: 'iss' });
  await verify(issuer, token, { issuer: `${issuer.issuer}/` });
});

test('[IS-F-6] issuedInFuture is right in all but iat', async () => {
  const issuer = await startIssuer();
  const { payload } = await verify(issuer, await issuer.bad.issuedInFuture());
  expect((payload.iat ?? 0) * 1000).toBeGreaterThan(issuer.clock.now() + 3_500_000);
  expect(payload.exp).toBe((payload.iat ?? 0) + 300);
});

test('dates of bad tokens follow the clock', async () => {
  const issuer = await startIssuer();
  issuer.clock.advance(86_400);
  const now = issuer.clock.now() / 1000;
  expect(Math.abs(Number(claimsOf(await issuer.bad.expired())['exp']) - (now - 3600))).toBeLessThan(5);
});

test('millisecondExpiry is right in all but the unit of exp', async () => {
  const issuer = await startIssuer();
  const { payload } = await verify(issuer, await issuer.bad.millisecondExpiry());
  expect(payload.exp).toBe(((payload.iat ?? 0) + 300) * 1000);
});

test('infiniteExpiry says 1e999 and nothing else of exp', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.infiniteExpiry();
  const { payload } = await verify(issuer, token);
  expect(payload.exp).toBe(Number.POSITIVE_INFINITY);
  expect(dissect(token).payload.match(/"exp":[^,}]*/g)).toEqual(['"exp":1e999']);
});

test('[IS-F-2] duplicateClaim names a wrong audience first and the right one last', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.duplicateClaim();
  await verify(issuer, token);
  expect(dissect(token).payload.match(/"aud":"[^"]*"/g)).toEqual([
    '"aud":"https://other-api.example"',
    '"aud":"https://api.example.com"',
  ]);
});

test('[IS-F-8] boundToKey is right in all but cnf', async () => {
  const issuer = await startIssuer();
  const { payload } = await verify(issuer, await issuer.bad.boundToKey());
  expect(payload['cnf']).toEqual({ jkt: expect.stringMatching(/^[\w-]{43}$/) });
});

test.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
  '[IS-F-2] missingClaim(%s) lacks it alone',
  async (name) => {
    const issuer = await startIssuer();
    const claims = claimsOf(await issuer.bad.missingClaim(name));
    const good = claimsOf(await issuer.token());
    expect(Object.keys(good).filter((key) => !Object.hasOwn(claims, key))).toEqual([name]);
  },
);

test('a claim that would not be there cannot be missing', async () => {
  const issuer = await startIssuer();
  await expect(issuer.bad.missingClaim('scope')).rejects.toThrow(RangeError);
  expect(claimsOf(await issuer.bad.missingClaim('scope', { scope: 'read' }))).not.toHaveProperty('scope');
});

test('[IS-F-2] [IS-F-8] mistypedClaim has the value it was told, under a good signature', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.mistypedClaim('exp', '1', { subject: 'ada' });
  expect(claimsOf(token)).toMatchObject({ exp: '1', sub: 'ada' });
  await expect(verify(issuer, token)).rejects.toMatchObject({ claim: 'exp', reason: 'invalid' });
  for (const cnf of ['x', {}, { jkt: 'a', 'x5t#S256': 'b' }, { kid: 'x' }]) {
    expect(claimsOf(await issuer.bad.mistypedClaim('cnf', cnf))['cnf']).toEqual(cnf);
  }
  await expect(issuer.bad.mistypedClaim('exp', undefined)).rejects.toThrow(TypeError);
});
