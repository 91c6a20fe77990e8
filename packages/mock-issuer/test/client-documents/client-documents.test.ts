import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '../../src/index.js';
import { askForTokens, post, stateOf } from '../caller.js';
import { type DocumentServer, type Served, serveDocuments } from '../document-server.js';
import { pkce, requestOf, sentTo, visit } from '../flow.js';
import { startIssuer } from '../referee.js';

const redirect = 'https://app.example/cb';
const start = (options: MockIssuerOptions = {}) => startIssuer({ clientIdMetadataDocuments: true, ...options });

/** A server with a document, an issuer that takes it, and the client_id. */
async function world(changes: object = {}, options: MockIssuerOptions = {}, overTls = false) {
  const server = await serveDocuments({ tls: overTls });
  const clientId = `${server.origin}/client`;
  const document = { client_id: clientId, client_name: 'App', redirect_uris: [redirect], ...changes };
  server.served.set('/client', document);
  return { server, clientId, document, issuer: await start(options) };
}

/** What the authorization endpoint says to a client: where it goes, or what it shows the user. */
async function ask(issuer: MockIssuer, client_id: string, changes: Record<string, string> = {}) {
  const { challenge, verifier } = pkce();
  const parameters = requestOf(challenge, { client_id, redirect_uri: redirect, ...changes });
  const response = await visit(issuer, parameters);
  const page = await response.text();
  const told = response.headers.get('location') === null ? {} : sentTo(response).told;
  return { status: response.status, page, told, verifier };
}

const sending =
  (body: string, headers: Record<string, string> = {}, status = 200): Served =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

describe('a client_id that is the address of a document', () => {
  test.each([false, true])('[IS-CIMD-5-a] gets tokens, with TLS: %s', async (tls) => {
    const { issuer, clientId } = await world({}, {}, tls);
    const { told, verifier } = await ask(issuer, clientId);
    const form = { grant_type: 'authorization_code', code: told['code'] ?? '', code_verifier: verifier };
    const { status, body } = await askForTokens(issuer, form, clientId);
    expect(status).toBe(200);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, client_id: clientId });
  });

  test('[IS-CIMD-6-a] is said to be good in the metadata where it is, and is no client elsewhere', async () => {
    const { issuer, clientId, server } = await world();
    const off = await startIssuer();
    const documentOf = async ({ issuer: at }: MockIssuer) =>
      (await fetch(`${at}/.well-known/oauth-authorization-server`)).json();
    expect(await documentOf(issuer)).toHaveProperty('client_id_metadata_document_supported', true);
    expect(await documentOf(off)).not.toHaveProperty('client_id_metadata_document_supported');
    expect(await ask(off, clientId)).toMatchObject({ status: 400 });
    expect(server.asked).toEqual([]);
  });

  test('may push its request and be authorized in process', async () => {
    const { issuer, clientId } = await world();
    const { challenge } = pkce();
    const form = requestOf(challenge, { client_id: clientId, redirect_uri: redirect });
    expect((await post(issuer.pushedAuthorizationRequestEndpoint, form)).status).toBe(201);
    await expect(issuer.authorize({ client: clientId })).resolves.toHaveProperty('code');
    await expect(issuer.authorize({ client: `${clientId}/other` })).rejects.toMatchObject({ code: 'invalid_client' });
  });

  test('[IS-CIMD-8.5-a] is shown to the user beside the name that it gave itself', async () => {
    const { issuer, clientId } = await world({}, { interaction: 'pages' });
    const { page } = await ask(issuer, clientId);
    expect(page).toContain('<strong>App</strong>');
    expect(page).toContain(`<code>${clientId}</code>`);
  });

  test('[IS-CIMD-7.2-a] that was registered by the options is never fetched', async () => {
    const server = await serveDocuments();
    const client_id = `${server.origin}/client`;
    const client = { client_id, token_endpoint_auth_method: 'none', redirect_uris: [redirect] } as const;
    const issuer = await start({ clients: [client] });
    expect((await ask(issuer, client_id)).told).toHaveProperty('code');
    expect(server.asked).toEqual([]);
  });
});

