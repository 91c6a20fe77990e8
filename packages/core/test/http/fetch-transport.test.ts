import { describe, expect, it } from 'vitest';
import type { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { FetchedDocument, NetworkError } from '../../src/model/ports.js';
import { openDoor } from '../support-network/for-one-test.js';
import { failureOf } from '../support-network/network-failure.js';
import { response, type ScriptedFetch, scriptedFetch, watchedBody } from '../support-network/scripted-fetch.js';

const limit = 256 * 1024;
const url = new URL('https://keys.example/jwks');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;

function doorOf({ fetch }: ScriptedFetch): BoundedFetcher {
  return openDoor(new FetchTransport(fetch));
}

function fetched(script: Parameters<typeof scriptedFetch>[0]): Promise<FetchedDocument> {
  return doorOf(scriptedFetch(script)).fetchDocument(url, terms);
}

function refused(script: Parameters<typeof scriptedFetch>[0]): Promise<NetworkError> {
  return failureOf(fetched(script));
}

describe('D-21: an own fetch', () => {
  it('is asked for the document alone: no credentials, no redirects, nothing compressed', async () => {
    const scripted = scriptedFetch(() => response('{"a":1}'));
    const { octets } = await doorOf(scripted).fetchDocument(url, terms);
    expect(Buffer.from(octets).toString()).toBe('{"a":1}');
    expect(scripted.asked).toEqual([url.href]);
    expect(scripted.inits).toEqual([
      {
        redirect: 'manual',
        credentials: 'omit',
        headers: { accept: 'application/json, application/jwk-set+json', 'accept-encoding': 'identity' },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('may do with its headers what it likes: the next one gets its own', async () => {
    const scripted = scriptedFetch((_, { headers }) => {
      const before = { ...headers };
      Object.assign(headers, { 'accept-encoding': 'gzip', authorization: 's3cret' });
      return response(JSON.stringify(before));
    });
    const fetcher = doorOf(scripted);
    const first = await fetcher.fetchDocument(url, terms);
    expect(await fetcher.fetchDocument(url, terms)).toEqual(first);
  });

  it('is called as a function: `this` is nothing of ours', async () => {
    const seen: unknown[] = [];
    const own = async function (this: unknown) {
      seen.push(this);
      return response('{}');
    };
    await openDoor(new FetchTransport(own)).fetchDocument(url, terms);
    expect(seen).toEqual([undefined]);
  });

  it.each<[string, string, Partial<FetchTerms>]>([
    ['http', 'http://keys.example/jwks', {}],
    ['another scheme', 'data:application/json,{}', {}],
    ['credentials', 'https://user:pass@keys.example/', {}],
    ['a host that is not allowed', 'https://keys.example/', { hosts: new Set(['other.example']) }],
    ['an address that is not public', 'https://127.0.0.1/', { addresses: 'public' }],
    ['a metadata service', 'https://169.254.169.254/', { addresses: 'public' }],
  ])('[RS-8725-3.10-c] is never asked for %s', async (_, address, more) => {
    const scripted = scriptedFetch(() => response('{}'));
    const fetcher = doorOf(scripted);
    expect((await failureOf(fetcher.fetchDocument(new URL(address), { ...terms, ...more }))).code).toBe(
      'not_permitted',
    );
    expect(scripted.asked).toEqual([]);
    await fetcher.fetchDocument(url, terms);
    expect(scripted.asked).toEqual([url.href]);
  });
});

describe('D-21: an answer of an own fetch', () => {
  it.each([301, 302, 303, 307, 308])('that redirects by %i is a failure, and nobody else is asked', async (status) => {
    const scripted = scriptedFetch(() => response(null, { status, headers: { location: 'https://evil.example/' } }));
    expect((await failureOf(doorOf(scripted).fetchDocument(url, terms))).code).toBe('bad_status');
    expect(scripted.asked).toEqual([url.href]);
  });

  it('that comes from where a redirect led is not used, and not read', async () => {
    const body = watchedBody(() => Buffer.from('{}'));
    const failure = await refused(() => response(body.stream, {}, { redirected: true }));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['not_permitted', 0, true]);
    await expect(fetched(() => response('{}', {}, { redirected: false }))).resolves.toBeDefined();
  });

  it.each(['gzip', 'br', 'GZIP', 'identity, gzip'])('with the content encoding %s is not read', async (encoding) => {
    const body = watchedBody(() => Buffer.from('{}'));
    const failure = await refused(() => response(body.stream, { headers: { 'content-encoding': encoding } }));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 0, true]);
  });

  it('with the content encoding identity is read', async () => {
    const headers = { 'content-encoding': 'Identity' };
    expect((await fetched(() => response('{}', { headers }))).octets).toHaveLength(2);
  });

  it.each([
    [429, '7', 7],
    [503, '120', 120],
    [500, '7', undefined],
    [503, 'soon', undefined],
  ])('D-08: of status %i that says %s is a failure with Retry-After %s', async (status, value, seconds) => {
    const body = watchedBody(() => Buffer.from('{}'));
    const failure = await refused(() => response(body.stream, { status, headers: { 'retry-after': value } }));
    expect([failure.code, failure.retryAfterSeconds]).toEqual(['bad_status', seconds]);
    expect([body.pulled, body.isCancelled]).toEqual([0, true]);
  });

  it('D-16: says how long it is fresh', async () => {
    const headers = { 'cache-control': 'max-age=90', age: '30' };
    expect((await fetched(() => response('{}', { headers }))).freshSeconds).toBe(60);
    expect((await fetched(() => response('{}'))).freshSeconds).toBeUndefined();
  });

  it('without a body is an empty document', async () => {
    expect((await fetched(() => response(null))).octets).toHaveLength(0);
  });
});

describe('[RS-OIDC-10.1.1-e] D-21: at most 256 KiB of an own fetch', () => {
  it('exactly as many are let in', async () => {
    expect((await fetched(() => response('x'.repeat(limit)))).octets).toHaveLength(limit);
  });

  it('a longer length is refused before anything of the body was read', async () => {
    const body = watchedBody(() => Buffer.alloc(1024));
    const headers = { 'content-length': String(limit + 1) };
    const failure = await refused(() => response(body.stream, { headers }));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 0, true]);
  });

  it('a body without end is given up as soon as it is too long', async () => {
    const body = watchedBody(() => Buffer.alloc(64 * 1024));
    const failure = await refused(() => response(body.stream));
    expect([failure.code, body.pulled, body.isCancelled]).toEqual(['bad_document', 5, true]);
  });

  it('a length that lies is not believed', async () => {
    const body = watchedBody(() => Buffer.alloc(limit));
    const failure = await refused(() => response(body.stream, { headers: { 'content-length': '2' } }));
    expect([failure.code, body.pulled]).toEqual(['bad_document', 2]);
  });
});
