import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { askForTokens, basic, stateOf } from '../caller.js';
import { certify, x5cOf } from '../certificate.js';
import { pkce, requestOf, sentTo, visit } from '../flow.js';
import { startIssuer } from '../referee.js';
import { fetchOver } from '../tls-fetch.js';

const redirect = 'https://app.example/cb';
const start = (options: MockIssuerOptions = {}) => startIssuer({ registration: 'open', ...options });

function send(issuer: MockIssuer, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  return fetch(issuer.registrationEndpoint, { method: 'POST', body, headers: all });
}

async function register(issuer: MockIssuer, metadata: unknown, headers: Record<string, string> = {}) {
  const response = await send(issuer, JSON.stringify(metadata), headers);
  return { response, status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Whether a client gets tokens by a code for a user, as it was registered. */
async function tokensOf(issuer: MockIssuer, { client_id, client_secret }: Record<string, unknown>) {
  const { challenge, verifier } = pkce();
  const parameters = requestOf(challenge, { client_id: String(client_id), redirect_uri: redirect });
  const { told } = sentTo(await visit(issuer, parameters));
  const caller =
    client_secret === undefined
      ? String(client_id)
      : { clientId: String(client_id), clientSecret: String(client_secret) };
  const form = { grant_type: 'authorization_code', code: told['code'] ?? '', code_verifier: verifier };
  return askForTokens(issuer, form, caller);
}

describe('a registration', () => {
  test('[IS-7591-3.1-a] [IS-7591-3.2.1-a] [IS-7591-2-a] is answered by 201 with an id, a secret that does not expire, and the defaults', async () => {
    const issuer = await start();
    const { status, body, response } = await register(issuer, { redirect_uris: [redirect] });
    expect(status).toBe(201);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[\w-]{36}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_id_issued_at: Math.floor(issuer.clock.now() / 1000),
      client_secret_expires_at: 0,
      redirect_uris: [redirect],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('[IS-7591-3.2.1-b] is echoed whole, in every language it came in', async () => {
    const metadata = {
      redirect_uris: [redirect, 'http://127.0.0.1:3000/cb', 'http://localhost/cb', 'com.example.app:/cb'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      client_name: 'App',
      'client_name#de': 'Anwendung',
      client_uri: 'https://app.example/',
      logo_uri: 'https://app.example/logo',
      tos_uri: 'https://app.example/tos',
      policy_uri: 'https://app.example/policy',
      scope: 'read write',
      contacts: ['ada@example.com'],
      software_id: 's',
      software_version: '1',
      require_pushed_authorization_requests: false,
    };
    const { status, body } = await register(await start(), metadata);
    expect(status).toBe(201);
    expect(body).toMatchObject(metadata);
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('client_secret_expires_at');
  });

  test('[IS-7591-2-b] leaves out what is not known here, and what is not for the client to say', async () => {
    const strange = { client_id: 'web', client_secret: 's', application_type: 'web', 'client_name#': 'x', toString: 1 };
    const { status, body } = await register(await start(), { redirect_uris: [redirect], ...strange });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([
      'client_id',
      'client_id_issued_at',
      'client_secret',
      'client_secret_expires_at',
      'grant_types',
      'redirect_uris',
      'response_types',
      'token_endpoint_auth_method',
    ]);
    expect(body['client_id']).not.toBe('web');
  });

  test('[IS-7591-3.2.1-c] makes a client of its own each time, with which tokens are to be had', async () => {
    const issuer = await start();
    const [one, other] = [
      await register(issuer, { redirect_uris: [redirect] }),
      await register(issuer, { redirect_uris: [redirect], token_endpoint_auth_method: 'none' }),
    ];
    expect(one.body['client_id']).not.toBe(other.body['client_id']);
    for (const { body } of [one, other]) {
      const tokens = await tokensOf(issuer, body);
      expect(tokens.status).toBe(200);
      const state = await stateOf(issuer, String(tokens.body['access_token']));
      expect(state).toMatchObject({ active: true, client_id: body['client_id'] });
    }
    const impostor = await tokensOf(issuer, { ...one.body, client_secret: other.body['client_id'] });
    expect(impostor).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  test('holds its client to what it is registered for', async () => {
    const issuer = await start();
    const { body } = await register(issuer, { redirect_uris: [redirect], scope: 'read' });
    const caller = { clientId: String(body['client_id']), clientSecret: String(body['client_secret']) };
    const answer = await askForTokens(issuer, { grant_type: 'client_credentials' }, caller);
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
    const { challenge } = pkce();
    const beyond = requestOf(challenge, { client_id: caller.clientId, redirect_uri: redirect, scope: 'write' });
    expect(sentTo(await visit(issuer, beyond)).told).toMatchObject({ error: 'invalid_scope' });
    const elsewhere = requestOf(challenge, { client_id: caller.clientId, redirect_uri: `${redirect}/` });
    expect((await visit(issuer, elsewhere)).status).toBe(400);
  });

  test('is forgotten by a reset, as is what was asked', async () => {
    const issuer = await start();
    const { body } = await register(issuer, { redirect_uris: [redirect], client_name: 'App' });
    expect(issuer.requests.count('registration')).toBe(1);
    expect(issuer.requests.last('registration')?.json).toEqual({ redirect_uris: [redirect], client_name: 'App' });
    await expect(issuer.authorize({ client: String(body['client_id']) })).resolves.toHaveProperty('code');
    issuer.reset();
    await expect(issuer.authorize({ client: String(body['client_id']) })).rejects.toThrow(TypeError);
    expect(issuer.requests.count('registration')).toBe(0);
  });

  test('is the same in every run under a seed', async () => {
    const registered = async () => {
      const { body } = await register(await start({ seed: 'x' }), { redirect_uris: [redirect] });
      return body;
    };
    expect(await registered()).toEqual(await registered());
  });
});

describe('[IS-7591-3.2.2-a] [IS-7591-2-c] a member that is wrong is named', () => {
  const own = { redirect_uris: [redirect] };
  const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] };
  test.each<[member: string, metadata: object]>([
    ['token_endpoint_auth_method', { ...own, token_endpoint_auth_method: 'client_secret_jwt' }],
    ['token_endpoint_auth_method', { ...own, token_endpoint_auth_method: 'tls_client_auth' }],
    ['token_endpoint_auth_method', { ...own, token_endpoint_auth_method: ['none'] }],
    ['grant_types', { ...own, grant_types: ['password'] }],
    ['grant_types', { ...own, grant_types: [] }],
    ['grant_types', { ...own, grant_types: 'authorization_code' }],
    ['grant_types', { ...own, token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] }],
    [
      'grant_types',
      {
        ...own,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      },
    ],
    ['response_types', { ...own, response_types: ['token'] }],
    ['response_types', { ...own, response_types: [] }],
    ['response_types', { grant_types: ['client_credentials'], response_types: ['code'] }],
    ['scope', { ...own, scope: ['read'] }],
    ['scope', { ...own, scope: 'r\u00e9ad' }],
    ['client_name', { ...own, client_name: '' }],
    ['client_name#de', { ...own, 'client_name#de': 1 }],
    ['client_uri', { ...own, client_uri: 'javascript:alert(1)' }],
    ['logo_uri', { ...own, logo_uri: '/logo' }],
    ['contacts', { ...own, contacts: 'ada' }],
    ['software_id', { ...own, software_id: null }],
    ['jwks', { ...own, token_endpoint_auth_method: 'private_key_jwt' }],
    ['jwks', { ...own, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', d: 'x' }] } }],
    ['jwks_uri', { ...own, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://app.example/jwks' }],
    ['jwks_uri', { ...own, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://a:b@127.0.0.1/jwks' }],
    ['jwks_uri', { ...own, jwks, jwks_uri: 'https://app.example/jwks' }],
    ['token_endpoint_auth_signing_alg', { ...own, token_endpoint_auth_signing_alg: 'none' }],
    ['dpop_bound_access_tokens', { ...own, dpop_bound_access_tokens: 'yes' }],
    ['tls_client_certificate_bound_access_tokens', { ...own, tls_client_certificate_bound_access_tokens: true }],
    ['require_pushed_authorization_requests', { ...own, require_pushed_authorization_requests: 'yes' }],
  ])("'%s' in %j", async (member, metadata) => {
    const { status, body } = await register(await start(), metadata);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } });
    expect(body['error_description']).toContain(`'${member}'`);
  });

  test('and what is right beside it is registered', async () => {
    const issuer = await start();
    const good = [
      own,
      { ...own, token_endpoint_auth_method: 'private_key_jwt', jwks },
      { ...own, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://app.example/jwks' },
      { ...own, dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: false },
      { grant_types: ['client_credentials'] },
      { grant_types: ['client_credentials'], response_types: [] },
    ];
    for (const metadata of good) expect(await register(issuer, metadata)).toMatchObject({ status: 201 });
  });

  test.each([[[]], ['text'], [1], [null], [true]])('metadata that are %j are refused', async (metadata) => {
    const { status, body } = await register(await start(), metadata);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } });
  });
});

describe('[IS-7591-5-a] a redirect URI is https, http on loopback, or of a scheme made of a domain name', () => {
  test.each<[why: RegExp, uris: unknown]>([
    [/'redirect_uris' is needed/, undefined],
    [/'redirect_uris' is needed/, []],
    [/\[0\] must be a string/, [1]],
    [/\[1\] must be an absolute URI/, [redirect, '/cb']],
    [/fragment/, ['https://app.example/cb#']],
    [/https, or http on loopback/, ['http://app.example/cb']],
    [/https, or http on loopback/, ['http://localhost.evil.example/cb']],
    [/runs in a page/, ['javascript:alert(1)']],
    [/runs in a page/, ['data:text/html,x']],
    [/domain name/, ['file:///etc/passwd']],
    [/domain name/, ['app:/cb']],
    [/user name/, ['https://app.example@evil.example/cb']],
    [/visible ASCII/, ['https://app.example/\u00fc']],
  ])('%s: %j', async (why, redirect_uris) => {
    const { status, body } = await register(await start(), { redirect_uris });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } });
    expect(body['error_description']).toMatch(why);
  });

  test('and an array', async () => {
    const { body } = await register(await start(), { redirect_uris: redirect });
    expect(body).toMatchObject({ error: 'invalid_client_metadata' });
  });

  test('a native app may come back to any port of the loopback address that it registered', async () => {
    const issuer = await start();
    const { body } = await register(issuer, { redirect_uris: ['http://127.0.0.1/cb'] });
    const client = String(body['client_id']);
    const authorized = issuer.authorize({ client, redirectUri: 'http://127.0.0.1:4711/cb' });
    await expect(authorized).resolves.toHaveProperty('code');
  });
});

test('[IS-7591-2.3-a] software statements are of no use here: bad ones are invalid, good ones unapproved', async () => {
  const issuer = await start();
  const { privateKey } = await generateKeyPair('ES256');
  const statement = await new SignJWT({ iss: 'https://vouch.example' })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey);
  const tell = async (software_statement: unknown) =>
    (await register(issuer, { redirect_uris: [redirect], software_statement })).body;
  expect(await tell('x')).toMatchObject({ error: 'invalid_software_statement' });
  expect(await tell({})).toMatchObject({ error: 'invalid_software_statement' });
  expect(await tell(statement)).toMatchObject({
    error: 'unapproved_software_statement',
    error_description: "'software_statement' is by 'https://vouch.example', and this issuer approves of nobody's",
  });
});

describe('the endpoint', () => {
  test('[IS-7591-3-a] is not there unless it was asked for', async () => {
    const issuer = await startIssuer();
    expect((await register(issuer, { redirect_uris: [redirect] })).status).toBe(404);
    const document = await (await fetch(`${issuer.issuer}/.well-known/oauth-authorization-server`)).json();
    expect(document).not.toHaveProperty('registration_endpoint');
  });

  test('[IS-7591-3.1-b] takes JSON by POST and nothing else', async () => {
    const issuer = await start();
    const metadata = JSON.stringify({ redirect_uris: [redirect] });
    expect((await send(issuer, metadata, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
    expect((await fetch(issuer.registrationEndpoint)).status).toBe(405);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/jose']) {
      const response = await send(issuer, metadata, { 'content-type': type });
      expect([type, response.status]).toEqual([type, 400]);
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });

  test.each([
    ['', 400],
    ['{', 400],
    ['['.repeat(60_000), 400],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400],
    [JSON.stringify({ redirect_uris: [redirect], client_name: 'x'.repeat(65_536) }), 413],
  ])('refuses a body that is no JSON, too deep or too long', async (body, status) => {
    const response = await send(await start(), body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  test('[IS-7591-3-b] asks for an initial access token where there is one', async () => {
    const issuer = await start({ registration: { initialAccessToken: 't0ken' } });
    const ask = (headers?: Record<string, string>) => register(issuer, { redirect_uris: [redirect] }, headers);
    expect(await ask({ authorization: 'Bearer t0ken' })).toMatchObject({ status: 201 });
    const bare = await ask();
    expect(bare).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(bare.response.headers.get('www-authenticate')).toBe('Bearer realm="mock-issuer"');
    for (const authorization of ['Bearer other', 'Bearer', 'Basic t0ken', 'Bearer t0ken t0ken']) {
      const wrong = await ask({ authorization });
      expect([authorization, wrong.status]).toEqual([authorization, 401]);
      expect(wrong.response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    // Who may not register is not told what is wrong with the registration.
    expect(await register(issuer, {})).toMatchObject({ status: 401 });
  });

  test('can be told to misbehave', async () => {
    const issuer = await start();
    issuer.faults.registration(503, { retryAfter: 7 });
    const busy = await send(issuer, JSON.stringify({ redirect_uris: [redirect] }));
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
    issuer.faults.registration('redirect');
    const followed = await send(issuer, JSON.stringify({ redirect_uris: [redirect] }));
    expect(await followed.json()).toMatchObject({ client_id: 'decoy' });
    issuer.reset();
    expect((await register(issuer, { redirect_uris: [redirect] })).status).toBe(201);
  });

  test('registers for certificates where the issuer has TLS', async () => {
    const ca = certify({ subject: [['CN', 'CA']], isAuthority: true });
    const server = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
    const issuer = await start({ tls: { ...server, ca: ca.cert } });
    const ask = async (metadata: object) => {
      const body = JSON.stringify({ redirect_uris: [redirect], ...metadata });
      const headers = { 'content-type': 'application/json' };
      const response = await fetchOver({ ca: ca.cert })(issuer.registrationEndpoint, { method: 'POST', body, headers });
      return { status: response.status, ...((await response.json()) as object) };
    };
    const byAuthority = { token_endpoint_auth_method: 'tls_client_auth' };
    const refused = { status: 400, error: 'invalid_client_metadata' };
    expect(await ask({ ...byAuthority, tls_client_auth_san_dns: 'a.example' })).toMatchObject({ status: 201 });
    expect(await ask(byAuthority)).toMatchObject(refused);
    const bound = { tls_client_certificate_bound_access_tokens: true };
    expect(await ask(bound)).toMatchObject({ status: 201, ...bound });
    const itself = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };
    const jwks = { keys: [{ kty: 'EC', x5c: [x5cOf(server)] }] };
    expect(await ask({ ...itself, jwks })).toMatchObject({ status: 201, jwks });
    expect(await ask({ ...itself, jwks: { keys: [{ kty: 'EC' }] } })).toMatchObject(refused);
  });
});

test('a registered client authenticates by client_secret_post where it is registered for that', async () => {
  const issuer = await start();
  const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
  const { body } = await register(issuer, metadata);
  const { client_id, client_secret } = body as Record<string, string>;
  const form = { grant_type: 'client_credentials', client_id: client_id ?? '', client_secret: client_secret ?? '' };
  expect(await askForTokens(issuer, form)).toMatchObject({ status: 200 });
  const authorization = basic({ clientId: client_id ?? '', clientSecret: client_secret ?? '' });
  const other = await fetch(issuer.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization },
  });
  expect(other.status).toBe(401);
});