describe('[IS-CIMD-3-a] the address', () => {
  test.each([
    ['has no path', (origin: string) => origin, /must have a path/],
    ['has no path but a query', (origin: string) => `${origin}?x`, /must have a path/],
    ['has dot segments', (origin: string) => `${origin}/a/../client`, /dot segments/],
    ['has encoded dot segments', (origin: string) => `${origin}/a/%2E%2e/client`, /dot segments/],
    ['has a fragment', (origin: string) => `${origin}/client#x`, /fragment/],
    ['has a user', (origin: string) => `${origin.replace('//', '//ada@')}/client`, /user name/],
    ['has a backslash', (origin: string) => `${origin}\\client`, /no URL/],
    ['is of no host', () => 'https:///client', /no URL/],
  ])('that %s is refused, and nothing is fetched', async (_why, address, reason) => {
    const { issuer, server } = await world();
    const { status, page } = await ask(issuer, address(server.origin));
    expect([status, server.asked]).toEqual([400, []]);
    expect(page).toMatch(reason);
  });

  test('may have a query, and counts to the letter', async () => {
    const { issuer, server, document } = await world();
    const withQuery = `${server.origin}/client?v=1`;
    server.served.set('/client?v=1', { ...document, client_id: withQuery });
    expect((await ask(issuer, withQuery)).told).toHaveProperty('code');
    expect((await ask(issuer, server.origin.replace('http:', 'HTTP:'))).status).toBe(400);
  });
});

describe('[IS-CIMD-4-a] [IS-CIMD-4.1-a] the document', () => {
  const keys = { keys: [{ kty: 'EC', d: 'private' }] };
  test.each<[why: string, changes: object, reason: RegExp]>([
    ['is of another client', { client_id: 'https://app.example/client' }, /must have that for its client_id/],
    ['has no client_id', { client_id: undefined }, /must have that for its client_id/],
    ['has a secret', { client_secret: 's' }, /must not have 'client_secret'/],
    ['has a time for a secret', { client_secret_expires_at: 0 }, /'client_secret_expires_at'/],
    ['is for client_secret_basic', { token_endpoint_auth_method: 'client_secret_basic' }, /must be one of private_key/],
    ['is for client_secret_post', { token_endpoint_auth_method: 'client_secret_post' }, /must be one of private_key/],
    ['is for client_secret_jwt', { token_endpoint_auth_method: 'client_secret_jwt' }, /must be one of private_key/],
    ['has a private key', { token_endpoint_auth_method: 'private_key_jwt', jwks: keys }, /'jwks' must be/],
    ['has no redirect URI', { redirect_uris: [] }, /'redirect_uris' is needed/],
    ['has a redirect URI that is a program', { redirect_uris: ['javascript:x'] }, /runs in a page/],
    ['wants a grant that is not here', { grant_types: ['password'] }, /'grant_types' must be/],
  ])('that %s is refused', async (_why, changes, reason) => {
    const { issuer, clientId } = await world(changes);
    const { status, page } = await ask(issuer, clientId);
    expect(status).toBe(400);
    expect(page).toContain('invalid_client');
    expect(page.replaceAll('&#39;', "'")).toMatch(reason);
  });

  test.each<[why: string, served: Served, reason: RegExp]>([
    ['is an error', sending('{}', {}, 404), /answered 404/],
    ['is made just now', sending('{}', {}, 201), /answered 201/],
    ['is elsewhere', sending('', { location: '/other' }, 302), /answered 302/],
    ['is no JSON', sending('{'), /is no JSON/],
    ['is a page', sending('{}', { 'content-type': 'text/html' }), /must be JSON, and is text\/html/],
    ['is a list', sending('[]'), /must have that for its client_id/],
    ['breaks off', (_request, response) => response.destroy(), /could not be fetched/],
  ])('[IS-CIMD-5-b] that %s is refused', async (_why, served, reason) => {
    const { issuer, clientId, server } = await world();
    server.served.set('/client', served);
    const { status, page } = await ask(issuer, clientId);
    expect(status).toBe(400);
    expect(page).toMatch(reason);
    expect(server.asked).toEqual(['/client']);
  });

  test('[IS-CIMD-8.7-a] is 5 KiB long at most', async () => {
    const { issuer, clientId, document, server } = await world();
    const sized = (bytes: number): Served => {
      const bare = Buffer.byteLength(JSON.stringify({ ...document, software_id: '' }));
      return sending(JSON.stringify({ ...document, software_id: 'x'.repeat(bytes - bare) }));
    };
    server.served.set('/client', sized(5121));
    expect((await ask(issuer, clientId)).page).toMatch(/longer than 5120 bytes/);
    server.served.set('/client', sized(5120));
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });

  test('that does not come within three seconds is given up', { timeout: 10_000 }, async () => {
    const { issuer, clientId, server } = await world();
    server.served.set('/client', (_request, response) => void response.writeHead(200).write('{'));
    expect((await ask(issuer, clientId)).page).toMatch(/took too long/);
  });

  test('may have a type of its own', async () => {
    const { issuer, clientId, document, server } = await world();
    const type = { 'content-type': 'application/client-metadata+json; charset=utf-8' };
    server.served.set('/client', sending(JSON.stringify(document), type));
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });
});

