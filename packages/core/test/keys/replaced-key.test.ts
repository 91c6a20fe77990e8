import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import { NetworkError } from '../../src/model/ports.js';
import type { Refusal } from '../../src/model/refusal.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { makeJwk, named, tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

afterEach(() => {
  vi.useRealTimers();
});

const token = tokenNaming('a');
const otherKey = makeJwk('P-256', { kid: 'a' });
const down = new NetworkError('unreachable', 'down');

/**
 * A source with the key `a` cached, and that key, under which a signature is said to have failed.
 */
async function cachedSource(
  settings: Parameters<typeof sourceUnderTest>[0] = {},
): Promise<{ keys: SourceUnderTest; failed: PublicKey }> {
  const keys = sourceUnderTest(settings);
  const failed = await keys.source.find(token);
  if (!(failed instanceof PublicKey)) throw new Error('the key was not found');
  return { keys, failed };
}

describe('replacement of a key that keeps its kid (D-17)', () => {
  it('the first failed signature fetches the set again and finds the replacement (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    keys.answer({ keys: [otherKey] });
    const replacement = await keys.source.findReplacement(token, failed);
    expect(replacement).toBeInstanceOf(PublicKey);
    expect((replacement as PublicKey).isSameAs(failed)).toBe(false);
    expect(keys.fetches).toBe(2);
  });

  it('a replacement that is cached already is returned synchronously, without a fetch (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    keys.answer({ keys: [otherKey] });
    const replacement = await keys.source.findReplacement(token, failed);
    expect(keys.source.findReplacement(token, failed)).toBe(replacement);
    expect(keys.fetches).toBe(2);
  });

  it('there is no replacement while the set is unchanged, and one fetch per cooldown (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    expect(await keys.source.findReplacement(token, failed)).toBeUndefined();
    keys.answer({ keys: [otherKey] });
    for (const advance of [0, 29.999]) {
      keys.clock.advance(advance);
      expect(keys.source.findReplacement(token, failed)).toBeUndefined();
    }
    expect(keys.fetches).toBe(2);
    keys.clock.advance(0.001);
    expect(await keys.source.findReplacement(token, failed)).toBeInstanceOf(PublicKey);
    expect(keys.fetches).toBe(3);
  });

  it('an unknown kid and a failed signature share the cooldown (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(keys.source.findReplacement(token, failed)).toBeUndefined();
    keys.clock.advance(30);
    expect(await keys.source.findReplacement(token, failed)).toBeUndefined();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(keys.fetches).toBe(3);
  });

  it.each([
    ['withdrawn', keySet('b').keys],
    ['published twice', [otherKey, makeJwk('P-256', { kid: 'a' })]],
    ['published for another algorithm', [makeJwk('P-384', { kid: 'a' })]],
  ])('a key that is %s meanwhile has no replacement (D-17)', async (_what, published) => {
    const { keys, failed } = await cachedSource();
    keys.answer({ keys: published });
    expect(await keys.source.findReplacement(token, failed)).toBeUndefined();
    expect(keys.fetches).toBe(2);
  });

  it('when the fetch fails, waiting requests get keys_unavailable and later ones no replacement (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    keys.answer(down);
    const waiting = times(3, () => keys.source.findReplacement(token, failed));
    const found = await Promise.all(waiting);
    expect(found.map((one) => named(one))).toEqual(['keys_unavailable', 'keys_unavailable', 'keys_unavailable']);
    expect((found[0] as Refusal).fields.retryAfterSeconds).toBe(30);
    expect(keys.source.findReplacement(token, failed)).toBeUndefined();
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
  });

  it('when the set becomes unusable during the fetch that fails, the result is keys_unavailable (D-18)', async () => {
    const { keys, failed } = await cachedSource({ staleMaxSeconds: 0 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const waiting = keys.source.findReplacement(token, failed);
    keys.clock.advance(600);
    slow.reject(down);
    expect(named(await waiting)).toBe('keys_unavailable');
  });

  it('a request waits for the fetch no longer than timeoutSeconds (D-19)', async () => {
    const { keys, failed } = await cachedSource({ timeoutSeconds: 3 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const waiting = Promise.resolve(keys.source.findReplacement(token, failed));
    await vi.advanceTimersByTimeAsync(3000);
    const refused = (await waiting) as Refusal;
    expect([refused.code, refused.detail]).toEqual([
      'keys_unavailable',
      { expected: "the issuer's keys; no answer in time" },
    ]);
    expect(refused.fields.cause).toMatchObject({ code: 'timeout' });
    slow.resolve(json(keySet('a')));
  });

  it('a source without keys fetches them and returns a key other than the failed one (D-17)', async () => {
    const { failed } = await cachedSource();
    const empty = sourceUnderTest();
    empty.answer({ keys: [otherKey] });
    expect(await empty.source.findReplacement(token, failed)).toBeInstanceOf(PublicKey);
    expect(empty.fetches).toBe(1);
  });

  it('an error of the fetcher that is not a NetworkError is the cause of the refusal', async () => {
    const { keys, failed } = await cachedSource();
    const failure = new TypeError('broken');
    keys.answer(failure);
    const refused = (await keys.source.findReplacement(token, failed)) as Refusal;
    expect(refused.fields.cause).toMatchObject({ code: 'bad_document', message: 'TypeError', cause: failure });
  });

  it('at most 256 requests wait for one fetch, and as many for the next (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    for (let round = 0; round < 2; round++) {
      const slow = deferred<Uint8Array>();
      keys.answer(() => slow.promise);
      const asked = times(300, () => keys.source.findReplacement(token, failed));
      expect(asked.filter((one) => one instanceof Promise)).toHaveLength(256);
      expect(asked.slice(256).every((one) => one === undefined)).toBe(true);
      slow.resolve(json(keySet('a')));
      await Promise.all(asked);
      keys.clock.advance(30);
    }
    expect(keys.fetches).toBe(3);
  });

  it('a fetch that was due anyway is joined and leaves the cooldown untouched (D-17)', async () => {
    const { keys, failed } = await cachedSource();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(480);
    expect(await keys.find('a')).toBe('a');
    const waiting = keys.source.findReplacement(token, failed);
    await nextEventLoopTurn();
    slow.resolve(json({ keys: [otherKey] }));
    expect(await waiting).toBeInstanceOf(PublicKey);
    expect(keys.fetches).toBe(2);
    keys.publish('a', 'new');
    expect(await keys.find('new')).toBe('new');
    expect(keys.fetches).toBe(3);
  });
});

