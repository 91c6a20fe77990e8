import { expect, test } from 'vitest';
import { basic, post, stateOf } from '../caller.js';
import { startIssuer } from '../referee.js';

const web = { clientId: 'web', clientSecret: 's3cret' };

const startWithClients = () =>
  startIssuer({
    clients: [
      { client_id: 'web', client_secret: 's3cret' },
      { client_id: 'spa', token_endpoint_auth_method: 'none' },
    ],
  });

test('a client revokes its own token, and introspection shows it', async () => {
  const issuer = await startWithClients();
  const token = await issuer.token({ clientId: 'web', format: 'opaque' });
  const response = await post(issuer.revocationEndpoint, { token }, { authorization: basic(web) });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await stateOf(issuer, token)).toEqual({ active: false });
  expect(issuer.requests.count('revocation')).toBe(1);
});

test('a public client revokes by its name', async () => {
  const issuer = await startWithClients();
  const token = await issuer.token({ clientId: 'spa' });
  expect((await post(issuer.revocationEndpoint, { token, client_id: 'spa' })).status).toBe(200);
  expect(await stateOf(issuer, token)).toEqual({ active: false });
});

test("[IS-RV-1] another client's token is not revoked", async () => {
  const issuer = await startWithClients();
  const token = await issuer.token({ clientId: 'spa' });
  const response = await post(issuer.revocationEndpoint, { token }, { authorization: basic(web) });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  expect(await stateOf(issuer, token)).toMatchObject({ active: true });
});

test('[IS-RV-2] [IS-RV-3] a token that nobody has is as good as revoked, whatever the hint', async () => {
  const issuer = await startWithClients();
  const form = { token: 'unknown', token_type_hint: 'refresh_token' };
  expect((await post(issuer.revocationEndpoint, form, { authorization: basic(web) })).status).toBe(200);
  const token = await issuer.token({ clientId: 'web' });
  await post(issuer.revocationEndpoint, { token, token_type_hint: 'nonsense' }, { authorization: basic(web) });
  expect(await stateOf(issuer, token)).toEqual({ active: false });
});

test('resource servers may not revoke, and strangers neither', async () => {
  const issuer = await startWithClients();
  const token = await issuer.token({ clientId: 'resource-server' });
  const authorization = basic(issuer.resourceServer);
  const server = await post(issuer.revocationEndpoint, { token }, { authorization });
  expect(server.status).toBe(400);
  expect(await server.json()).toMatchObject({ error: 'unauthorized_client' });
  const stranger = await post(issuer.revocationEndpoint, { token });
  expect(stranger.status).toBe(401);
  expect(await stateOf(issuer, token)).toMatchObject({ active: true });
});

test('[IS-RV-5] the revocation endpoint can be told to misbehave, and revokes all the same', async () => {
  const issuer = await startWithClients();
  const token = await issuer.token({ clientId: 'web' });
  const revoke = (redirect: NonNullable<RequestInit['redirect']>) =>
    fetch(issuer.revocationEndpoint, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { authorization: basic(web) },
      redirect,
    });
  issuer.faults.revocation(503, { retryAfter: 7 });
  const busy = await revoke('follow');
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
  expect(await stateOf(issuer, token)).toEqual({ active: false });
  issuer.faults.revocation('redirect');
  expect((await revoke('follow')).status).toBe(200);
  expect(issuer.requests.count('decoy')).toBe(1);
  issuer.faults.clear();
  expect((await revoke('error')).status).toBe(200);
});

test('pages of every origin may revoke, preflight and all', async () => {
  const issuer = await startWithClients();
  const preflight = await fetch(issuer.revocationEndpoint, { method: 'OPTIONS' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(issuer.requests.count('revocation')).toBe(0);
  const refused = await post(issuer.revocationEndpoint, { token: 'x' });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  expect(refused.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
});