test('[IS-CIMD-4.2-a] redirect URIs count to the letter, the port of a loopback address too', async () => {
  const { issuer, clientId } = await world({ redirect_uris: ['http://127.0.0.1:3000/cb'] });
  expect((await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3000/cb' })).told).toHaveProperty('code');
  expect(await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3001/cb' })).toMatchObject({ status: 400 });
  expect(await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3000/cb/' })).toMatchObject({ status: 400 });
});

describe('[IS-CIMD-5.2-a] a good document is remembered', () => {
  const fetches = async ({ issuer, clientId, server }: Awaited<ReturnType<typeof world>>, seconds: number) => {
    await ask(issuer, clientId);
    issuer.clock.advance(seconds - 1);
    await ask(issuer, clientId);
    const before = server.asked.length;
    issuer.clock.advance(2);
    await ask(issuer, clientId);
    return [before, server.asked.length];
  };

  test('for five minutes of the clock', async () => {
    expect(await fetches(await world(), 300)).toEqual([1, 2]);
  });

  test.each([
    ['max-age=60', 60],
    ['public, max-age=999999', 3600],
  ])('as its Cache-Control says: %s', async (control, seconds) => {
    const there = await world();
    there.server.served.set('/client', sending(JSON.stringify(there.document), { 'cache-control': control }));
    expect(await fetches(there, seconds)).toEqual([1, 2]);
  });

  test.each(['no-store', 'no-cache', 'max-age=0'])('and not with %s', async (control) => {
    const { issuer, clientId, document, server } = await world();
    server.served.set('/client', sending(JSON.stringify(document), { 'cache-control': control }));
    for (let times = 0; times < 2; times += 1) expect((await ask(issuer, clientId)).told).toHaveProperty('code');
    expect(server.asked).toHaveLength(2);
  });

  test('and what is wrong is not, nor anything after a reset', async () => {
    const { issuer, clientId, document, server } = await world();
    server.served.set('/client', {});
    expect((await ask(issuer, clientId)).status).toBe(400);
    server.served.set('/client', document);
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
    issuer.reset();
    await ask(issuer, clientId);
    expect(server.asked).toHaveLength(3);
  });
});

describe('[IS-CIMD-8.6-a] what is fetched', () => {
  test.each([
    'https://app.example/client',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/client',
    'https://[::ffff:10.0.0.1]/client',
    'https://[fe80::1]/client',
    'https://127.0.0.1.nip.example/client',
    'https://localhost.evil.example/client',
    'https://2130706434.example/client',
    'https://0.0.0.0/client',
  ])('is on this machine: %s is not', async (clientId) => {
    const { page, status } = await ask(await start(), clientId);
    expect(status).toBe(400);
    expect(page).toMatch(/neither on this machine nor among the option/);
  });

  test('is over https where it is not on this machine, however it was allowed', async () => {
    const issuer = await start({ clientDocumentHosts: ['app.example'] });
    expect((await ask(issuer, 'http://app.example/client')).page).toMatch(/must be https, or http on loopback/);
  });

  test('is what the option names: a host that is allowed is looked up, and nobody else', async () => {
    const issuer = await start({ clientDocumentHosts: ['nowhere.invalid:8443'] });
    expect((await ask(issuer, 'https://nowhere.invalid:8443/client')).page).toMatch(/could not be fetched/);
    expect((await ask(issuer, 'https://nowhere.invalid/client')).page).toMatch(/neither on this machine/);
  });

  test('is found under the name localhost as well', async () => {
    const { issuer, server, document } = await world();
    const clientId = `${server.origin.replace('127.0.0.1', 'localhost')}/client`;
    server.served.set('/client', { ...document, client_id: clientId });
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });

  test('is not on this machine where other machines reach the issuer, unless that was said', async () => {
    const { server, clientId } = await world();
    const options = { clientIdMetadataDocuments: true, dangerouslyListenOn: '0.0.0.0', alg: 'ES256' } as const;
    await using wary = await createMockIssuer(options);
    expect((await ask(wary, clientId)).page).toMatch(/neither on this machine nor/);
    expect(server.asked).toEqual([]);
    const { host } = new URL(server.origin);
    await using told = await createMockIssuer({ ...options, clientDocumentHosts: [host] });
    expect((await ask(told, clientId)).told).toHaveProperty('code');
  });
});

describe('[IS-CIMD-8.2-a] a client with keys', () => {
  const assertionFor = async ({ issuer }: MockIssuer, clientId: string, key: Parameters<SignJWT['sign']>[0]) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT({ iss: clientId, sub: clientId, aud: issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(key),
  });

  test.each(['jwks', 'jwks_uri'])('shows who it is by private_key_jwt and its %s, and must', async (member) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const other = await generateKeyPair('ES256');
    const jwks = { keys: [await exportJWK(publicKey)] };
    const { issuer, clientId, document, server } = await world();
    server.served.set('/jwks', sending(JSON.stringify(jwks), { 'content-type': 'application/jwk-set+json' }));
    server.served.set('/client', {
      ...document,
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      ...(member === 'jwks' ? { jwks } : { jwks_uri: `${server.origin}/jwks` }),
    });
    const form = { grant_type: 'client_credentials' };
    const good = await assertionFor(issuer, clientId, privateKey);
    expect(await askForTokens(issuer, { ...form, ...good })).toMatchObject({ status: 200 });
    const bad = await assertionFor(issuer, clientId, other.privateKey);
    const refused = { status: 401, body: { error: 'invalid_client' } };
    expect(await askForTokens(issuer, { ...form, ...bad })).toMatchObject(refused);
    expect(await askForTokens(issuer, form, clientId)).toMatchObject(refused);
  });

  test('is refused when its keys cannot be had, or are elsewhere', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const { issuer, clientId, document, server } = await world();
    const tell = async (jwks_uri: string) => {
      const method = { token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'], jwks_uri };
      server.served.set('/client', { ...document, ...method });
      issuer.reset();
      const assertion = await assertionFor(issuer, clientId, privateKey);
      const { status, body } = await askForTokens(issuer, { grant_type: 'client_credentials', ...assertion });
      expect([status, body['error']]).toEqual([401, 'invalid_client']);
      return body['error_description'];
    };
    expect(await tell(`${server.origin}/nowhere`)).toMatch(/answered 404/);
    expect(await tell('https://app.example/jwks')).toMatch(/neither on this machine/);
    server.served.set('/jwks', { keys: [{ kty: 'EC', d: 'x' }] });
    expect(await tell(`${server.origin}/jwks`)).toMatch(/JSON Web Key Set of public keys/);
  });
});

test('jwks_uri is good for clients of the options, and of registrations', async () => {
  const server: DocumentServer = await serveDocuments();
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  server.served.set('/jwks', { keys: [await exportJWK(publicKey)] });
  const own = {
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    jwks_uri: `${server.origin}/jwks`,
  } as const;
  const issuer = await startIssuer({ clients: [{ client_id: 'job', ...own }], registration: 'open' });
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(own) };
  const { client_id } = (await (await fetch(issuer.registrationEndpoint, init)).json()) as { client_id: string };
  for (const id of ['job', client_id]) {
    const assertion = await new SignJWT({ iss: id, sub: id, aud: issuer.issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(privateKey);
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
    expect(await askForTokens(issuer, form)).toMatchObject({ status: 200 });
  }
});
