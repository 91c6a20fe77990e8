import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { post } from '../caller.js';
import { startIssuer } from '../referee.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const pair = await generateKeyPair('ES256');
const other = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] };

function start(more: object = {}): Promise<MockIssuer> {
  const registration = { client_id: 'api', token_endpoint_auth_method: 'private_key_jwt', jwks } as const;
  return startIssuer({ path: '/t', resourceServers: [{ ...registration, ...more }] });
}

interface Change {
  claims?: JWTPayload | Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: typeof pair.privateKey;
}

function assertion(issuer: MockIssuer, { claims, header, key = pair.privateKey }: Change = {}): Promise<string> {
  const now = Math.floor(issuer.clock.now() / 1000);
  const good = { iss: 'api', sub: 'api', aud: issuer.issuer, iat: now, exp: now + 60, jti: crypto.randomUUID() };
  const merged = Object.fromEntries(Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined));
  return new SignJWT(merged).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
}

async function ask(issuer: MockIssuer, client_assertion: string, form: Record<string, string> = {}) {
  const response = await post(issuer.introspectionEndpoint, {
    token: 'x',
    client_assertion_type: TYPE,
    client_assertion,
    ...form,
  });
  const body = (await response.json()) as { error?: string; error_description?: string };
  return { status: response.status, error: body.error, text: body.error_description ?? '' };
}

test.each<[string, Change]>([
  ['as it should be', {}],
  ['with its typ', { header: { typ: 'client-authentication+jwt' } }],
  ['with the typ JWT', { header: { typ: 'JWT' } }],
  ['without a kid', { header: { kid: undefined } }],
])('an assertion %s is the client', async (_name, change) => {
  const issuer = await start();
  expect(await ask(issuer, await assertion(issuer, change))).toMatchObject({ status: 200 });
});

test('the issuer as the only member of an audience array is the sole value as well', async () => {
  const issuer = await start();
  const signed = await assertion(issuer, { claims: { aud: [issuer.issuer] } });
  expect(await ask(issuer, signed)).toMatchObject({ status: 200 });
});

const past = Math.floor(Date.now() / 1000) - 120;

test.each<[string, Change]>([
  ['of another key under the same kid', { key: other.privateKey }],
  ['of an unknown kid', { header: { kid: 'k2' } }],
  ['that is an access token by its typ', { header: { typ: 'at+jwt' } }],
  ['that expired', { claims: { exp: past } }],
  ['that is not yet valid', { claims: { nbf: past + 3600 } }],
  ['without exp', { claims: { exp: undefined } }],
  ['without jti', { claims: { jti: undefined } }],
  ['whose jti is a number', { claims: { jti: 7 } }],
  ['without aud', { claims: { aud: undefined } }],
  ['for another issuer', { claims: { aud: 'https://other.example' } }],
  ['issued by another', { claims: { iss: 'other' } }],
  ['without sub', { claims: { sub: undefined } }],
  ['of an unknown client', { claims: { iss: 'nobody', sub: 'nobody' } }],
])('an assertion %s is 401 invalid_client', async (_name, change) => {
  const issuer = await start();
  expect(await ask(issuer, await assertion(issuer, change))).toMatchObject({ status: 401, error: 'invalid_client' });
});

test('[IS-PAR-7] [IS-TK-5] an assertion for an endpoint, alone or beside the issuer, is refused and told why (RFC 10070)', async () => {
  const issuer = await start();
  for (const aud of [issuer.introspectionEndpoint, [issuer.issuer, issuer.introspectionEndpoint]]) {
    const refused = await ask(issuer, await assertion(issuer, { claims: { aud } }));
    expect(refused).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(refused.text).toContain('issuer identifier');
  }
});

test('[IS-TK-5] an assertion is good for one request, until it would have expired anyway', async () => {
  const issuer = await start();
  const signed = await assertion(issuer);
  expect((await ask(issuer, signed)).status).toBe(200);
  const again = await ask(issuer, signed);
  expect(again).toMatchObject({ status: 401 });
  expect(again.text).toContain('jti');
  expect((await ask(issuer, await assertion(issuer))).status).toBe(200);
});

test('HMAC, none and garbage are no assertions', async () => {
  const issuer = await start();
  const claims = { iss: 'api', sub: 'api', aud: issuer.issuer, exp: past + 3600, jti: 'x' };
  const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const none = `${segment({ alg: 'none' })}.${segment(claims)}.`;
  for (const bad of [hmac, none, 'x', 'a.b.c', `${segment({})}.${segment({ sub: 7 })}.`]) {
    expect(await ask(issuer, bad)).toMatchObject({ status: 401, error: 'invalid_client' });
  }
});

test('client_id may stand beside an assertion when it is the same, and other credentials may not', async () => {
  const issuer = await start();
  expect((await ask(issuer, await assertion(issuer), { client_id: 'api' })).status).toBe(200);
  const other = await ask(issuer, await assertion(issuer), { client_id: 'web' });
  expect(other).toMatchObject({ status: 400, error: 'invalid_request' });
  const both = await ask(issuer, await assertion(issuer), { client_id: 'api', client_secret: 's' });
  expect(both).toMatchObject({ status: 400, error: 'invalid_request' });
  const wrongType = await ask(issuer, await assertion(issuer), { client_assertion_type: 'saml' });
  expect(wrongType).toMatchObject({ status: 400, error: 'invalid_request' });
});

test('an algorithm that was registered is the only one', async () => {
  const issuer = await start({ token_endpoint_auth_signing_alg: 'PS256' });
  expect(await ask(issuer, await assertion(issuer))).toMatchObject({ status: 401 });
  const same = await start({ token_endpoint_auth_signing_alg: 'ES256' });
  expect(await ask(same, await assertion(same))).toMatchObject({ status: 200 });
});

test('a key that cannot be read refuses the assertion and breaks nothing', async () => {
  const broken = await start({ jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: '!', y: '!', kid: 'k1' }] } });
  expect(await ask(broken, await assertion(broken))).toMatchObject({ status: 401, error: 'invalid_client' });
});
