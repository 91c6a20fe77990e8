import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { KeyRing } from '../src/key-ring.js';
import { algorithms, headerOf, startIssuer, verify } from './referee.js';

const kidsOf = (set: { keys: { kid: string }[] }): string[] => set.keys.map(({ kid }) => kid);

test('no key exists before the first use', async () => {
  const ring = new KeyRing('RS256', ['RS256', 'ES256']);
  expect(ring.size).toBe(0);
  await ring.signingKey('ES256');
  expect(ring.size).toBe(1);
});

test('the first look at the JWKS makes the announced keys, and the keys of other algorithms join when used', async () => {
  const issuer = await startIssuer({ algorithms: ['ES256', 'Ed25519'] });
  expect(issuer.jwks.keys.map(({ alg }) => alg)).toEqual(['ES256', 'Ed25519']);
  await issuer.token({ alg: 'ES384' });
  expect(issuer.jwks.keys.map(({ alg }) => alg)).toEqual(['ES256', 'Ed25519', 'ES384']);
});

test('[IS-JW-1] published keys are public, complete and each of its own kid', async () => {
  const issuer = await startIssuer({ algorithms });
  const { keys } = issuer.jwks;
  expect(keys.map(({ alg }) => alg)).toEqual(algorithms);
  expect(new Set(kidsOf({ keys })).size).toBe(algorithms.length);
  for (const jwk of keys) {
    expect(jwk.use).toBe('sig');
    expect(Object.keys(jwk)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(d|p|q|dp|dq|qi|oth|k)$/)]));
    await importJWK(jwk, jwk.alg);
  }
});

test('[IS-JW-3] Ed25519 and EdDSA share no key', async () => {
  const issuer = await startIssuer({ algorithms: ['Ed25519', 'EdDSA'] });
  const [one, other] = issuer.jwks.keys;
  expect(one?.x).not.toBe(other?.x);
});

test('tokens minted at once share the first key', async () => {
  const issuer = await startIssuer();
  const tokens = await Promise.all(Array.from({ length: 8 }, () => issuer.token()));
  expect(new Set(tokens.map((token) => headerOf(token)['kid'])).size).toBe(1);
  expect(issuer.jwks.keys).toHaveLength(1);
});

test('a JWKS read while the first key is being made holds the key that signs', async () => {
  const issuer = await startIssuer();
  const underWay = issuer.token();
  const seen = issuer.jwks;
  expect(kidsOf(seen)).toEqual([headerOf(await underWay)['kid']]);
  expect(issuer.jwks).toEqual(seen);
});

test('[IS-JW-2] after a rotation the new key signs and the old one still verifies', async () => {
  const issuer = await startIssuer();
  const old = await issuer.token();
  const kid = await issuer.keys.rotate();
  const fresh = await issuer.token();
  expect(headerOf(fresh)['kid']).toBe(kid);
  expect(kidsOf(issuer.jwks)).toEqual([headerOf(old)['kid'], kid]);
  await verify(issuer, old);
  await verify(issuer, fresh);
});

test('[IS-JW-2] [IS-F-1] a withdrawn key leaves the JWKS and signs no more', async () => {
  const issuer = await startIssuer();
  const old = await issuer.token();
  issuer.keys.withdraw(String(headerOf(old)['kid']));
  const fresh = await issuer.token();
  expect(kidsOf(issuer.jwks)).toEqual([headerOf(fresh)['kid']]);
  await expect(verify(issuer, old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await verify(issuer, fresh);
});

test('withdrawing a key that was rotated out leaves the signing key alone', async () => {
  const issuer = await startIssuer();
  const { kid: old } = await issuer.keys.current();
  const kid = await issuer.keys.rotate();
  issuer.keys.withdraw(old);
  expect(kidsOf(issuer.jwks)).toEqual([kid]);
  expect((await issuer.keys.current()).kid).toBe(kid);
});

test('a kid that is not published cannot be withdrawn', async () => {
  const issuer = await startIssuer();
  expect(() => issuer.keys.withdraw('nobody')).toThrow(RangeError);
  const { kid } = await issuer.keys.current();
  issuer.keys.withdraw(kid);
  expect(() => issuer.keys.withdraw(kid)).toThrow(RangeError);
});

test('the current key is handed out with its private half, to sign what token() cannot', async () => {
  const issuer = await startIssuer();
  const { kid, publicJwk, privateKey } = await issuer.keys.current('Ed25519');
  expect(publicJwk.kid).toBe(kid);
  const statement = await new SignJWT({ own: true }).setProtectedHeader({ alg: 'Ed25519', kid }).sign(privateKey);
  await jwtVerify(statement, createLocalJWKSet(issuer.jwks));
});

test('key operations on an unknown algorithm are a TypeError', async () => {
  const issuer = await startIssuer();
  const unknown = 'HS256' as 'ES256';
  await expect(issuer.keys.rotate(unknown)).rejects.toThrow(TypeError);
  await expect(issuer.keys.current(unknown)).rejects.toThrow(TypeError);
});

test('a caller that changes the JWKS it was given changes nothing', async () => {
  const issuer = await startIssuer();
  const before = structuredClone(issuer.jwks);
  issuer.jwks.keys.length = 0;
  expect(issuer.jwks).toEqual(before);
});

test('a rotation is waited for by the next token and the next look at the key set, whoever asked for it', async () => {
  const issuer = await startIssuer({ alg: 'ES256' });
  const before = await issuer.keys.current();
  const rotation = issuer.keys.rotate();
  const [token, answer] = await Promise.all([issuer.token(), fetch(issuer.jwksUri)]);
  const kid = await rotation;
  expect(kid).not.toBe(before.kid);
  expect(headerOf(token)['kid']).toBe(kid);
  expect(kidsOf((await answer.json()) as typeof issuer.jwks)).toEqual([before.kid, kid]);
});

test('of two rotations at once, the later one signs and both are published', async () => {
  const issuer = await startIssuer({ alg: 'ES256' });
  const first = issuer.keys.rotate();
  const second = issuer.keys.rotate();
  expect(headerOf(await issuer.token())['kid']).toBe(await second);
  expect(kidsOf(issuer.jwks).sort()).toEqual([await first, await second].sort());
});
