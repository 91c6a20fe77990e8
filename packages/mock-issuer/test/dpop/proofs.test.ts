import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import {
  type BadProofs,
  createMockIssuer,
  type MockIssuer,
  type ProofRequest,
  type SignatureAlgorithm,
} from '../../src/index.js';
import { algorithms, claimsOf, headerOf, startIssuer } from '../referee.js';

const url = 'https://api.example.com/reports';

test.each(algorithms)('a proof by %s is what RFC 9449 section 4.2 says, by the judgement of jose', async (alg) => {
  const issuer = await startIssuer();
  const key = await issuer.dpop.key(alg);
  const proof = await issuer.dpop.proof({ key, url: `${url}?page=2#top`, accessToken: 'abc', nonce: 'n' });
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt' });
  expect(protectedHeader).toEqual({ typ: 'dpop+jwt', alg, jwk: key.publicJwk });
  expect(payload).toEqual({
    jti: expect.stringMatching(/^[\da-f-]{36}$/),
    htm: 'GET',
    htu: url,
    iat: expect.any(Number),
    ath: createHash('sha256').update('abc').digest('base64url'),
    nonce: 'n',
  });
  expect(key.thumbprint).toBe(await calculateJwkThumbprint(key.publicJwk));
});

test('a key can be used again, and proofs never are the same', async () => {
  const issuer = await startIssuer();
  const key = await issuer.dpop.key();
  const [one, two] = [await issuer.dpop.proof({ key, url }), await issuer.dpop.proof({ key, url })];
  expect(headerOf(one)).toEqual(headerOf(two));
  expect(claimsOf(one)['jti']).not.toBe(claimsOf(two)['jti']);
  const [unknown, other] = [await issuer.dpop.proof({ url }), await issuer.dpop.proof({ url })];
  expect(headerOf(unknown)['jwk']).not.toEqual(headerOf(other)['jwk']);
});

test('claims and header are laid over, and undefined takes a member away', async () => {
  const issuer = await startIssuer({ seed: 'still' });
  const proof = await issuer.dpop.proof({ url, claims: { htm: 'PUT', jti: undefined }, header: { typ: undefined } });
  expect(claimsOf(proof)).toEqual({ htm: 'PUT', htu: url, iat: Date.UTC(2026, 0, 1) / 1000 });
  expect(decodeProtectedHeader(proof)).not.toHaveProperty('typ');
});

test('a token can be bound to a key or a certificate, in either format', async () => {
  const issuer = await startIssuer();
  const cnf = { jkt: (await issuer.dpop.key()).thumbprint };
  expect(claimsOf(await issuer.token({ cnf }))).toMatchObject({ cnf });
  expect(claimsOf(await issuer.token({ cnf, claims: { cnf: { jkt: 'x' } } }))).toMatchObject({ cnf: { jkt: 'x' } });
  expect(claimsOf(await issuer.token({ claims: { cnf } }))).toMatchObject({ cnf });
  await expect(issuer.token({ cnf: 'x' as never })).rejects.toThrow("'cnf' must be an object");
});

test('authorized in process, the code and its tokens are bound to dpopJkt', async () => {
  const client = { client_id: 'web', client_secret: 's', redirect_uris: ['https://app.example/cb'] };
  const issuer = await startIssuer({ clients: [client] });
  const { thumbprint } = await issuer.dpop.key();
  const tokens = await (await issuer.authorize({ client: 'web', dpopJkt: thumbprint })).tokens();
  expect(tokens.token_type).toBe('DPoP');
  expect(claimsOf(tokens.access_token)).toMatchObject({ cnf: { jkt: thumbprint } });
  const other = await issuer.authorize({ client: 'web', dpopJkt: thumbprint });
  await expect(other.tokens({ jkt: 'x' })).rejects.toMatchObject({ code: 'invalid_grant' });
  await expect(issuer.authorize({ client: 'web', dpopJkt: 'short' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

/** A resource server that checks DPoP: oauth4webapi's. */
async function judge(issuer: MockIssuer, accessToken: string, proof: string): Promise<unknown> {
  const as = { issuer: issuer.issuer, jwks_uri: issuer.jwksUri };
  const request = new Request(`${url}?page=2`, { headers: { authorization: `DPoP ${accessToken}`, dpop: proof } });
  const audience = 'https://api.example.com';
  return oauth.validateJwtAccessToken(as, request, audience, {
    requireDPoP: true,
    [oauth.allowInsecureRequests]: true,
  });
}

async function bound(alg: SignatureAlgorithm = 'ES256') {
  const issuer = await startIssuer();
  const key = await issuer.dpop.key(alg);
  const accessToken = await issuer.token({ cnf: { jkt: key.thumbprint } });
  return { issuer, accessToken, request: { key, url, accessToken } satisfies ProofRequest };
}

test('a good proof is taken by a resource server that checks it, and another key is not', async () => {
  const { issuer, accessToken, request } = await bound();
  expect(await judge(issuer, accessToken, await issuer.dpop.proof(request))).toMatchObject({ sub: 'user-1' });
  const other = await issuer.dpop.proof({ ...request, key: await issuer.dpop.key() });
  await expect(judge(issuer, accessToken, other)).rejects.toThrow();
  const unbound = await issuer.token();
  await expect(judge(issuer, unbound, await issuer.dpop.proof({ ...request, accessToken: unbound }))).rejects.toThrow();
});

const first = await createMockIssuer();
await first.close();
const names = Object.keys(first.dpop.bad) as (keyof BadProofs)[];

test.each(names)('%s is refused by a resource server that checks it', async (name) => {
  const { issuer, accessToken, request } = await bound();
  expect(await judge(issuer, accessToken, await issuer.dpop.proof(request))).toBeDefined();
  await expect(judge(issuer, accessToken, await issuer.dpop.bad[name](request))).rejects.toThrow();
});

test.each<[string, object]>([
  ['url', {}],
  ['url', { url: '/reports' }],
  ['method', { url, method: '' }],
  ['key', { url, key: {} }],
  ['claims', { url, claims: 7 }],
  ['iat', { url, iat: 7 }],
])("what is wrong with a request for a proof is a TypeError that names '%s'", async (name, request) => {
  const issuer = await startIssuer();
  for (const make of [issuer.dpop.proof, issuer.dpop.bad.old]) {
    await expect(make(request as ProofRequest)).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
    );
  }
  await expect(issuer.dpop.key('HS256' as never)).rejects.toThrow("'alg' must be one of");
});
