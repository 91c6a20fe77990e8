import { describe, expect, it } from 'vitest';
import type { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { FetchedDocument, NetworkError } from '../../src/model/ports.js';
import { openFetcher } from '../support-network/for-one-test.js';
import { failureOf } from '../support-network/network-failure.js';
import { response, type ScriptedFetch, scriptedFetch, watchedBody } from '../support-network/scripted-fetch.js';

const limit = 256 * 1024;
const url = new URL('https://keys.example/jwks');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;

function fetcherOf({ fetch }: ScriptedFetch): BoundedFetcher {
  return openFetcher(new FetchTransport(fetch));
}

function fetched(script: Parameters<typeof scriptedFetch>[0]): Promise<FetchedDocument> {
  return fetcherOf(scriptedFetch(script)).fetchDocument(url, terms);
}

function refused(script: Parameters<typeof scriptedFetch>[0]): Promise<NetworkError> {
  return failureOf(fetched(script));
}

describe('requests through a custom fetch (D-21)', () => {
  it('a custom fetch is called without credentials, redirects and compression', async () => {
    const scripted = scriptedFetch(() => response('{"a":1}'));
    const { octets } = await fetcherOf(scripted).fetchDocument(url, terms);
    expect(Buffer.from(octets).toString()).toBe('{"a":1}');
    expect(scripted.requested).toEqual([url.href]);
    expect(scripted.inits).toEqual([
      {
        redirect: 'manual',
        credentials: 'omit',
        headers: { accept: 'application/json, application/jwk-set+json', 'accept-encoding': 'identity' },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('a custom fetch may change its headers object; the next request gets a new one', async () => {
    const scripted = scriptedFetch((_, { headers }) => {
      const before = { ...headers };
      Object.assign(headers, { 'accept-encoding': 'gzip', authorization: 's3cret' });
      return response(JSON.stringify(before));
    });
    const fetcher = fetcherOf(scripted);
    const first = await fetcher.fetchDocument(url, terms);
    expect(await fetcher.fetchDocument(url, terms)).toEqual(first);
  });

  it('a custom fetch is called as a plain function, with `this` undefined', async () => {
    const seen: unknown[] = [];
    const own = async function (this: unknown) {
      seen.push(this);
      return response('{}');
    };
    await openFetcher(new FetchTransport(own)).fetchDocument(url, terms);
    expect(seen).toEqual([undefined]);
  });

  it.each<[string, string, Partial<FetchTerms>]>([
    ['an http URL', 'http://keys.example/jwks', {}],
    ['a URL of another scheme', 'data:application/json,{}', {}],
    ['a URL with credentials', 'https://user:pass@keys.example/', {}],
    ['a host that is not allowed', 'https://keys.example/', { hosts: new Set(['other.example']) }],
    ['an address that is not public', 'https://127.0.0.1/', { addresses: 'public' }],
    ['a metadata service', 'https://169.254.169.254/', { addresses: 'public' }],
  ])('a custom fetch is never called for %s [RS-8725-3.10-c]', async (_, address, more) => {
    const scripted = scriptedFetch(() => response('{}'));
    const fetcher = fetcherOf(scripted);
    expect((await failureOf(fetcher.fetchDocument(new URL(address), { ...terms, ...more }))).code).toBe(
      'not_permitted',
    );
    expect(scripted.requested).toEqual([]);
    await fetcher.fetchDocument(url, terms);
    expect(scripted.requested).toEqual([url.href]);
  });
});

describe('responses of a custom fetch (D-21)', () => {
  it.each([301, 302, 303, 307, 308])(
    'a redirect %i of a custom fetch is a failure, and its location is not requested',
    async (status) => {
      const scripted = scriptedFetch(() => response(null, { status, headers: { location: 'https://evil.example/' } }));
      expect((await failureOf(fetcherOf(scripted).fetchDocument(url, terms))).code).toBe('bad_status');
      expect(scripted.requested).toEqual([url.href]);
    },
  );

  it('a response that comes from a followed redirect is refused and not read', async () => {
    const body = watchedBody(() => Buffer.from('{}'));
    const failure = await refused(() => response(body.stream, {}, { redirected: true }));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['not_permitted', 0, true]);
    await expect(fetched(() => response('{}', {}, { redirected: false }))).resolves.toBeDefined();
  });

  it.each(['gzip', 'br', 'GZIP', 'identity, gzip'])(
    'a response with the content encoding %s is not read',
    async (encoding) => {
      const body = watchedBody(() => Buffer.from('{}'));
      const failure = await refused(() => response(body.stream, { headers: { 'content-encoding': encoding } }));
      expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 0, true]);
    },
  );

  it('a response with the content encoding identity is read', async () => {
    const headers = { 'content-encoding': 'Identity' };
    expect((await fetched(() => response('{}', { headers }))).octets).toHaveLength(2);
  });

  it.each([
    [429, '7', 7],
    [503, '120', 120],
    [500, '7', undefined],
    [503, 'soon', undefined],
  ])(
    'a response of status %i with Retry-After "%s" fails with retryAfterSeconds %s (D-08)',
    async (status, value, seconds) => {
      const body = watchedBody(() => Buffer.from('{}'));
      const failure = await refused(() => response(body.stream, { status, headers: { 'retry-after': value } }));
      expect([failure.code, failure.retryAfterSeconds]).toEqual(['bad_status', seconds]);
      expect([body.pulled, body.isCancelled]).toEqual([0, true]);
    },
  );

  it('the fetched document carries its max-age minus its age (D-16)', async () => {
    const headers = { 'cache-control': 'max-age=90', age: '30' };
    expect((await fetched(() => response('{}', { headers }))).freshSeconds).toBe(60);
    expect((await fetched(() => response('{}'))).freshSeconds).toBeUndefined();
  });

  it('a response without a body is an empty document', async () => {
    expect((await fetched(() => response(null))).octets).toHaveLength(0);
  });
});

describe('size limit for a custom fetch (D-21) [RS-OIDC-10.1.1-e]', () => {
  it('a body of exactly 256 KiB is accepted', async () => {
    expect((await fetched(() => response('x'.repeat(limit)))).octets).toHaveLength(limit);
  });

  it('a Content-Length above 256 KiB is refused before the body is read', async () => {
    const body = watchedBody(() => Buffer.alloc(1024));
    const headers = { 'content-length': String(limit + 1) };
    const failure = await refused(() => response(body.stream, { headers }));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 0, true]);
  });

  it('an endless body is cancelled as soon as it exceeds 256 KiB', async () => {
    const body = watchedBody(() => Buffer.alloc(64 * 1024));
    const failure = await refused(() => response(body.stream));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 5, true]);
  });

  it('a body longer than its Content-Length is still limited to 256 KiB', async () => {
    const body = watchedBody(() => Buffer.alloc(limit));
    const failure = await refused(() => response(body.stream, { headers: { 'content-length': '2' } }));
    expect([failure.code, body.pulled]).toEqual(['bad_document', 2]);
  });
});
