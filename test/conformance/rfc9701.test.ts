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

/** A resource server that requires signed introspection answers and receives this body. */
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

/** The verdict on a token whose introspection answer differs from a valid one in `changes`. */
async function verdictOn(changes: Partial<typeof right>): Promise<string> {
  const { header, claims, key, contentType } = { ...right, ...changes };
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key, { crit: { exp: true } });
  return verdict(given(jwt, contentType), 'opaque');
}

const withHeader = (changes: object) => ({ header: { ...right.header, ...changes } });
const withClaims = (changes: object) => ({ claims: { ...right.claims, ...changes } });

it('a signed answer is requested by its media type, with our own credentials [RS-9701-4-a] [RS-9701-4-b]', async () => {
  const { issuer: mock, server } = await introspecting({ signedResponse: true });
  expect(await verdict(server, await mock.token())).toBe('granted');
  const { headers } = mock.requests.last('introspection') ?? {};
  expect(headers?.accept).toBe('application/token-introspection+jwt');
  expect(headers?.authorization).toMatch(/^Basic /);
});

it('wrong client credentials give 503 at a signing introspection endpoint [RS-9701-4-b]', async () => {
  const { issuer: mock, server } = await introspecting({
    signedResponse: true,
    clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'guessed' },
  });
  for (let at = 0; at < 3; at++) {
    expect(await verdict(server, await mock.token({ expiresInSeconds: 600 }))).toBe('introspection_unavailable');
    // The endpoint answers 400 (section 5). The status still shows the operator the cause.
    expect(server.status().issuers[0]?.introspection?.lastError).toBe('credentials_refused');
    mock.clock.advance(31);
  }
});

describe('the validation of a signed introspection answer', () => {
  it('a signed introspection answer that passes every check is accepted [RS-9701-5-a] [RS-9701-5-b]', async () => {
    expect(await verdictOn({})).toBe('granted');
    expect(await verdictOn({ contentType: 'Application/Token-Introspection+JWT; charset=utf-8' })).toBe('granted');
    expect(await verdictOn(withHeader({ typ: 'application/token-introspection+jwt' }))).toBe('granted');
    expect(await verdictOn(withClaims({ aud: ['other', audience] }))).toBe('granted');
  });

  it.each([
    ['typ is JWT', withHeader({ typ: 'JWT' })],
    ['typ is at+jwt', withHeader({ typ: 'at+jwt' })],
    ['typ is missing', withHeader({ typ: undefined })],
    ['the Content-Type is application/jwt', { contentType: 'application/jwt' }],
    ['the Content-Type is application/json', { contentType: 'application/json' }],
  ])('a signed introspection answer is rejected when %s [RS-9701-5-a]', async (_, changes) => {
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
    ['crit names an unknown extension', withHeader({ crit: ['exp'], exp: 1 })],
  ])('a signed introspection answer is rejected when %s [RS-9701-5-b]', async (_, changes) => {
    expect(await verdictOn(changes as Partial<typeof right>)).toBe('introspection_unavailable');
  });

  it('a signed introspection answer with alg none is rejected [RS-9701-5-b]', async () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encoded({ ...right.header, alg: 'none' })}.${encoded(right.claims)}.`;
    expect(await verdict(given(unsigned), 'opaque')).toBe('introspection_unavailable');
  });

  it('an introspection answer that is encrypted and not signed is rejected [RS-9701-5-d]', async () => {
    const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(right.claims)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'token-introspection+jwt' })
      .encrypt(publicKey);
    expect(await verdict(given(jwe), 'opaque')).toBe('introspection_unavailable');
  });

  it('plain JSON is rejected where a signed answer is required, whatever its media type [RS-9701-5-e]', async () => {
    for (const contentType of ['application/json', right.contentType]) {
      expect(await verdict(given(JSON.stringify(said), contentType), 'opaque')).toBe('introspection_unavailable');
    }
  });
});

it.each([
  [
    'inactive in token_introspection, active beside it',
    { active: true, token_introspection: { active: false } },
    'token_inactive',
  ],
  ['without token_introspection', { ...said, token_introspection: undefined }, 'introspection_unavailable'],
  ['text as token_introspection', { ...said, token_introspection: JSON.stringify(said) }, 'introspection_unavailable'],
  ['active in token_introspection, inactive beside it', { active: false, token_introspection: said }, 'granted'],
])('the token is described by token_introspection alone: %s [RS-9701-5-c]', async (_, claims, expected) => {
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
] as const)(
  'a signed introspection answer with the fault %s is rejected over the network too [RS-9701-5-b]',
  async (fault) => {
    const { issuer: mock, server } = await introspecting({ signedResponse: true });
    const token = await mock.token();
    mock.faults.introspection(fault);
    expect(await verdict(server, token)).toBe('introspection_unavailable');
    mock.faults.clear();
    mock.clock.advance(31);
    expect(await verdict(server, token)).toBe('granted');
  },
);

it.each(['rfc9068', 'jwt'] as const)(
  'a signed introspection answer sent as an access token is rejected (profile %s) [RS-9701-8.1-a]',
  async (tokenProfile) => {
    const server = createResourceServer({ issuer: { issuer, jwks, tokenProfile }, audience });
    onTestFinished(() => server.close());
    const sign = (header: object, claims: object) =>
      new SignJWT({ ...right.claims, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k', ...header })
        .sign(privateKey);
    const accessTokenClaims = { aud: audience, exp: now + 60, sub: 'ada', client_id: 'web', jti: 'j' };
    expect(await verdict(server, await sign({ typ: 'token-introspection+jwt' }, accessTokenClaims))).toBe(
      'type_refused',
    );
    // With the typ of an access token, the claim token_introspection still refuses it.
    expect(await verdict(server, await sign({ typ: 'at+jwt' }, { aud: audience }))).toBe('type_refused');
    expect(
      await verdict(server, await sign({ typ: 'at+jwt' }, { ...accessTokenClaims, token_introspection: undefined })),
    ).toBe('granted');
  },
);

it.each([
  ['another audience', (mock: MockIssuer) => mock.bad.wrongAudience(), 'audience_mismatch'],
  ['a key', (mock: MockIssuer) => mock.bad.boundToKey(), 'binding_unsupported'],
  ['this audience without a key', (mock: MockIssuer) => mock.token(), 'granted'],
])(
  'a signed introspection answer about a token for %s is validated like any other [RS-9701-8.1-b]',
  async (_, make, expected) => {
    const { issuer: mock, server } = await introspecting({ signedResponse: true });
    expect(await verdict(server, await make(mock))).toBe(expected);
  },
);
