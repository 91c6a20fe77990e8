import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createMockIssuer } from '../../src/index.js';
import { basic, post } from '../caller.js';
import { callback, pkce, requestOf, web } from '../flow.js';

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const issuer = await createMockIssuer({
  alg: 'ES256',
  clients: [
    {
      client_id: 'web',
      client_secret: 's3cret',
      redirect_uris: [callback, 'http://127.0.0.1/cb'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', device, tokenExchange],
    },
  ],
  acrValues: ['pwd'],
  authorizationDetailsTypes: ['pay'],
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
  fc.constantFrom('urn:ietf:params:oauth:request_uri:x', 'web', 'resource-server', 'code', 'S256', 'x'.repeat(20_000)),
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
  ...['user_code', 'device_code', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type'],
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

/** A device code whose user has said yes. */
async function approvedDeviceCode(): Promise<string> {
  const response = await post(issuer.deviceAuthorizationEndpoint, {}, { authorization: basic(web) });
  const { device_code = '', user_code = '' } = (await response.json()) as Record<string, string>;
  issuer.device.approve(user_code);
  return device_code;
}

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
  [
    'device_code',
    [
      ['grant_type', device],
      ['device_code', 'x'],
      ['resource', 'https://api.example.com'],
    ],
  ],
  [
    'token-exchange',
    [
      ['grant_type', tokenExchange],
      ['subject_token', 'x'],
      ['subject_token_type', accessToken],
      ['actor_token', 'x'],
      ['actor_token_type', accessToken],
      ['audience', 'https://api.example.com'],
      ['scope', 'read'],
    ],
  ],
];

for (const [name, right] of grants) {
  law(`whatever is asked of the token endpoint by ${name}, the answer is a token or an error`, right, async (form) => {
    const right = new Map([
      ['code', (await issuer.authorize({ client: 'web', codeChallenge: challenge })).code],
      ['device_code', await approvedDeviceCode()],
      ['subject_token', await issuer.token({ scope: 'read' })],
      ['actor_token', await issuer.token({ clientId: 'web' })],
    ]);
    const filled = form.map(([one, text]): [string, string] => [one, (text === 'x' && right.get(one)) || text]);
    await assertJson(await post(issuer.tokenEndpoint, filled, { authorization: basic(web) }), 200);
  });
}

law('whatever a device asks for, the answer is codes or an error', [['scope', 'read']], async (form) => {
  await assertJson(await post(issuer.deviceAuthorizationEndpoint, form, { authorization: basic(web) }), 200);
});

law(
  'whatever is typed on the verification page, it is a page and nobody is let in',
  [['user_code', 'x']],
  async (form) => {
    const url = `${issuer.issuer}/device`;
    const query = new URLSearchParams(form);
    const isShort = query.toString().length < 12_000;
    const response = await (isShort ? fetch(`${url}?${query}`) : post(url, form));
    expect([200, 400, 429]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('user_code');
  },
);

law(
  'whatever is said on no page, nobody is sent anywhere',
  [
    ['interaction', 'x'],
    ['decision', 'allow'],
  ],
  async (form) => {
    for (const page of [issuer.authorizationEndpoint, `${issuer.issuer}/device`]) {
      const body = new URLSearchParams(form);
      const response = await fetch(`${page}/interaction`, { method: 'POST', body, redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  },
);
