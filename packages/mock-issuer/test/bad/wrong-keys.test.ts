import { createPublicKey } from 'node:crypto';
import { createRemoteJWKSet, importJWK, type JWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { algorithms, headerOf, startIssuer, verify } from '../referee.js';

test('[IS-F-1] unknownKey and forgedKid name a kid that is not in the JWKS, another each time', async () => {
  const issuer = await startIssuer();
  for (const mint of [issuer.bad.unknownKey, issuer.bad.forgedKid]) {
    const [one, other] = [await mint(), await mint()];
    await expect(verify(issuer, one)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect(headerOf(one)['kid']).not.toBe(headerOf(other)['kid']);
  }
});

test('[IS-F-1] forgedKid is signed by our key, unknownKey is not', async () => {
  const issuer = await startIssuer();
  const key = await importJWK((await issuer.keys.current()).publicJwk, 'ES256');
  await jwtVerify(await issuer.bad.forgedKid(), key, { issuer: issuer.issuer, typ: 'at+jwt' });
  await expect(jwtVerify(await issuer.bad.unknownKey(), key)).rejects.toMatchObject({
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  });
});

test('no key of the attacker is ever published', async () => {
  const issuer = await startIssuer();
  for (const name of ['unknownKey', 'foreignSignature', 'embeddedKey', 'remoteKey'] as const) await issuer.bad[name]();
  expect(issuer.jwks.keys.map(({ kid }) => kid)).toEqual([(await issuer.keys.current()).kid]);
});

test.each(algorithms)('[IS-F-1] foreignSignature with %s has our kid and fails at the signature', async (alg) => {
  const issuer = await startIssuer({ alg });
  const token = await issuer.bad.foreignSignature();
  expect(headerOf(token)['kid']).toBe((await issuer.keys.current()).kid);
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
});

test.each(['RS256', 'ES256', 'Ed25519'] as const)(
  '[IS-F-3] hmacWithPublicKey verifies for one who takes the public key of %s for a secret',
  async (alg) => {
    const issuer = await startIssuer({ alg });
    const token = await issuer.bad.hmacWithPublicKey();
    const { kid, privateKey } = await issuer.keys.current();
    expect(headerOf(token)).toEqual({ alg: 'HS256', typ: 'at+jwt', kid });
    const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' });
    await jwtVerify(token, Buffer.from(pem), { issuer: issuer.issuer, typ: 'at+jwt' });
    await expect(verify(issuer, token)).rejects.toThrow();
  },
);

test('embeddedKey verifies for one who believes the header', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.embeddedKey();
  const { jwk, kid } = headerOf(token);
  expect(kid).toBe((await issuer.keys.current()).kid);
  await jwtVerify(token, await importJWK(jwk as JWK, 'ES256'), { issuer: issuer.issuer, typ: 'at+jwt' });
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
});

test('remoteKey verifies for one who follows jku, and the visit is counted', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.remoteKey();
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  expect(issuer.requests.count('decoy')).toBe(0);
  const jku = new URL(String(headerOf(token)['jku']));
  await jwtVerify(token, createRemoteJWKSet(jku), { issuer: issuer.issuer, typ: 'at+jwt' });
  expect(issuer.requests.count('decoy')).toBe(1);
});
