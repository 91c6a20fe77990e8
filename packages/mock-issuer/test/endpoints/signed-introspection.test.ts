import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import type { IntrospectionFault, MockIssuer } from '../../src/index.js';
import { type Caller, introspect, post } from '../caller.js';
import { algorithms, claimsOf, headerOf, startIssuer } from '../referee.js';

const TYPE = 'application/token-introspection+jwt';

async function ask(issuer: MockIssuer, token: string, caller?: Caller) {
  const response = await introspect(issuer, token, { accept: TYPE, ...(caller && { caller }) });
  return { type: response.headers.get('content-type'), text: await response.text(), response };
}

async function judged(issuer: MockIssuer, text: string, audience = 'resource-server') {
  const expected = { issuer: issuer.issuer, audience, typ: 'token-introspection+jwt', algorithms: [...algorithms] };
  return jwtVerify(text, createLocalJWKSet(issuer.jwks), expected);
}

test('[IS-IN-6] who accepts a JWT gets one: from us, to the caller, with the answer as one member', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({ format: 'opaque', scope: 'read' });
  const { type, text, response } = await ask(issuer, token);
  expect(type).toBe(TYPE);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { payload } = await judged(issuer, text);
  const plain = await (await introspect(issuer, token)).json();
  expect(payload).toEqual({
    iss: issuer.issuer,
    aud: 'resource-server',
    iat: expect.any(Number),
    token_introspection: plain,
  });
});

test('an inactive token is inactive and nothing more in a JWT as well', async () => {
  const issuer = await startIssuer();
  const { text } = await ask(issuer, await issuer.bad.opaque());
  expect((await judged(issuer, text)).payload['token_introspection']).toEqual({ active: false });
});

test('each caller is answered in its own name and by its own algorithm, RS256 unless it said so', async () => {
  const issuer = await startIssuer({
    resourceServers: [
      { client_id: 'one', client_secret: 's' },
      { client_id: 'other', client_secret: 's', introspection_signed_response_alg: 'Ed25519' },
    ],
  });
  const token = await issuer.token();
  for (const [clientId, alg] of [
    ['one', 'RS256'],
    ['other', 'Ed25519'],
    ['resource-server', 'ES256'],
  ] as const) {
    const clientSecret = clientId === 'resource-server' ? issuer.resourceServer.clientSecret : 's';
    const { text } = await ask(issuer, token, { clientId, clientSecret });
    expect((await judged(issuer, text, clientId)).protectedHeader.alg).toBe(alg);
  }
});

test('[IS-IN-1] who asks for a JWT and may not have one gets 400 (RFC 9701 section 5)', async () => {
  const issuer = await startIssuer();
  const response = await post(issuer.introspectionEndpoint, { token: 'x' }, { accept: TYPE });
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({ error: 'invalid_client' });
});

async function faulted(kind: IntrospectionFault) {
  const issuer = await startIssuer();
  const token = await issuer.token();
  await judged(issuer, (await ask(issuer, token)).text);
  issuer.faults.introspection(kind);
  return { issuer, token, ...(await ask(issuer, token)) };
}

test('plain: JSON in spite of what was asked for', async () => {
  const { type, text } = await faulted('plain');
  expect(type).toBe('application/json');
  expect(JSON.parse(text)).toMatchObject({ active: true });
});

test('[IS-F-5] contentType: the JWT is right and called something else', async () => {
  const { issuer, type, text } = await faulted('contentType');
  expect(type).toBe('application/jwt');
  await judged(issuer, text);
});

test.each([
  ['wrongTyp', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'typ' }],
  ['wrongIssuer', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'iss' }],
  ['wrongAudience', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' }],
  ['badSignature', { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }],
] as const)('%s: the JWT has that one fault', async (kind, refusal) => {
  const { issuer, type, text } = await faulted(kind);
  expect(type).toBe(TYPE);
  await expect(judged(issuer, text)).rejects.toMatchObject(refusal);
});

test('[IS-F-5] unsignedAlgNone: right but for its signature, which is not there', async () => {
  const { issuer, token, text } = await faulted('unsignedAlgNone');
  expect(headerOf(text)).toMatchObject({ alg: 'none', typ: 'token-introspection+jwt' });
  expect(text.endsWith('.')).toBe(true);
  issuer.faults.clear();
  const { iat: _left, ...right } = claimsOf((await ask(issuer, token)).text);
  expect(claimsOf(text)).toMatchObject(right);
});

test('faults of the content are in the JWT, and those of delivery around it', async () => {
  const { issuer, token, text } = await faulted('activeAsString');
  expect((await judged(issuer, text)).payload['token_introspection']).toMatchObject({ active: 'true' });
  issuer.faults.introspection('huge');
  const huge = (await ask(issuer, token)).text;
  expect(huge.length).toBeGreaterThan(1024 * 1024);
  await judged(issuer, huge.trimEnd());
});
