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

describe('where the introspection endpoint is', () => {
  it('is found in the metadata, once for all that ask', async () => {
    const { fetcher, find } = sourceUnderTest();
    const found = await Promise.all([find(), find(), find()]);
    expect([...found, await find()]).toEqual(Array.from({ length: 4 }, () => `${issuer}/one`));
    expect(fetcher.count(oauth)).toBe(1);
  });

  it('is what was given, and then nobody is asked, however long ago that was', async () => {
    const { fetcher, clock, find } = sourceUnderTest(new URL('https://given.example/'));
    expect(await find()).toBe('https://given.example/');
    clock.advance(100_000);
    expect(await find()).toBe('https://given.example/');
    expect(fetcher.asked).toEqual([]);
  });

  it('is looked at again after its time, and nobody waits for that', async () => {
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

  it('stays where it was while the metadata cannot be had, and nothing is left unhandled', async () => {
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    fetcher.answer(oauth, new NetworkError('unreachable', 'ECONNREFUSED'));
    clock.advance(601);
    await find();
    await settled();
    expect(await find()).toBe(`${issuer}/one`);
  });

  it('D-22: metadata that cannot be had is not asked for with every request, but after a back-off', async () => {
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

  it('D-22: the back-off begins anew after a success', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { fetcher, clock, find } = sourceUnderTest();
    await find();
    const lookAfter = async (seconds: number, answer: unknown) => {
      fetcher.answer(oauth, answer);
      clock.advance(seconds);
      await find();
      await settled();
      return fetcher.count(oauth);
    };
    const down = new NetworkError('unreachable', 'ECONNREFUSED');
    expect(await lookAfter(601, down)).toBe(2);
    expect(await lookAfter(1.999, metadata(`${issuer}/one`))).toBe(2);
    expect(await lookAfter(0.001, metadata(`${issuer}/one`))).toBe(3);
    expect(await lookAfter(601, down)).toBe(4);
    expect(await lookAfter(2, down)).toBe(5);
  });

  it.each([
    ['nobody answers', new NetworkError('timeout', 'no answer in time'), 'timeout'],
    ['it is that of another issuer', { issuer: 'https://other.example', introspection_endpoint: '/' }, 'wrong_issuer'],
    ['it names no endpoint', { issuer }, 'bad_document'],
  ])('is not known where %s, and is looked for again', async (_, answer, code) => {
    const { fetcher, find } = sourceUnderTest();
    fetcher.answer(oauth, answer);
    expect((await failureOf(find())).code).toBe(code);
    fetcher.answer(oauth, metadata(`${issuer}/one`));
    expect(await find()).toBe(`${issuer}/one`);
  });
});
