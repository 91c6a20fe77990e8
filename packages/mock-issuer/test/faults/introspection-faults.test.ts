import { expect, test } from 'vitest';
import type { FaultOptions, IntrospectionFault } from '../../src/index.js';
import { introspect, post, stateOf } from '../caller.js';
import { startIssuer } from '../referee.js';

async function faulted(kind: IntrospectionFault | 429 | 500 | 503, options?: FaultOptions) {
  const issuer = await startIssuer();
  const good = await issuer.token({ format: 'opaque', scope: 'read' });
  const right = await stateOf(issuer, good);
  issuer.faults.introspection(kind, options);
  return { issuer, good, right, unknown: await issuer.bad.opaque() };
}

test('[IS-F-5] activeAsString and activeNumber: active is no boolean', async () => {
  for (const [kind, yes, no] of [
    ['activeAsString', 'true', 'false'],
    ['activeNumber', 1, 0],
  ] as const) {
    const { issuer, good, right, unknown } = await faulted(kind);
    expect(await stateOf(issuer, good)).toEqual({ ...right, active: yes });
    expect(await stateOf(issuer, unknown)).toEqual({ active: no });
  }
});

test('[IS-F-5] activeMissing: everything else is there', async () => {
  const { issuer, good, right, unknown } = await faulted('activeMissing');
  const { active: _left, ...others } = right;
  expect(await stateOf(issuer, good)).toEqual(others);
  expect(await stateOf(issuer, unknown)).toEqual({});
});

test('alwaysActive: a token that expired or was revoked is active with its own claims, an unknown one with good ones', async () => {
  const { issuer, good, right, unknown } = await faulted('alwaysActive');
  issuer.revoke(good);
  expect(await stateOf(issuer, good)).toEqual(right);
  const expired = await issuer.bad.expired({ format: 'opaque' });
  const { active, exp } = await stateOf(issuer, expired);
  expect(active).toBe(true);
  expect(exp).toBeLessThan(issuer.clock.now() / 1000);
  expect(await stateOf(issuer, unknown)).toMatchObject({ active: true, iss: issuer.issuer, exp: expect.any(Number) });
});

test('refreshToken: what is active is no access token', async () => {
  const { issuer, good, unknown } = await faulted('refreshToken');
  const state = await stateOf(issuer, good);
  expect(state).toMatchObject({ active: true, typ: 'Refresh', token_use: 'refresh' });
  expect(state).not.toHaveProperty('token_type');
  expect(await stateOf(issuer, unknown)).toEqual({ active: false });
});

test('[IS-F-5] unauthorized and forbidden: right credentials are refused', async () => {
  const unauthorized = await faulted('unauthorized');
  const response = await introspect(unauthorized.issuer, unauthorized.good);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
  const forbidden = await faulted('forbidden');
  expect((await introspect(forbidden.issuer, forbidden.good)).status).toBe(403);
});

test.each([429, 503] as const)('%s: with the Retry-After that was asked for, or none', async (status) => {
  for (const [retryAfter, header] of [
    [7, '7'],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT'],
    [undefined, null],
  ] as const) {
    const { issuer, good } = await faulted(status, retryAfter === undefined ? {} : { retryAfter });
    const response = await introspect(issuer, good);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(header);
  }
});

test('the faults of every endpoint are there as well', async () => {
  const down = await faulted('down');
  await expect(introspect(down.issuer, down.good)).rejects.toThrow();
  const broken = await faulted(500);
  expect((await introspect(broken.issuer, broken.good)).status).toBe(500);
  const html = await faulted('html');
  expect(await (await introspect(html.issuer, html.good)).text()).toContain('<!doctype html>');
  const huge = await faulted('huge');
  const text = await (await introspect(huge.issuer, huge.good)).text();
  expect(text.length).toBeGreaterThan(1024 * 1024);
  expect(JSON.parse(text)).toMatchObject(huge.right);
});

test('redirect: the decoy says active to who should not have come', async () => {
  const { issuer, good } = await faulted('redirect');
  expect(await stateOf(issuer, good)).toMatchObject({ active: true });
  expect(issuer.requests.count('decoy')).toBe(1);
});

test('a fault does not open the door: strangers are refused as ever', async () => {
  const { issuer, good } = await faulted('alwaysActive');
  expect((await post(issuer.introspectionEndpoint, { token: good })).status).toBe(401);
});

test('after clear the endpoint behaves again', async () => {
  const { issuer, good, right } = await faulted('activeMissing');
  issuer.faults.clear();
  expect(await stateOf(issuer, good)).toEqual(right);
});

test.each([
  ['empty', {}],
  ['nonsense', {}],
  [404, {}],
  ['429', { delaySeconds: 1 }],
  ['slow', { retryAfter: 1 }],
  ['429', { retryAfter: -1 }],
  ['429', { retryAfter: 1.5 }],
  ['503', { retryAfter: 'a\nb' }],
] as const)('the kind %j with %j is a TypeError', async (kind, options) => {
  const { faults } = await startIssuer();
  expect(() => faults.introspection(kind as 'down', options)).toThrow(TypeError);
});
