import { describe, expect, it, vi } from 'vitest';
import { EndpointSource } from '../../src/introspection/endpoint-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { frozenClock } from '../support-network/frozen-clock.js';
import { settled } from '../support-network/introspector.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred, json, ScriptedFetcher } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

const issuer = 'https://issuer.example';
const oauth = `${issuer}/.well-known/oauth-authorization-server`;
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;

function metadata(endpoint: string): object {
  return { issuer, introspection_endpoint: endpoint };
}

function sourceUnderTest(given?: URL) {
  const fetcher = new ScriptedFetcher();
  const clock = frozenClock();
  const source = new EndpointSource({ issuer, member: 'introspection_endpoint', terms }, 600, fetcher, clock, given);
  fetcher.answer(oauth, metadata(`${issuer}/one`));
  return { fetcher, clock, source, find: async () => (await source.find()).href };
}

describe('location of the introspection endpoint', () => {
  it('the introspection endpoint is read from the metadata, once for concurrent requests', async () => {
    const { fetcher, find } = sourceUnderTest();
    const found = await Promise.all([find(), find(), find()]);
    expect([...found, await find()]).toEqual(Array.from({ length: 4 }, () => `${issuer}/one`));
    expect(fetcher.count(oauth)).toBe(1);
  });

  it('a configured introspection endpoint is used without a metadata request, however much time passes', async () => {
    const { fetcher, clock, find } = sourceUnderTest(new URL('https://given.example/'));
    expect(await find()).toBe('https://given.example/');
    clock.advance(100_000);
    expect(await find()).toBe('https://given.example/');
    expect(fetcher.requested).toEqual([]);
  });

  it('the metadata is fetched again in the background after its lifetime', async () => {
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    const next = deferred<Uint8Array>();
    fetcher.answer(oauth, () => next.promise);
    clock.advance(600);
    expect(await find()).toBe(`${issuer}/one`);
    expect(fetcher.count(oauth)).toBe(1);
    clock.advance(0.001);
    expect([await find(), await find()]).toEqual([`${issuer}/one`, `${issuer}/one`]);
    expect(fetcher.count(oauth)).toBe(2);
    next.resolve(json(metadata(`${issuer}/two`)));
    await settled();
    expect(await find()).toBe(`${issuer}/two`);
    clock.advance(600);
    await find();
    expect(fetcher.count(oauth)).toBe(2);
  });

  it('the cached endpoint stays in use while the metadata is unavailable', async () => {
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    fetcher.answer(oauth, new NetworkError('unreachable', 'ECONNREFUSED'));
    clock.advance(601);
    await find();
    await settled();
    expect(await find()).toBe(`${issuer}/one`);
  });

  it('a failed metadata refresh is retried after a back-off, not with every request (D-22)', async () => {
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    fetcher.answer(oauth, new NetworkError('unreachable', 'ECONNREFUSED'));
    clock.advance(601);
    for (let at = 0; at < 10; at++) {
      await find();
      await settled();
    }
    expect(fetcher.count(oauth)).toBe(2);
    fetcher.answer(oauth, metadata(`${issuer}/two`));
    clock.advance(1);
    await find();
    await settled();
    expect([await find(), fetcher.count(oauth)]).toEqual([`${issuer}/two`, 3]);
  });

  it('the back-off of the metadata refresh restarts after a success (D-22)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    const fetchesAfter = async (seconds: number, answer: unknown) => {
      fetcher.answer(oauth, answer);
      clock.advance(seconds);
      await find();
      await settled();
      return fetcher.count(oauth);
    };
    const down = new NetworkError('unreachable', 'ECONNREFUSED');
    expect(await fetchesAfter(601, down)).toBe(2);
    expect(await fetchesAfter(1.999, metadata(`${issuer}/one`))).toBe(2);
    expect(await fetchesAfter(0.001, metadata(`${issuer}/one`))).toBe(3);
    expect(await fetchesAfter(601, down)).toBe(4);
    expect(await fetchesAfter(2, down)).toBe(5);
  });

  it.each([
    ['the request times out', new NetworkError('timeout', 'no answer in time'), 'timeout'],
    ['it names another issuer', { issuer: 'https://other.example', introspection_endpoint: '/' }, 'wrong_issuer'],
    ['it contains no endpoint', { issuer }, 'bad_document'],
  ])('the endpoint is unknown where %s, and the metadata is fetched again', async (_, answer, code) => {
    const { fetcher, find } = sourceUnderTest();
    fetcher.answer(oauth, answer);
    expect((await failureOf(find())).code).toBe(code);
    fetcher.answer(oauth, metadata(`${issuer}/one`));
    expect(await find()).toBe(`${issuer}/one`);
  });
});
