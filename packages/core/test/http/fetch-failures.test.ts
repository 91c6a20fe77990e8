import { describe, expect, it } from 'vitest';
import type { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import type { NetworkError } from '../../src/model/ports.js';
import { openFetcher } from '../support-network/for-one-test.js';
import { failureOf } from '../support-network/network-failure.js';
import { response, type ScriptedFetch, scriptedFetch, watchedBody } from '../support-network/scripted-fetch.js';

const url = new URL('https://keys.example/jwks');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const never = new Promise<never>(() => {});

function fetcherOf({ fetch }: ScriptedFetch, timeoutMilliseconds?: number): BoundedFetcher {
  return openFetcher(new FetchTransport(fetch), timeoutMilliseconds);
}

function refused(script: Parameters<typeof scriptedFetch>[0], timeoutMilliseconds?: number): Promise<NetworkError> {
  return failureOf(fetcherOf(scriptedFetch(script), timeoutMilliseconds).fetchDocument(url, terms));
}

describe('failures of a custom fetch', () => {
  const failing: readonly [string, () => unknown][] = [
    ['throws', () => thrower(new Error('s3cret'))],
    ['rejects', () => Promise.reject(new TypeError('s3cret'))],
    ['rejects with a code', () => Promise.reject(Object.assign(new Error('s3cret'), { code: 'ECONNRESET' }))],
    ['rejects with a string', () => Promise.reject('s3cret')],
    ['rejects with undefined', () => Promise.reject(undefined)],
    ['rejects with null', () => Promise.reject(null)],
    ['returns undefined', () => undefined],
    ['returns null', () => null],
    ['returns a string', () => 's3cret'],
    ['returns an empty object', () => ({})],
    ['returns a response without headers', () => ({ status: 200, redirected: false, body: null })],
    ['returns a body that is not a stream', () => response('{}', {}, { body: { s3cret: true } })],
    ['returns a body that is an array', () => response('{}', {}, { body: ['s3cret'] })],
    ['returns a body that breaks', () => response(new ReadableStream({ pull: (body) => body.error('s3cret') }))],
  ];

  it.each(failing)('a custom fetch that %s is a NetworkError that quotes nothing of it', async (_, script) => {
    const failure = await refused(script);
    expect(['unreachable', 'bad_status', 'bad_document']).toContain(failure.code);
    expect(failure.message).toMatch(/^https:\/\/keys\.example\/jwks: /);
    expect([failure.message, failure.stack].join()).not.toContain('s3cret');
  });

  it.each<[string, () => unknown]>([
    ['never settles and ignores its signal', () => never],
    [
      'returns a body that never ends',
      () => response(watchedBody((at) => (at === 0 ? Buffer.from('{') : never)).stream),
    ],
  ])('a custom fetch that %s times out, and the next request calls it again', async (_, script) => {
    let isStuck = true;
    const scripted = scriptedFetch(() => (isStuck ? script() : response('{}')));
    const fetcher = fetcherOf(scripted, 50);
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('timeout');
    expect(scripted.inits[0]?.signal.aborted).toBe(true);
    isStuck = false;
    expect((await fetcher.fetchDocument(url, terms)).octets).toHaveLength(2);
  });

  it.each<[string, () => unknown]>([
    ['never settles and ignores its signal', () => never],
    ['returns a body that never ends', () => response(watchedBody(() => never).stream)],
  ])('a custom fetch that %s is ended by close()', async (_, script) => {
    const scripted = scriptedFetch(script);
    const fetcher = fetcherOf(scripted);
    const failure = failureOf(fetcher.fetchDocument(url, terms));
    fetcher.close();
    expect((await failure).code).toBe('closed');
    expect(scripted.inits[0]?.signal.aborted).toBe(true);
  });

  it('a custom fetch is not called after close()', async () => {
    const scripted = scriptedFetch(() => response('{}'));
    const fetcher = fetcherOf(scripted);
    await fetcher.fetchDocument(url, terms);
    fetcher.close();
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('closed');
    expect(scripted.requested).toHaveLength(1);
  });
});

function thrower(failure: unknown): never {
  throw failure;
}

describe('cancellation of unread response bodies', () => {
  const eventLoopIterations = async () => {
    for (let count = 0; count < 5; count++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('a body that hangs is cancelled after the timeout', async () => {
    const body = watchedBody((at) => (at === 0 ? Buffer.from('{') : never));
    expect((await refused(() => response(body.stream), 50)).code).toBe('timeout');
    await eventLoopIterations();
    expect(body.isCancelled).toBe(true);
  });

  it('a body that arrives after the timeout is cancelled', async () => {
    const body = watchedBody(() => never);
    const late = new Promise((resolve) => setTimeout(() => resolve(response(body.stream)), 80));
    expect((await refused(() => late, 20)).code).toBe('timeout');
    await late;
    await eventLoopIterations();
    expect(body.isCancelled).toBe(true);
  });

  it('the body of an error response is cancelled', async () => {
    const body = watchedBody(() => never);
    expect((await refused(() => response(body.stream, { status: 500 }))).code).toBe('bad_status');
    await eventLoopIterations();
    expect(body.isCancelled).toBe(true);
  });

  it('control: a body that ends is read completely and not cancelled', async () => {
    const body = watchedBody((at) => (at === 0 ? Buffer.from('{}') : undefined));
    const { octets } = await fetcherOf(scriptedFetch(() => response(body.stream))).fetchDocument(url, terms);
    expect(Buffer.from(octets).toString()).toBe('{}');
    expect(body.isCancelled).toBe(false);
  });
});
