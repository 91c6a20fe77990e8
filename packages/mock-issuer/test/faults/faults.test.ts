import { expect, test } from 'vitest';
import type { DiscoveryFault, FaultOptions, JwksFault, MockIssuer } from '../../src/index.js';
import { startIssuer } from '../referee.js';

type Endpoint = 'jwks' | 'discovery';

const both: Endpoint[] = ['jwks', 'discovery'];
const urlOf = (issuer: MockIssuer, endpoint: Endpoint): string =>
  endpoint === 'jwks' ? issuer.jwksUri : `${issuer.issuer}/.well-known/openid-configuration`;

async function rightText(issuer: MockIssuer, endpoint: Endpoint): Promise<string> {
  return (await fetch(urlOf(issuer, endpoint))).text();
}

async function faulted(endpoint: Endpoint, kind: JwksFault & DiscoveryFault, options?: FaultOptions) {
  const issuer = await startIssuer();
  const right = await rightText(issuer, endpoint);
  issuer.faults[endpoint](kind, options);
  return { issuer, right, ask: (init?: RequestInit) => fetch(urlOf(issuer, endpoint), init) };
}

test.each(both)('down at %s: the socket closes without an answer', async (endpoint) => {
  const { ask } = await faulted(endpoint, 'down');
  await expect(ask()).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } });
});

test.each(both)('slow at %s: the right answer comes late', async (endpoint) => {
  const { ask, right } = await faulted(endpoint, 'slow', { delaySeconds: 0.2 });
  const start = performance.now();
  expect(await (await ask()).text()).toBe(right);
  expect(performance.now() - start).toBeGreaterThan(190);
});

test.each(both)('[IS-F-4] hang at %s: no header ever comes', async (endpoint) => {
  const { ask } = await faulted(endpoint, 'hang');
  await expect(ask({ signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ name: 'TimeoutError' });
});

test.each(both)('[IS-F-4] 500 at %s: a server error', async (endpoint) => {
  const { ask } = await faulted(endpoint, '500');
  expect((await ask()).status).toBe(500);
});

test.each(both)('truncated at %s: the length promises more than comes', async (endpoint) => {
  const { ask, right } = await faulted(endpoint, 'truncated');
  const response = await ask();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe(String(right.length));
  await expect(response.text()).rejects.toThrow('terminated');
});

test.each(both)('[IS-F-4] huge at %s: right but for more than a mebibyte, without a length', async (endpoint) => {
  const { ask, right } = await faulted(endpoint, 'huge');
  const response = await ask();
  expect(response.headers.get('content-length')).toBeNull();
  const text = await response.text();
  expect(text.length).toBeGreaterThan(1024 * 1024);
  expect(JSON.parse(text)).toMatchObject(JSON.parse(right));
});

test.each(both)(
  '[IS-F-4] redirect at %s: to a decoy that has what was looked for and counts the visit',
  async (endpoint) => {
    const { ask, issuer, right } = await faulted(endpoint, 'redirect');
    const response = await ask({ redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`${issuer.issuer}/decoy/${endpoint}`);
    expect(issuer.requests.count('decoy')).toBe(0);
    expect(await (await ask()).text()).toBe(right);
    expect(issuer.requests.count('decoy')).toBe(1);
  },
);

test.each(both)('redirect at %s: to where the test says', async (endpoint) => {
  const { ask } = await faulted(endpoint, 'redirect', { location: 'http://169.254.169.254/latest' });
  expect((await ask({ redirect: 'manual' })).headers.get('location')).toBe('http://169.254.169.254/latest');
});

test.each(both)('[IS-F-4] html at %s: a page with status 200', async (endpoint) => {
  const { ask } = await faulted(endpoint, 'html');
  const response = await ask();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(await response.text()).toContain('<!doctype html>');
});

test.each(both)('gzip at %s: the right answer, compressed though nobody asked', async (endpoint) => {
  const { ask, right } = await faulted(endpoint, 'gzip');
  const response = await ask({ headers: { 'accept-encoding': 'identity' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toBe(right);
});

test('[IS-F-4] wrongIssuer: every discovery document names another issuer', async () => {
  const { issuer, right } = await faulted('discovery', 'wrongIssuer' as 'down');
  for (const name of ['oauth-authorization-server', 'openid-configuration']) {
    const document = await (await fetch(`${issuer.issuer}/.well-known/${name}`)).json();
    expect(document).toEqual({ ...JSON.parse(right), issuer: 'https://other.example' });
  }
});

test('empty: a JWKS without keys, while the issuer still has them', async () => {
  const issuer = await startIssuer();
  issuer.faults.jwks('empty');
  expect(await (await fetch(issuer.jwksUri)).json()).toEqual({ keys: [] });
  expect(issuer.jwks.keys).toHaveLength(1);
});

test('a fault stays until it is replaced, and clear heals both endpoints', async () => {
  const issuer = await startIssuer();
  const statuses = async (): Promise<number[]> =>
    Promise.all(both.map(async (endpoint) => (await fetch(urlOf(issuer, endpoint), { redirect: 'manual' })).status));
  issuer.faults.jwks('500');
  issuer.faults.discovery('redirect');
  expect(await statuses()).toEqual([500, 302]);
  expect(await statuses()).toEqual([500, 302]);
  issuer.faults.jwks('redirect');
  expect(await statuses()).toEqual([302, 302]);
  issuer.faults.clear();
  expect(await statuses()).toEqual([200, 200]);
});

test('unknown kinds and options of another kind are a TypeError', async () => {
  const { faults } = await startIssuer();
  expect(() => faults.jwks('wrongIssuer' as 'down')).toThrow(TypeError);
  expect(() => faults.discovery('empty' as 'down')).toThrow(TypeError);
  expect(() => faults.jwks('down', { delaySeconds: 1 })).toThrow("'delaySeconds'");
  expect(() => faults.jwks('slow', { location: 'http://a.example' })).toThrow("'location'");
  expect(() => faults.jwks('slow', { delaySeconds: -1 })).toThrow("'delaySeconds'");
  expect(() => faults.jwks('redirect', { location: 'x' })).toThrow("'location'");
});
