import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createMockIssuer } from '../../src/index.js';
import { nearMiss, refusal, value } from '../arbitraries.js';
import { callback, pkce, requestOf } from '../flow.js';

const issuer = await createMockIssuer({ alg: 'ES256', registration: 'open', clientIdMetadataDocuments: true });
afterAll(() => issuer.close());

const { challenge } = pkce();

/** What somebody might put into metadata, deep and long things too. */
const json = fc.oneof(
  value,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>([], {}, [null], [[]], [{}], 0, -1, 1e308, true, null, ['code'], ['none'], [callback, 1]),
  fc.constantFrom<unknown>({ keys: [] }, { keys: [{}] }, { keys: [{ kty: 'EC' }] }, { keys: { length: 1 } }),
  value.map((one) => [one]),
  nearMiss.map((one) => [one]),
  fc.integer({ min: 1, max: 3000 }).map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
);

const members = [
  ...['redirect_uris', 'token_endpoint_auth_method', 'grant_types', 'response_types', 'client_name', 'client_name#de'],
  ...['client_uri', 'logo_uri', 'scope', 'contacts', 'tos_uri', 'policy_uri', 'jwks_uri', 'jwks', 'software_id'],
  ...['software_version', 'software_statement', 'client_id', 'client_secret', 'require_pushed_authorization_requests'],
  ...['tls_client_auth_san_dns', 'introspection_signed_response_alg', 'token_endpoint_auth_signing_alg'],
  ...['toString', '__proto__', 'constructor', 'hasOwnProperty', ''],
];

const metadata = fc
  .array(fc.tuple(fc.constantFrom(...members), json), { maxLength: 4 })
  .map((changes) => Object.fromEntries([['redirect_uris', [callback]], ...changes]));

/** Metadata as a text, and texts that are none. */
const body = fc.oneof(
  { weight: 4, arbitrary: metadata.map((one) => JSON.stringify(one)) },
  json.map((one) => JSON.stringify(one)),
  metadata.map((one) => JSON.stringify(one).slice(0, -1)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '{"redirect_uris":["https://a.example"],"redirect_uris":1}', `{"a":"${'x'.repeat(70_000)}"}`),
);

/** Where a client that registers itself may have its users sent. */
const isSafeRedirect = (uri: string): boolean => {
  const { protocol, hostname } = new URL(uri);
  if (protocol === 'http:') return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return protocol === 'https:' || /^[a-z0-9+-]+\.[a-z0-9.+-]+:$/.test(protocol);
};

test(
  'whatever is registered, the answer is a client or an error that names no place but a safe one',
  { timeout: 60_000 },
  () =>
    fc.assert(
      fc.asyncProperty(body, async (text) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(issuer.registrationEndpoint, { method: 'POST', headers, body: text });
        expect([201, 400, 413]).toContain(response.status);
        expect(response.headers.get('cache-control')).toBe('no-store');
        const answer = (await response.json()) as Record<string, unknown>;
        const good = { client_id: expect.any(String), grant_types: expect.any(Array) };
        expect(answer).toEqual(response.status === 201 ? expect.objectContaining(good) : refusal);
        expect(((answer['redirect_uris'] ?? []) as string[]).filter((uri) => !isSafeRedirect(uri))).toEqual([]);
      }),
      { numRuns: 400 },
    ),
);

/** Addresses of this machine, where nobody is, and of others. */
const address = fc
  .tuple(
    fc.constantFrom('http://127.0.0.1:9/client', 'https://127.0.0.1:9/client', 'https://app.example/client'),
    fc.oneof(fc.constantFrom('', '@', '#', '?', '\\', '..', '/../', '%', '%00', ':', '//', '\t', ' ', '\u00fc'), value),
    fc.nat(27),
  )
  .map(([url, text, at]) => url.slice(0, at) + text.slice(0, 5000) + url.slice(at));

test('whatever a client_id looks like, the answer is a page and nobody is sent anywhere', { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(address, async (client_id) => {
      const body = new URLSearchParams(requestOf(challenge, { client_id }));
      const response = await fetch(issuer.authorizationEndpoint, { method: 'POST', body, redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }),
    { numRuns: 150 },
  ),
);
