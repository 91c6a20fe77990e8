import { expect, test } from 'vitest';
import { createMockIssuer, type MockIssuerOptions } from '../../src/index.js';
import { startIssuer } from '../referee.js';

const good = { client_id: 'web', client_secret: 's' };

const wrongClients: [member: string, registration: object][] = [
  ['client_id', { client_secret: 's' }],
  ['client_id', { ...good, client_id: '' }],
  ['client_id', { ...good, client_id: 'a b' }],
  ['client_secret', { client_id: 'web' }],
  ['client_secret', { client_id: 'web', token_endpoint_auth_method: 'client_secret_post' }],
  ['client_secret', { ...good, client_secret: '' }],
  ['token_endpoint_auth_method', { ...good, token_endpoint_auth_method: 'client_secret_jwt' }],
  ['redirect_uris', { ...good, redirect_uris: ['/cb'] }],
  ['redirect_uris', { ...good, redirect_uris: ['https://app.example/cb#x'] }],
  ['redirect_uris', { ...good, redirect_uris: ['javascript:alert(1)'] }],
  ['redirect_uris', { ...good, redirect_uris: ['https://app.example/\u00fc'] }],
  ['jwks_uri', { ...good, jwks_uri: 'http://app.example/jwks' }],
  ['jwks_uri', { ...good, jwks_uri: '/jwks' }],
  ['jwks_uri', { ...good, jwks_uri: 'http://admin:pw@127.0.0.1:3000/jwks' }],
  ['jwks_uri', { ...good, jwks_uri: 'https://admin@app.example/jwks' }],
  ['jwks_uri', { ...good, jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://app.example/jwks' }],
  ['jwks', { client_id: 'web', token_endpoint_auth_method: 'private_key_jwt' }],
  ['require_pushed_authorization_requests', { ...good, require_pushed_authorization_requests: 1 }],
  ['grant_types', { ...good, grant_types: 'authorization_code' }],
  ['scope', { ...good, scope: ['read'] }],
  ['introspection_signed_response_alg', { ...good, introspection_signed_response_alg: 'HS256' }],
  ['audience', { ...good, audience: 'https://api.example.com' }],
];

const naming = (text: string) =>
  expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${text}'`) });

test.each(wrongClients)(
  "a client whose '%s' is wrong in %j is a TypeError that names it",
  async (member, registration) => {
    const options = { clients: [{ client_id: 'other', client_secret: 's' }, registration] } as MockIssuerOptions;
    await expect(createMockIssuer(options)).rejects.toThrow(naming(member));
    await expect(createMockIssuer(options)).rejects.toThrow('clients[1]');
  },
);

const wrongServers: [member: string, registration: object][] = [
  ['audience', { ...good, audience: [] }],
  ['redirect_uris', { ...good, redirect_uris: ['https://app.example/cb'] }],
  ['token_endpoint_auth_method', { client_id: 'api', token_endpoint_auth_method: 'none' }],
];

test.each(wrongServers)(
  "a resource server whose '%s' is wrong in %j is a TypeError that names it",
  async (member, registration) => {
    const options = { resourceServers: [registration] } as MockIssuerOptions;
    await expect(createMockIssuer(options)).rejects.toThrow(naming(member));
  },
);

test.each(['web', 'resource-server'])('nobody shares a client_id, %s for one', async (client_id) => {
  const options = { clients: [good], resourceServers: [{ client_id, client_secret: 's' }] };
  await expect(createMockIssuer(options)).rejects.toThrow(naming('client_id'));
});

test('a full registration is taken', async () => {
  const full = {
    client_name: 'Web',
    redirect_uris: ['http://127.0.0.1:3000/cb'],
    grant_types: ['authorization_code'],
    scope: 'read',
  };
  await startIssuer({
    clients: [
      { ...good, ...full },
      { client_id: 'spa', token_endpoint_auth_method: 'none' },
    ],
    resourceServers: [{ client_id: 'api', client_secret: 's', audience: ['a'] }],
  });
});
