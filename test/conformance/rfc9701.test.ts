import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { CompactEncrypt, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audience } from '../suite/world.js';
import { verdict } from './ask.js';
import { introspecting } from './introspecting.js';

const issuer = 'https://issuer.test';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k' }] };
const said = { active: true, aud: audience };
const now = Math.floor(Date.now() / 1000);
const right = {
  header: { alg: 'ES256', typ: 'token-introspection+jwt', kid: 'k' } as Record<string, unknown>,
  claims: { iss: issuer, aud: 'api', iat: now, token_introspection: said } as Record<string, unknown>,
  contentType: 'application/token-introspection+jwt',
  key: privateKey as KeyObject | Uint8Array,
};

/** A resource server that asks for signed answers and is given this text. */
function given(body: string, contentType = right.contentType): ResourceServer {
  const server = createResourceServer({
    issuer: {
      issuer,
      jwks,
      introspection: {
        endpoint: `${issuer}/introspect`,
        signedResponse: true,
        clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' },
      },
    },
    audience,
    fetch: async () => new Response(body, { headers: { 'content-type': contentType } }),
  });
  onTestFinished(() => server.close());
  return server;
}

/** What a token comes to under an answer that differs from the right one in this. */
async function verdictOn(changes: Partial<typeof right>): Promise<string> {
  const { header, claims, key, contentType } = { ...right, ...changes };
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key, { crit: { exp: true } });
  return verdict(given(jwt, contentType), 'opaque');
}

const withHeader = (changes: object) => ({ header: { ...right.header, ...changes } });
const withClaims = (changes: object) => ({ claims: { ...right.claims, ...changes } });

it('[RS-9701-4-a] [RS-9701-4-b] is asked for by its media type, with our own credentials', async () => {
  const { issuer: mock, server } = await introspecting({ signedResponse: true });
  expect(await verdict(server, await mock.token())).toBe('granted');
  const { headers } = mock.requests.last('introspection') ?? {};
  expect(headers?.accept).toBe('application/token-introspection+jwt');
  expect(headers?.authorization).toMatch(/^Basic /);
});

it('[RS-9701-4-b] credentials that are not ours get no answer: 503', async () => {
  const { issuer: mock, server } = await introspecting({
    signedResponse: true,
    clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'guessed' },
  });
  for (let at = 0; at < 3; at++) {
    expect(await verdict(server, await mock.token({ expiresInSeconds: 600 }))).toBe('introspection_unavailable');
    // 400 (section 5), and still our trouble: whoever operates this is told.
    expect(server.status().issuers[0]?.introspection?.lastError).toBe('credentials_refused');
    mock.clock.advance(31);
  }
});

