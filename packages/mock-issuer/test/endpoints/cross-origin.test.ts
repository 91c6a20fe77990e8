import { describe, expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { startIssuer } from '../referee.js';

/*
 * What a page of another origin may do, as its browser finds it out: by a preflight before the request, and by headers in the answer.
 */

const origin = 'https://app.example';
const start = () => startIssuer({ registration: 'open', clients: [{ client_id: 'web', client_secret: 's' }] });

type Place = [name: string, url: (issuer: MockIssuer) => string];

const forms: Place[] = [
  ['token', (issuer) => issuer.tokenEndpoint],
  ['revocation', (issuer) => issuer.revocationEndpoint],
  ['par', (issuer) => issuer.pushedAuthorizationRequestEndpoint],
  ['registration', (issuer) => issuer.registrationEndpoint],
];
const documents: Place[] = [
  ['oauth-authorization-server', ({ issuer }) => `${issuer}/.well-known/oauth-authorization-server`],
  ['openid-configuration', ({ issuer }) => `${issuer}/.well-known/openid-configuration`],
  ['jwks', (issuer) => issuer.jwksUri],
  ['statusList', (issuer) => issuer.statusList.uri],
];
const closed: Place[] = [
  ['authorization', (issuer) => issuer.authorizationEndpoint],
  ['interaction', (issuer) => `${issuer.authorizationEndpoint}/interaction`],
  ['introspection', (issuer) => issuer.introspectionEndpoint],
];

async function preflight(url: string, method: string, headers: string): Promise<Response> {
  const asked = { origin, 'access-control-request-method': method, 'access-control-request-headers': headers };
  return fetch(url, { method: 'OPTIONS', headers: asked });
}

const listOf = (response: Response, header: string): string[] =>
  (response.headers.get(header) ?? '').toLowerCase().split(/\s*,\s*/);

describe('[IS-GEN-7] open to pages of every origin', () => {
  test.each(forms)('%s, whatever a client sends along', async (name, url) => {
    const issuer = await start();
    const response = await preflight(url(issuer), 'POST', 'authorization,content-type,dpop');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(listOf(response, 'access-control-allow-methods')).toContain('post');
    const allowed = listOf(response, 'access-control-allow-headers');
    for (const header of ['authorization', 'content-type', 'dpop']) expect(allowed).toContain(header);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(issuer.requests.count(name as 'token')).toBe(0);
  });

  test.each(forms)('%s, and its refusals can be read, challenge and nonce too', async (_name, url) => {
    const response = await fetch(url(await start()), { method: 'POST', headers: { origin }, body: 'x' });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = listOf(response, 'access-control-expose-headers');
    for (const header of ['www-authenticate', 'dpop-nonce']) expect(exposed).toContain(header);
  });

  test.each(documents)('%s, with any header', async (name, url) => {
    const issuer = await start();
    const response = await preflight(url(issuer), 'GET', 'mcp-protocol-version');
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(listOf(response, 'access-control-allow-headers')).toContain('*');
    expect(issuer.requests.count(name as 'jwks')).toBe(0);
    const document = await fetch(url(issuer), { headers: { origin } });
    expect([document.status, document.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });
});

describe('[IS-GEN-7] closed to pages of other origins', () => {
  test.each(closed)('%s, before a request and after it', async (_name, url) => {
    const issuer = await start();
    for (const method of ['GET', 'POST']) {
      const response = await preflight(url(issuer), method, 'authorization');
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([405, null]);
      const answer = await fetch(url(issuer), { method, headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('and so is a registration that is not there', async () => {
    const { registrationEndpoint } = await startIssuer();
    expect((await preflight(registrationEndpoint, 'POST', 'content-type')).status).toBe(404);
  });
});
