import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { headerOf, startIssuer, verify } from '../referee.js';

test('[IS-F-7] idToken is right in all but its kind', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.idToken({ scope: 'read', clientId: 'web' });
  await expect(verify(issuer, token)).rejects.toMatchObject({ claim: 'typ' });
  const { payload } = await verify(issuer, token, { typ: 'JWT' });
  expect(payload).toMatchObject({ azp: 'web', scope: 'read', nonce: expect.any(String), auth_time: payload.iat });
});

test.each(['ES256', 'ES384', 'Ed25519'] as const)('at_hash is as long as half the hash of %s', async (alg) => {
  const issuer = await startIssuer({ alg });
  const { payload } = await verify(issuer, await issuer.bad.idToken(), { typ: 'JWT' });
  const hash = { ES256: 'sha256', ES384: 'sha384', Ed25519: 'sha512' }[alg];
  const bytes = createHash(hash).digest().length / 2;
  expect(Buffer.from(String(payload['at_hash']), 'base64url')).toHaveLength(bytes);
});

test('[IS-F-7] logoutToken is right in all but its kind', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.logoutToken();
  await expect(verify(issuer, token)).rejects.toMatchObject({ claim: 'typ' });
  const { payload } = await verify(issuer, token, { typ: 'logout+jwt' });
  expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
  expect(payload).not.toHaveProperty('nonce');
});

test.each([
  ['wrongType', 'dpop+jwt'],
  ['plainJwt', 'JWT'],
] as const)('[IS-F-7] %s is right in all but its typ %s', async (name, typ) => {
  const issuer = await startIssuer();
  const token = await issuer.bad[name]();
  expect(headerOf(token)['typ']).toBe(typ);
  await expect(verify(issuer, token)).rejects.toMatchObject({ claim: 'typ' });
  await verify(issuer, token, { typ });
});

test('opaque is one segment, another each time', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.opaque();
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await issuer.bad.opaque()).not.toBe(token);
});
