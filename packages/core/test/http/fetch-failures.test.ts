import { describe, expect, it } from 'vitest';
import type { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import type { NetworkError } from '../../src/model/ports.js';
import { openDoor } from '../support-network/for-one-test.js';
import { failureOf } from '../support-network/network-failure.js';
import { response, type ScriptedFetch, scriptedFetch, watchedBody } from '../support-network/scripted-fetch.js';

const url = new URL('https://keys.example/jwks');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const never = new Promise<never>(() => {});

function doorOf({ fetch }: ScriptedFetch, timeoutMilliseconds?: number): BoundedFetcher {
  return openDoor(new FetchTransport(fetch), timeoutMilliseconds);
}

function refused(script: Parameters<typeof scriptedFetch>[0], timeoutMilliseconds?: number): Promise<NetworkError> {
  return failureOf(doorOf(scriptedFetch(script), timeoutMilliseconds).fetchDocument(url, terms));
}

describe('an own fetch that fails', () => {
  const failing: readonly [string, () => unknown][] = [
    ['throws at once', () => thrower(new Error('s3cret'))],
    ['rejects', () => Promise.reject(new TypeError('s3cret'))],
    ['rejects with a code', () => Promise.reject(Object.assign(new Error('s3cret'), { code: 'ECONNRESET' }))],
    ['rejects with a string', () => Promise.reject('s3cret')],
    ['rejects with undefined', () => Promise.reject(undefined)],
    ['rejects with null', () => Promise.reject(null)],
    ['gives undefined', () => undefined],
    ['gives null', () => null],
    ['gives text', () => 's3cret'],
    ['gives an empty object', () => ({})],
    ['gives a response without headers', () => ({ status: 200, redirected: false, body: null })],
    ['gives a body that is none', () => response('{}', {}, { body: { s3cret: true } })],
    ['gives a body of text', () => response('{}', {}, { body: ['s3cret'] })],
    ['gives a body that breaks', () => response(new ReadableStream({ pull: (body) => body.error('s3cret') }))],
  ];

  it.each(failing)('%s: a NetworkError that quotes nothing of it', async (_, script) => {
    const failure = await refused(script);
    expect(['unreachable', 'bad_status', 'bad_document']).toContain(failure.code);
    expect(failure.message).toMatch(/^https:\/\/keys\.example\/jwks: /);
    expect([failure.message, failure.stack].join()).not.toContain('s3cret');
  });

  it.each<[string, () => unknown]>([
    ['never answers and does not listen to its signal', () => never],
    ['gives a body that never ends', () => response(watchedBody((at) => (at === 0 ? Buffer.from('{') : never)).stream)],
  ])('%s: late, and the next one is asked anew', async (_, script) => {
    let isStuck = true;
    const scripted = scriptedFetch(() => (isStuck ? script() : response('{}')));
    const fetcher = doorOf(scripted, 50);
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('timeout');
    expect(scripted.inits[0]?.signal.aborted).toBe(true);
    isStuck = false;
    expect((await fetcher.fetchDocument(url, terms)).octets).toHaveLength(2);
  });

  it.each<[string, () => unknown]>([
    ['never answers and does not listen to its signal', () => never],
    ['gives a body that never ends', () => response(watchedBody(() => never).stream)],
  ])('%s: close() ends it', async (_, script) => {
    const scripted = scriptedFetch(script);
    const fetcher = doorOf(scripted);
    const asking = failureOf(fetcher.fetchDocument(url, terms));
    fetcher.close();
    expect((await asking).code).toBe('closed');
    expect(scripted.inits[0]?.signal.aborted).toBe(true);
  });

  it('after close() is not asked', async () => {
    const scripted = scriptedFetch(() => response('{}'));
    const fetcher = doorOf(scripted);
    await fetcher.fetchDocument(url, terms);
    fetcher.close();
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('closed');
    expect(scripted.asked).toHaveLength(1);
  });
});

function thrower(failure: unknown): never {
  throw failure;
}

describe('a body that nobody reads any more is given up, although its fetch listens to no signal', () => {
  const turns = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('one that hangs, when the time is up', async () => {
    const body = watchedBody((at) => (at === 0 ? Buffer.from('{') : never));
    expect((await refused(() => response(body.stream), 50)).code).toBe('timeout');
    await turns();
    expect(body.isCancelled).toBe(true);
  });

  it('one that comes when the time is up', async () => {
    const body = watchedBody(() => never);
    const late = new Promise((resolve) => setTimeout(() => resolve(response(body.stream)), 80));
    expect((await refused(() => late, 20)).code).toBe('timeout');
    await late;
    await turns();
    expect(body.isCancelled).toBe(true);
  });

  it('one that was never wanted', async () => {
    const body = watchedBody(() => never);
    expect((await refused(() => response(body.stream, { status: 500 }))).code).toBe('bad_status');
    await turns();
    expect(body.isCancelled).toBe(true);
  });

  it('the control: one that ends is read to its end', async () => {
    const body = watchedBody((at) => (at === 0 ? Buffer.from('{}') : undefined));
    const { octets } = await doorOf(scriptedFetch(() => response(body.stream))).fetchDocument(url, terms);
    expect(Buffer.from(octets).toString()).toBe('{}');
    expect(body.isCancelled).toBe(false);
  });
});
