import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, denialOf, headerOf, verdict } from '../support-network/ask.js';
import { create, refusedOption } from '../support-network/options.js';
import { type ScriptedFetch, scriptedFetch, watchedBody } from '../support-network/scripted-fetch.js';

const iss = 'https://login.example';
const jwksUri = `${iss}/jwks`;
const never = new Promise<never>(() => {});
/** Longer than any back-off after one failure. */
const backOff = 31;

let issuer: MockIssuer;
const servers: ResourceServer[] = [];

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await issuer.close();
});

function serve({ fetch }: ScriptedFetch, keys: KeyOptions = {}): ResourceServer {
  const server = createResourceServer({ issuer: iss, audience, clock: issuer.clock, fetch, keys });
  servers.push(server);
  return server;
}

/**
 * The documents of the issuer. A result of `script` other than `undefined` replaces the key set.
 */
function network(script: () => unknown = () => undefined, location = jwksUri): ScriptedFetch {
  return scriptedFetch((url) => {
    if (url !== jwksUri) return Response.json({ issuer: iss, jwks_uri: location });
    return script() ?? Response.json(issuer.jwks);
  });
}

const token = () => issuer.token({ claims: { iss }, expiresInSeconds: 7200 });

describe('the option fetch (D-21)', () => {
  it('a custom fetch gets all requests, and tokens are granted with the keys it returns', async () => {
    const serving = network();
    const server = serve(serving);
    expect(serving.requested).toEqual([]);
    expect(verdict(await server.check(bearer(await token())))).toBe('granted');
    expect(serving.requested.sort()).toEqual([
      `${iss}/.well-known/oauth-authorization-server`,
      `${iss}/.well-known/openid-configuration`,
      jwksUri,
    ]);
    expect(issuer.requests.count('jwks')).toBe(0);
  });

  it.each([null, true, 'fetch', {}, 1])('the option fetch refuses %j', (fetch) => {
    expect(refusedOption(() => create({ fetch }))).toBe('fetch');
    expect(refusedOption(() => create({ fetch: globalThis.fetch }))).toBeUndefined();
  });

  it.each([
    'http://login.example/jwks',
    'http://127.0.0.1/jwks',
    'ftp://login.example/jwks',
    'https://u:p@login.example/',
  ])('a custom fetch is not called for a jwks_uri %s', async (location) => {
    const serving = network(undefined, location);
    const server = serve(serving);
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    expect(server.status().issuers).toMatchObject([{ lastError: 'not_permitted' }]);
    expect(serving.requested).toHaveLength(2);
  });

  it('a custom fetch is not called for hosts that are not allowed', async () => {
    const elsewhere = 'https://keys.example/jwks';
    const serving = scriptedFetch((url) =>
      Response.json(url === elsewhere ? issuer.jwks : { issuer: iss, jwks_uri: elsewhere }),
    );
    expect(verdict(await serve(serving, { allowedHosts: ['a.example'] }).check(bearer(await token())))).toBe(
      'keys_unavailable',
    );
    expect(serving.requested).not.toContain(elsewhere);
    const allowed = serve(serving, { allowedHosts: ['keys.example'] });
    expect(verdict(await allowed.check(bearer(await token())))).toBe('granted');
  });
});

describe('outages of a custom fetch (D-08)', () => {
  const failures: readonly [string, () => unknown, string][] = [
    ['throws', () => thrower(new Error('s3cret')), 'unreachable'],
    ['rejects with no Error', () => Promise.reject('s3cret'), 'unreachable'],
    ['returns null', () => null, 'unreachable'],
    ['returns an empty object', () => ({}), 'unreachable'],
    ['answers 500', () => new Response('s3cret', { status: 500 }), 'bad_status'],
    [
      'redirects',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      'bad_status',
    ],
    ['answers with a body that is not JSON', () => new Response('s3cret'), 'bad_document'],
    ['answers without end', () => new Response(watchedBody(() => Buffer.alloc(65_536)).stream), 'bad_document'],
    ['never answers and ignores its signal', () => never, 'timeout'],
    ['has a body that never arrives', () => new Response(watchedBody(() => never).stream), 'timeout'],
  ];

  it.each(failures)(
    'a custom fetch that %s causes a 503 response within the timeout, and the next attempt works (D-08)',
    async (_, script, code) => {
      let isBroken = true;
      const server = serve(
        network(() => (isBroken ? orNull(script()) : undefined)),
        { timeoutSeconds: 0.1 },
      );
      const good = await token();
      const denial = denialOf(await server.check(bearer(good)));
      expect([denial.status, denial.error.code]).toEqual([503, 'keys_unavailable']);
      expect(Number(headerOf(denial, 'Retry-After'))).toBeGreaterThanOrEqual(1);
      // The fetch of the document has the same timeout as the request that waits for it, and ends
      // just after it.
      await expect.poll(() => server.status().issuers).toMatchObject([{ fetches: 1, lastError: code }]);
      expect(JSON.stringify([denial.body, denial.error.detail])).not.toContain('s3cret');
      isBroken = false;
      issuer.clock.advance(backOff);
      expect(verdict(await server.check(bearer(good)))).toBe('granted');
      expect(server.status().issuers).toMatchObject([{ keys: 'fresh', fetches: 2 }]);
    },
  );

  it('Retry-After of a custom fetch response is used for the 503 answer', async () => {
    const server = serve(network(() => new Response('', { status: 503, headers: { 'retry-after': '77' } })));
    expect(headerOf(denialOf(await server.check(bearer(await token()))), 'Retry-After')).toBe('77');
  });

  it('close() ends a custom fetch that ignores its signal, and the waiting request is answered with 503', async () => {
    const serving = network(() => never);
    const server = serve(serving, { timeoutSeconds: 30 });
    const waiting = server.check(bearer(await token()));
    while (!serving.requested.includes(jwksUri)) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    expect(verdict(await waiting)).toBe('keys_unavailable');
    expect(serving.inits.every(({ signal }) => signal instanceof AbortSignal)).toBe(true);
    const requestCount = serving.requested.length;
    issuer.clock.advance(backOff);
    expect(verdict(await server.check(bearer(await token())))).toBe('keys_unavailable');
    expect(serving.requested).toHaveLength(requestCount);
  });
});

function thrower(failure: unknown): never {
  throw failure;
}

/** `network` treats null as no result, so null is passed on as a promise. */
function orNull(answer: unknown): unknown {
  return answer === null ? Promise.resolve(null) : answer;
}
