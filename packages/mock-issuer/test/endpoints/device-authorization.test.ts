import { expect, test } from 'vitest';
import { basic, post } from '../caller.js';
import { codesOf, requestCodes, startDevices, tv } from '../device/devices.js';

test.each([
  ['a public client by its name', 'cli'],
  ['a confidential client by its credentials', tv],
])('[IS-DC-1] [IS-GEN-5] %s gets two codes, and where the user goes with them', async (_law, caller) => {
  const issuer = await startDevices();
  const response = await requestCodes(issuer, { scope: 'read' }, caller);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = (await response.json()) as Record<string, string>;
  const verification_uri = `${issuer.issuer}/device`;
  expect(body).toEqual({
    device_code: expect.stringMatching(/^[\w-]{43}$/),
    user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
    verification_uri,
    verification_uri_complete: `${verification_uri}?user_code=${body['user_code']}`,
    expires_in: 600,
    interval: 5,
  });
});

test('no two devices get the same codes', async () => {
  const issuer = await startDevices();
  const all = await Promise.all(Array.from({ length: 50 }, () => codesOf(issuer)));
  expect(new Set(all.map(({ userCode }) => userCode)).size).toBe(50);
  expect(new Set(all.map(({ deviceCode }) => deviceCode)).size).toBe(50);
});

test('lifetime and interval are what the options say', async () => {
  const issuer = await startDevices({ lifetimes: { deviceCodeSeconds: 30 }, device: { intervalSeconds: 1 } });
  expect(await (await requestCodes(issuer)).json()).toMatchObject({ expires_in: 30, interval: 1 });
});

test.each([
  ['invalid_client', 401, {}, 'nobody'],
  ['invalid_client', 401, {}, { ...tv, clientSecret: 'wrong' }],
  ['invalid_client', 401, {}, 'tv'],
  ['unauthorized_client', 400, {}, 'spa'],
  ['invalid_scope', 400, { scope: 'admin' }, tv],
  ['invalid_scope', 400, { scope: 'read  write' }, 'cli'],
  ['invalid_target', 400, { resource: 'https://other.example' }, 'cli'],
  ['invalid_authorization_details', 400, { authorization_details: '[{"type":"x"}]' }, 'cli'],
])('%s (%i) for %j of %j', async (error, status, form, caller) => {
  const issuer = await startDevices();
  const response = await requestCodes(issuer, form, caller);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(issuer.device.pending()).toEqual([]);
});

test('nobody who names nobody gets a code, no resource server does, and no parameter comes twice', async () => {
  const issuer = await startDevices();
  expect((await post(issuer.deviceAuthorizationEndpoint, { scope: 'read' })).status).toBe(401);
  const server = await post(issuer.deviceAuthorizationEndpoint, {}, { authorization: basic(issuer.resourceServer) });
  expect(await server.json()).toMatchObject({ error: 'unauthorized_client' });
  const twice = await requestCodes(issuer, [
    ['scope', 'read'],
    ['scope', 'read'],
  ]);
  expect(await twice.json()).toMatchObject({ error: 'invalid_request' });
  expect((await requestCodes(issuer, { scope: '', unknown: 'x' })).status).toBe(200);
});

test('[IS-DC-1] it takes forms by POST only, and no parameter in the address', async () => {
  const issuer = await startDevices();
  const get = await fetch(`${issuer.deviceAuthorizationEndpoint}?client_id=cli`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  const query = await post(`${issuer.deviceAuthorizationEndpoint}?scope=read`, { client_id: 'cli' });
  expect(await query.json()).toMatchObject({ error: 'invalid_request' });
});

test('[IS-GEN-7] pages of every origin may ask for codes, and none may read the verification page', async () => {
  const issuer = await startDevices();
  const preflight = await fetch(issuer.deviceAuthorizationEndpoint, {
    method: 'OPTIONS',
    headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect((await requestCodes(issuer)).headers.get('access-control-allow-origin')).toBe('*');
  const page = await fetch(`${issuer.issuer}/device`, { headers: { origin: 'https://spa.example' } });
  expect([page.status, page.headers.get('access-control-allow-origin')]).toEqual([200, null]);
});

test('it is counted, and made to fail, as the others are', async () => {
  const issuer = await startDevices();
  await requestCodes(issuer, { scope: 'read' });
  expect(issuer.requests.count('device_authorization')).toBe(1);
  expect(issuer.requests.last('device_authorization')?.form).toEqual({ scope: 'read', client_id: 'cli' });
  issuer.faults.deviceAuthorization(503, { retryAfter: 7 });
  const busy = await requestCodes(issuer);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
  issuer.faults.deviceAuthorization('redirect');
  const decoy = await requestCodes(issuer);
  expect([decoy.redirected, await decoy.json()]).toEqual([true, expect.objectContaining({ device_code: 'decoy' })]);
  expect(() => issuer.faults.deviceAuthorization('empty' as 'down')).toThrow(TypeError);
  issuer.faults.clear();
  await fetch(`${issuer.issuer}/device`);
  expect([(await requestCodes(issuer)).status, issuer.requests.count('device')]).toEqual([200, 1]);
});

test('[IS-GEN-8] the codes are the same in every run under a seed', async () => {
  const [one, other] = [await startDevices({ seed: 'x' }), await startDevices({ seed: 'x' })];
  const [codes, again] = [await codesOf(one), await codesOf(other)];
  expect([again.deviceCode, again.userCode]).toEqual([codes.deviceCode, codes.userCode]);
  expect((await codesOf(one)).userCode).not.toBe(codes.userCode);
});
