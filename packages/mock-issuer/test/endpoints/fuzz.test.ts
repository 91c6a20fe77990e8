import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createMockIssuer } from '../../src/index.js';
import { basic, post } from '../caller.js';
import { callback, pkce, requestOf, web } from '../flow.js';

const issuer = await createMockIssuer({
  alg: 'ES256',
  clients: [
    {
      client_id: 'web',
      client_secret: 's3cret',
      redirect_uris: [callback, 'http://127.0.0.1/cb'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  ],
  acrValues: ['pwd'],
  authorizationDetailsTypes: ['pay'],
  registration: 'open',
  clientIdMetadataDocuments: true,
});
afterAll(() => issuer.close());

const { challenge, verifier } = pkce();
type Form = [name: string, value: string][];

/** What somebody might put where a value belongs. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'null',
    '__proto__',
    'a\r\nb: c',
    '\u0000',
    '%',
    '%ff',
    '\u{1f600}',
    '\ud800',
  ),
  fc.constantFrom('[]', '{}', '[{"type":"pay"}]', '[{"type":{}}]', `${'['.repeat(5000)}`, '{"a":'.repeat(999)),
  fc.constantFrom(
    '//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    `${callback}@evil.example`,
    callback,
  ),
  fc.constantFrom(
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:70000/cb',
    'http://[::1]/cb',
    'http://127.0.0.1:1@e.example/cb',
  ),
  fc.constantFrom('urn:ietf:params:oauth:request_uri:x', 'web', 'resource-server', 'code', 'S256', 'x'.repeat(12_000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A registered address with something put into it. */
const nearMiss = fc
  .tuple(
    fc.constantFrom(callback, 'http://127.0.0.1/cb'),
    fc.constantFrom(
      '',
      '/',
      '.',
      '@',
      '@evil.example',
      ':1',
      ':1@evil.example',
      '?a',
      '#a',
      '%2f',
      '\\',
      '\t',
      '//',
      '..',
      ';',
    ),
    fc.nat(25),
  )
  .map(([address, text, at]) => address.slice(0, at) + text + address.slice(at));

/** A request that is in order, with some of its parameters replaced, repeated, taken away, and strange ones on top. */
function disturbed(right: Form): fc.Arbitrary<Form> {
  const known = right.map(([name]) => name);
  const extra = fc.constantFrom(...known, ...others);
  const anything = fc.tuple(fc.constantFrom('replace', 'repeat', 'remove', 'add'), extra, value);
  const change = known.includes('response_type')
    ? fc.oneof(anything, fc.tuple(fc.constant('replace'), fc.constant('redirect_uri'), nearMiss))
    : anything;
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<Form>((form, [how, name, text]) => {
      const rest = form.filter(([one]) => one !== name);
      if (how === 'remove') return rest;
      return (how === 'replace' ? rest : form).concat([[name, text]]);
    }, right),
  );
}

const others = [
  ...['scope', 'resource', 'audience', 'authorization_details', 'acr_values', 'max_age', 'prompt', 'login_hint'],
  ...['request', 'request_uri', 'response_mode', 'dpop_jkt', 'nonce', 'claims', 'id_token_hint', 'registration'],
  ...['client_secret', 'client_assertion', 'client_assertion_type', 'refresh_token', 'code', 'grant_type', 'state'],
  ...['toString', '__proto__', '', 'interaction', 'decision', 'user', 'subject_token', 'assertion', 'token'],
];

const law = (name: string, right: Form, holds: (form: Form) => Promise<void>) =>
  test(name, { timeout: 60_000 }, () => fc.assert(fc.asyncProperty(disturbed(right), holds), { numRuns: 150 }));

/** No longer than RFC 6749 section 5.2 has it, and of no other characters. */
const refusal = {
  error: expect.stringMatching(/^[a-z_]+$/),
  error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
};

async function assertJson(response: Response, good: number): Promise<void> {
  expect([good, 400, 401]).toContain(response.status);
  const body = await response.json();
  if (response.status !== good) expect(body).toEqual(refusal);
  expect(response.headers.get('cache-control')).toBe('no-store');
}

function assertSafe(response: Response): void {
  const location = response.headers.get('location');
  if (location === null) {
    expect([200, 400, 413]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('text/html');
    return;
  }
  expect(response.status).toBe(303);
  const { searchParams } = new URL(location);
  // A port is all that may differ, and only where the address is this machine.
  expect(location).toMatch(/^(?:https:\/\/app\.example\/cb|http:\/\/127\.0\.0\.1(?::\d+)?\/cb)\?(?:code|error)=/);
  expect(searchParams.get('iss')).toBe(issuer.issuer);
  expect(searchParams.has('code') !== searchParams.has('error')).toBe(true);
}

law(
  '[IS-AZ-21] whatever is asked of the authorization endpoint, nobody is sent to a place that is not registered',
  requestOf(challenge),
  async (form) => {
    const query = new URLSearchParams(form);
    // node:http has no more than 16 KiB for an address; longer ones come as a form.
    const isShort = query.toString().length < 12_000;
    const url = isShort ? `${issuer.authorizationEndpoint}?${query}` : issuer.authorizationEndpoint;
    const init = isShort ? {} : { method: 'POST', body: query };
    assertSafe(await fetch(url, { redirect: 'manual', ...init }));
  },
);

law('whatever is pushed, the answer is a request_uri or an error', requestOf(challenge), async (form) => {
  const headers = { authorization: basic(web) };
  await assertJson(await post(issuer.pushedAuthorizationRequestEndpoint, form, headers), 201);
});

const grants: [string, Form][] = [
  [
    'client_credentials',
    [
      ['grant_type', 'client_credentials'],
      ['scope', 'read'],
    ],
  ],
  [
    'authorization_code',
    [
      ['grant_type', 'authorization_code'],
      ['code', 'x'],
      ['code_verifier', verifier],
      ['redirect_uri', callback],
    ],
  ],
  [
    'refresh_token',
    [
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'x'],
      ['scope', 'read'],
    ],
  ],
];

for (const [name, right] of grants) {
  law(`whatever is asked of the token endpoint by ${name}, the answer is a token or an error`, right, async (form) => {
    const code = (await issuer.authorize({ client: 'web', codeChallenge: challenge })).code;
    const filled = form.map(([one, text]): [string, string] => [one, one === 'code' && text === 'x' ? code : text]);
    await assertJson(await post(issuer.tokenEndpoint, filled, { authorization: basic(web) }), 200);
  });
}

law(
  'whatever is said on no page, nobody is sent anywhere',
  [
    ['interaction', 'x'],
    ['decision', 'allow'],
  ],
  async (form) => {
    const response = await fetch(`${issuer.authorizationEndpoint}/interaction`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  },
);

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
  if (protocol === 'http:') return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
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
