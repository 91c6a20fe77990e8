import { compactVerify, createLocalJWKSet } from 'jose';
import { expect, test } from 'vitest';
import { dissect, headerOf, startIssuer, verify } from '../referee.js';

test('duplicateHeader names none first and the right algorithm last', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.duplicateHeader();
  await verify(issuer, token);
  expect(dissect(token).header.match(/"alg":"[^"]*"/g)).toEqual(['"alg":"none"', '"alg":"ES256"']);
});

test('criticalExtension verifies for one who knows the extension', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.criticalExtension();
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JOSE_NOT_SUPPORTED' });
  await verify(issuer, token, { crit: { 'https://extension.example/unheard-of': true } });
});

test('unencodedPayload verifies as a JWS and is no JWT', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.unencodedPayload();
  expect(headerOf(token)).toMatchObject({ b64: false, crit: ['b64'] });
  await expect(verify(issuer, token)).rejects.toThrow('unencoded');
  const { payload } = await compactVerify(token, createLocalJWKSet(issuer.jwks));
  expect(Buffer.from(payload).toString()).toBe(dissect(token).segments[1]);
});
