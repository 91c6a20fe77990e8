import { expect, test } from 'vitest';
import type { MockIssuerOptions } from '../../src/index.js';
import { askForTokens, basic, post } from '../caller.js';
import { startIssuer } from '../referee.js';

const job = { clientId: 'job', clientSecret: 's3cret' };
const grant_type = 'client_credentials';

const start = (options: MockIssuerOptions = {}) =>
  startIssuer({
    clients: [
      { client_id: 'job', client_secret: 's3cret', grant_types: [grant_type] },
      { client_id: 'web', client_secret: 's3cret' },
      { client_id: 'spa', token_endpoint_auth_method: 'none', grant_types: [grant_type] },
    ],
    ...options,
  });

test('[IS-GEN-2] what the token endpoint hands out is never stored', async () => {
  const issuer = await start();
  const good = await askForTokens(issuer, { grant_type }, job);
  const bad = await askForTokens(issuer, { grant_type: 'x' }, job);
  expect([good.status, bad.status]).toEqual([200, 400]);
  for (const { headers } of [good, bad]) {
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBe('*');
  }
  expect(issuer.requests.count('token')).toBe(2);
});

const refusals: [law: string, form: [string, string][], error: string, description: RegExp][] = [
  ['no grant_type', [], 'invalid_request', /grant_type is missing/],
  ['an empty grant_type', [['grant_type', '']], 'invalid_request', /grant_type is missing/],
  [
    'two grant_types',
    [
      ['grant_type', grant_type],
      ['grant_type', grant_type],
    ],
    'invalid_request',
    /more than once/,
  ],
  [
    'a repeated parameter that nobody knows',
    [
      ['grant_type', grant_type],
      ['x', '1'],
      ['x', '2'],
    ],
    'invalid_request',
    /parameter x came/,
  ],
  [
    'a grant nobody knows',
    [['grant_type', 'magic']],
    'unsupported_grant_type',
    /'magic' is none of authorization_code /,
  ],
  ['the password grant', [['grant_type', 'password']], 'unsupported_grant_type', /OAuth 2\.1 has no such grant/],
  ['the implicit grant', [['grant_type', 'implicit']], 'unsupported_grant_type', /OAuth 2\.1 has no such grant/],
  [
    'credentials of two kinds',
    [
      ['grant_type', grant_type],
      ['client_id', 'job'],
      ['client_secret', 's3cret'],
    ],
    'invalid_request',
    /two kinds/,
  ],
];

test.each(refusals)('[IS-TK-2] [IS-TK-8] [IS-TK-9] %s is refused', async (_law, form, error, description) => {
  const answer = await askForTokens(await start(), form, job);
  expect(answer).toMatchObject({ status: 400, body: { error, error_description: expect.stringMatching(description) } });
});

test('[IS-GEN-3] unknown parameters do not matter, and empty ones are as good as none', async () => {
  const answer = await askForTokens(await start(), { grant_type, scope: '', resource: '', colour: 'blue' }, job);
  expect(answer.status).toBe(200);
  expect(answer.body).not.toHaveProperty('scope');
});

test('[IS-TK-1] parameters in the address are refused, and do not count', async () => {
  const issuer = await start();
  const body = { grant_type };
  expect((await post(issuer.tokenEndpoint, body, { authorization: basic(job) })).status).toBe(200);
  const more = await post(`${issuer.tokenEndpoint}?scope=read`, body, { authorization: basic(job) });
  expect(await more.json()).toMatchObject({ error: 'invalid_request' });
  const secret = await post(`${issuer.tokenEndpoint}?client_id=job&client_secret=s3cret`, body);
  expect(secret.status).toBe(400);
});

test('[IS-TK-1] the token endpoint is for POST and for forms', async () => {
  const issuer = await start();
  const get = await fetch(`${issuer.tokenEndpoint}?grant_type=client_credentials`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  const headers = { authorization: basic(job), 'content-type': 'application/json' };
  const json = await fetch(issuer.tokenEndpoint, { method: 'POST', headers, body: JSON.stringify({ grant_type }) });
  expect(json.status).toBe(400);
  expect(await json.json()).toMatchObject({ error: 'invalid_request' });
});

test('[IS-TK-4] a wrong secret is 401 with a challenge of the kind that was tried', async () => {
  const answer = await askForTokens(await start(), { grant_type }, { ...job, clientSecret: 'other' });
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
});

test('[IS-TK-8] a client gets nothing by a grant that it is not registered for, and is told which it has', async () => {
  const answer = await askForTokens(await start(), { grant_type }, { ...job, clientId: 'web' });
  expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  expect(answer.body['error_description']).toContain('its grant_types are authorization_code');
});

test("[IS-IN-8] a resource server's credentials are good for introspection and for no grant", async () => {
  const issuer = await start();
  const answer = await askForTokens(issuer, { grant_type }, issuer.resourceServer);
  expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
});

test('[IS-GEN-7] pages of every origin may ask for tokens', async () => {
  const issuer = await start();
  const preflight = await fetch(issuer.tokenEndpoint, { method: 'OPTIONS' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('dpop');
});

test('[IS-GEN-4] descriptions keep to the characters that RFC 6749 lets them have', async () => {
  const answer = await askForTokens(await start(), { grant_type: '"\\\u0000ü\u{1f600}'.repeat(90) }, job);
  expect(answer.body).toMatchObject({ error: 'unsupported_grant_type' });
  expect(answer.body['error_description']).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,300}$/);
});

test('the token endpoint can be told to misbehave', async () => {
  const issuer = await start();
  issuer.faults.token(503, { retryAfter: 7 });
  const busy = await post(issuer.tokenEndpoint, { grant_type }, { authorization: basic(job) });
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
  issuer.faults.clear();
  expect((await askForTokens(issuer, { grant_type }, job)).status).toBe(200);
});
