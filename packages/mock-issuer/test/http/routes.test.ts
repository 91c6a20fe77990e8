import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { algorithms, startIssuer } from '../referee.js';

const metadataOf = (issuer: MockIssuer) => ({
  issuer: issuer.issuer,
  jwks_uri: issuer.jwksUri,
  authorization_endpoint: `${issuer.issuer}/authorize`,
  authorization_response_iss_parameter_supported: true,
  code_challenge_methods_supported: ['S256'],
  prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
  response_modes_supported: ['query'],
  response_types_supported: ['code'],
  device_authorization_endpoint: `${issuer.issuer}/device_authorization`,
  pushed_authorization_request_endpoint: `${issuer.issuer}/par`,
  require_pushed_authorization_requests: false,
  token_endpoint: `${issuer.issuer}/token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  token_endpoint_auth_signing_alg_values_supported: algorithms,
  grant_types_supported: [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ],
  protected_resources: ['https://api.example.com'],
  dpop_signing_alg_values_supported: algorithms,
  introspection_endpoint: `${issuer.issuer}/introspect`,
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  introspection_endpoint_auth_signing_alg_values_supported: algorithms,
  introspection_signing_alg_values_supported: algorithms,
  revocation_endpoint: `${issuer.issuer}/revoke`,
  revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  revocation_endpoint_auth_signing_alg_values_supported: algorithms,
});

test('both discovery documents name the issuer, its keys and its endpoints, and nothing that is not there', async () => {
  const issuer = await startIssuer();
  for (const name of ['oauth-authorization-server', 'openid-configuration']) {
    const response = await fetch(`${issuer.issuer}/.well-known/${name}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual(metadataOf(issuer));
  }
});

test('[IS-MD-1] an issuer with a path is found at all three places of its documents', async () => {
  const issuer = await startIssuer({ path: '/tenant-1' });
  const { origin } = new URL(issuer.issuer);
  expect(issuer.issuer).toBe(`${origin}/tenant-1`);
  expect(issuer.jwksUri).toBe(`${origin}/tenant-1/jwks`);
  for (const place of [
    '/.well-known/oauth-authorization-server/tenant-1',
    '/.well-known/openid-configuration/tenant-1',
    '/tenant-1/.well-known/openid-configuration',
  ]) {
    const response = await fetch(origin + place);
    expect(await response.json()).toEqual(metadataOf(issuer));
  }
  expect((await fetch(`${origin}/.well-known/openid-configuration`)).status).toBe(404);
});

test('[IS-JW-2] the JWKS is served under its media type, with the cache header that was asked for', async () => {
  const [plain, cached] = [await startIssuer(), await startIssuer({ jwksCacheControl: 'public, max-age=300' })];
  const response = await fetch(plain.jwksUri);
  expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
  expect(response.headers.get('cache-control')).toBeNull();
  expect(await response.json()).toEqual(plain.jwks);
  expect((await fetch(cached.jwksUri)).headers.get('cache-control')).toBe('public, max-age=300');
});

test('HEAD has the headers of GET and no body', async () => {
  const issuer = await startIssuer();
  const [get, head] = [await fetch(issuer.jwksUri), await fetch(issuer.jwksUri, { method: 'HEAD' })];
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await get.text())));
  expect(await head.text()).toBe('');
});

test('other methods are 405 with Allow, other paths 404', async () => {
  const issuer = await startIssuer();
  const post = await fetch(issuer.jwksUri, { method: 'POST', body: 'x' });
  expect(post.status).toBe(405);
  expect(post.headers.get('allow')).toBe('GET, HEAD');
  const missing = await fetch(`${issuer.issuer}/nowhere`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({ error: 'not_found' });
});

test('requests are counted when they arrive, faulted ones too, and the latest is kept', async () => {
  const issuer = await startIssuer();
  expect(issuer.requests.last('jwks')).toBeUndefined();
  await fetch(`${issuer.jwksUri}?x=1`, { headers: { 'X-Probe': 'yes' } });
  issuer.faults.jwks('down');
  issuer.faults.discovery('500');
  await expect(fetch(issuer.jwksUri, { method: 'HEAD' })).rejects.toThrow();
  await fetch(`${issuer.issuer}/.well-known/openid-configuration`);
  await fetch(`${issuer.issuer}/.well-known/oauth-authorization-server`);
  expect(issuer.requests.count('jwks')).toBeGreaterThanOrEqual(2);
  expect(issuer.requests.last('jwks')).toMatchObject({ method: 'HEAD', url: '/jwks' });
  expect(issuer.requests.count('discovery')).toBe(2);
  expect(issuer.requests.count('openid-configuration')).toBe(1);
  expect(issuer.requests.count('oauth-authorization-server')).toBe(1);
  expect(issuer.requests.last('discovery')?.url).toBe('/.well-known/oauth-authorization-server');
  issuer.requests.reset();
  expect(issuer.requests.count('jwks')).toBe(0);
  expect(issuer.requests.last('discovery')).toBeUndefined();
});

test('the headers of a request are kept by lower-case name', async () => {
  const issuer = await startIssuer();
  await fetch(issuer.jwksUri, { headers: { 'X-Probe': 'yes' } });
  expect(issuer.requests.last('jwks')?.headers['x-probe']).toBe('yes');
});

test('an unknown endpoint name is a TypeError', async () => {
  const { requests } = await startIssuer();
  const unknown = 'nowhere' as 'jwks';
  expect(() => requests.count(unknown)).toThrow(TypeError);
  expect(() => requests.last(unknown)).toThrow(TypeError);
});

test('a peer that speaks no HTTP loses its socket and the issuer lives on', async () => {
  const issuer = await startIssuer();
  const socket = connect(Number(new URL(issuer.issuer).port), '127.0.0.1');
  socket.write('this is no HTTP\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve).resume());
  expect((await fetch(issuer.jwksUri)).status).toBe(200);
});