describe('an answer is believed', () => {
  it('[RS-9701-5-a] [RS-9701-5-b] when everything about it is right', async () => {
    expect(await verdictOn({})).toBe('granted');
    expect(await verdictOn({ contentType: 'Application/Token-Introspection+JWT; charset=utf-8' })).toBe('granted');
    expect(await verdictOn(withHeader({ typ: 'application/token-introspection+jwt' }))).toBe('granted');
    expect(await verdictOn(withClaims({ aud: ['somebody', audience] }))).toBe('granted');
  });

  it.each([
    ['typ is JWT', withHeader({ typ: 'JWT' })],
    ['typ is at+jwt', withHeader({ typ: 'at+jwt' })],
    ['typ is missing', withHeader({ typ: undefined })],
    ['the Content-Type is application/jwt', { contentType: 'application/jwt' }],
    ['the Content-Type is application/json', { contentType: 'application/json' }],
  ])('[RS-9701-5-a] and not when %s', async (_, changes) => {
    expect(await verdictOn(changes)).toBe('introspection_unavailable');
  });

  it.each([
    ['another key signed it', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['its algorithm has a shared secret', { ...withHeader({ alg: 'HS256' }), key: Buffer.alloc(32, 'secret') }],
    ['iss is another issuer', withClaims({ iss: 'https://other.test' })],
    ['iss is missing', withClaims({ iss: undefined })],
    ['aud is another API', withClaims({ aud: 'https://other-api.test' })],
    ['aud is missing', withClaims({ aud: undefined })],
    ['iat is missing', withClaims({ iat: undefined })],
    ['crit asks for what nobody here knows', withHeader({ crit: ['exp'], exp: 1 })],
  ])('[RS-9701-5-b] and not when %s', async (_, changes) => {
    expect(await verdictOn(changes as Partial<typeof right>)).toBe('introspection_unavailable');
  });

  it('[RS-9701-5-b] and not without a signature', async () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encoded({ ...right.header, alg: 'none' })}.${encoded(right.claims)}.`;
    expect(await verdict(given(unsigned), 'opaque')).toBe('introspection_unavailable');
  });

  it('[RS-9701-5-d] and not when it is encrypted instead of signed', async () => {
    const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(right.claims)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'token-introspection+jwt' })
      .encrypt(publicKey);
    expect(await verdict(given(jwe), 'opaque')).toBe('introspection_unavailable');
  });

  it('[RS-9701-5-e] and not as plain JSON, whatever the media type says', async () => {
    for (const contentType of ['application/json', right.contentType]) {
      expect(await verdict(given(JSON.stringify(said), contentType), 'opaque')).toBe('introspection_unavailable');
    }
  });
});

it.each([
  ['inactive inside, active outside', { active: true, token_introspection: { active: false } }, 'token_inactive'],
  ['nothing inside', { ...said, token_introspection: undefined }, 'introspection_unavailable'],
  ['text inside', { ...said, token_introspection: JSON.stringify(said) }, 'introspection_unavailable'],
  ['active inside, inactive outside', { active: false, token_introspection: said }, 'granted'],
])('[RS-9701-5-c] only the inner member counts: %s', async (_, claims, expected) => {
  expect(await verdictOn(withClaims(claims))).toBe(expected);
});

it.each([
  'plain',
  'contentType',
  'wrongTyp',
  'wrongIssuer',
  'wrongAudience',
  'badSignature',
  'unsignedAlgNone',
] as const)('[RS-9701-5-b] over the network too: %s is no answer', async (fault) => {
  const { issuer: mock, server } = await introspecting({ signedResponse: true });
  const token = await mock.token();
  mock.faults.introspection(fault);
  expect(await verdict(server, token)).toBe('introspection_unavailable');
  mock.faults.clear();
  mock.clock.advance(31);
  expect(await verdict(server, token)).toBe('granted');
});

it.each(['rfc9068', 'jwt'] as const)(
  '[RS-9701-8.1-a] an answer that is sent as an access token is refused (%s)',
  async (tokenProfile) => {
    const server = createResourceServer({ issuer: { issuer, jwks, tokenProfile }, audience });
    onTestFinished(() => server.close());
    const sign = (header: object, claims: object) =>
      new SignJWT({ ...right.claims, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k', ...header })
        .sign(privateKey);
    const us = { aud: audience, exp: now + 60, sub: 'ada', client_id: 'web', jti: 'j' };
    expect(await verdict(server, await sign({ typ: 'token-introspection+jwt' }, us))).toBe('type_refused');
    // Under the typ of an access token its own claim still says what it is.
    expect(await verdict(server, await sign({ typ: 'at+jwt' }, { aud: audience }))).toBe('type_refused');
    expect(await verdict(server, await sign({ typ: 'at+jwt' }, { ...us, token_introspection: undefined }))).toBe(
      'granted',
    );
  },
);

it.each([
  ['another audience', (mock: MockIssuer) => mock.bad.wrongAudience(), 'audience_mismatch'],
  ['a key', (mock: MockIssuer) => mock.bad.boundToKey(), 'binding_unsupported'],
  ['nobody else', (mock: MockIssuer) => mock.token(), 'granted'],
])('[RS-9701-8.1-b] a signed answer about a token for %s', async (_, make, expected) => {
  const { issuer: mock, server } = await introspecting({ signedResponse: true });
  expect(await verdict(server, await make(mock))).toBe(expected);
});