describe('wall clock that jumps forward during a back-off (D-18)', () => {
  const busy = new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 120 });

  /** A source whose refresh has just failed: the next attempt is due in 120 s. */
  async function failingSource(): Promise<SourceUnderTest> {
    const { keys } = await cachedSource();
    keys.answer(busy);
    keys.clock.advance(480);
    await keys.find('a');
    await nextEventLoopTurn();
    expect([keys.fetches, keys.source.status().lastError]).toEqual([2, 'bad_status']);
    return keys;
  }

  it('a set that is too old by the wall clock alone is fetched before the back-off ends (D-18)', async () => {
    const keys = await failingSource();
    keys.publish('a');
    keys.clock.shiftWall(7200);
    expect(await keys.find('a')).toBe('a');
    expect([keys.fetches, keys.source.status().keys]).toEqual([3, 'fresh']);
  });

  it('such a fetch is made once per cooldown while it fails (D-18)', async () => {
    const keys = await failingSource();
    keys.clock.shiftWall(7200);
    for (const advance of [0, 0, 29.999]) {
      keys.clock.advance(advance);
      expect(await keys.find('a')).toBe('keys_unavailable');
    }
    expect(keys.fetches).toBe(3);
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
    expect(keys.fetches).toBe(4);
  });

  it('a set that is usable by both clocks, or too old by both, waits for the end of the back-off (D-18)', async () => {
    const keys = await failingSource();
    keys.clock.shiftWall(60);
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
    const old = sourceUnderTest({ staleMaxSeconds: 0 });
    await old.find('a');
    old.answer(busy);
    old.clock.advance(599);
    await old.find('a');
    await nextEventLoopTurn();
    old.clock.advance(2);
    expect(await old.find('a')).toBe('keys_unavailable');
    expect(old.fetches).toBe(2);
  });
});
