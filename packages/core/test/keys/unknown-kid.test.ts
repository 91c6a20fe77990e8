import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';

/** A source that has fetched the key `a` once. */
async function warm(): Promise<SourceUnderTest> {
  const keys = sourceUnderTest({ cooldownSeconds: 30 });
  await keys.find('a');
  return keys;
}

describe('D-17: an unknown kid', () => {
  it('[RS-OIDC-10.1.1-a] D-17: is fetched for once and waited for, so that a rotation is picked up', async () => {
    const keys = await warm();
    keys.publish('a', 'new');
    expect(await keys.find('new')).toBe('new');
    expect(keys.fetches).toBe(2);
  });

  it('D-17: that no fetched set has is key_unknown', async () => {
    const keys = await warm();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
  });

  it('D-17: many at once join one fetch, which is claimed before it starts', async () => {
    const keys = await warm();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const waiting = times(50, (at) => keys.find(`kid-${at}`));
    await nextTurn();
    expect(keys.fetches).toBe(2);
    slow.resolve(json(keySet('a', 'kid-7')));
    const found = await Promise.all(waiting);
    expect(found[7]).toBe('kid-7');
    expect(found.filter((one) => one === 'key_unknown')).toHaveLength(49);
    expect(keys.fetches).toBe(2);
  });

  it('[RS-OIDC-10.1.1-b] D-17: inside the cooldown is key_unknown without a fetch, after it there is one more', async () => {
    const keys = await warm();
    await keys.find('forged-1');
    keys.clock.advance(29.999);
    expect(await keys.find('forged-2')).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
    keys.clock.advance(0.001);
    expect(await Promise.all(times(20, (at) => keys.find(`again-${at}`)))).toEqual(times(20, () => 'key_unknown'));
    expect(keys.fetches).toBe(3);
  });

  it('D-17: on a cold cache 30 forged kids and then a good token cost two fetches in all', async () => {
    const keys = sourceUnderTest();
    const forged = await Promise.all(times(30, (at) => keys.find(`forged-${at}`)));
    expect(forged).toEqual(times(30, () => 'key_unknown'));
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
  });

  it('D-17: one after the other they cost no more', async () => {
    const keys = sourceUnderTest();
    for (const at of times(30, (index) => index)) expect(await keys.find(`forged-${at}`)).toBe('key_unknown');
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
  });

  it('D-17: never touches tokens whose key is in the set', async () => {
    const keys = await warm();
    keys.answer(() => new Promise(() => {}));
    void keys.find('forged');
    await nextTurn();
    expect(keys.fetches).toBe(2);
    expect(await keys.find('a')).toBe('a');
  });

  it('D-17: an absent kid that no key fits is fetched for under the same cooldown', async () => {
    const keys = await warm();
    keys.publish();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(await keys.find(undefined)).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
  });

  it('[RS-OIDC-10.1.1-c] a withdrawn key is dead as soon as a fetch for another kid has seen it go', async () => {
    const keys = await warm();
    keys.publish('new');
    expect(await keys.find('new')).toBe('new');
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('D-17: a fetch for an unknown kid makes the whole set fresh again', async () => {
    const keys = await warm();
    keys.clock.advance(400);
    await keys.find('forged');
    // Not yet due, whatever the jitter.
    keys.clock.advance(455);
    expect([await keys.find('a'), keys.fetches]).toEqual(['a', 2]);
  });
});

describe('D-17: when the fetch for an unknown kid fails', () => {
  async function failed(): Promise<SourceUnderTest> {
    const keys = await warm();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('new');
    return keys;
  }

  it('D-17: known keys serve on, and the unknown one is 503, not 401', async () => {
    const keys = await failed();
    expect(await keys.find('a')).toBe('a');
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(keys.fetches).toBe(2);
  });

  it('D-17, D-08: Retry-After is no sooner than a fetch can start', async () => {
    const keys = await failed();
    expect((await keys.refusalOf('new')).fields.retryAfterSeconds).toBe(30);
    keys.clock.advance(12.5);
    expect((await keys.refusalOf('new')).fields.retryAfterSeconds).toBe(18);
    keys.publish('a', 'new');
    keys.clock.advance(17);
    expect(await keys.find('new')).toBe('keys_unavailable');
    keys.clock.advance(1);
    expect(await keys.find('new')).toBe('new');
    expect(keys.fetches).toBe(3);
  });

  it('D-17: after a fetch that works, a kid that is in no set is 401 again', async () => {
    const keys = await failed();
    keys.publish('a');
    keys.clock.advance(30);
    expect(await keys.find('new')).toBe('key_unknown');
    expect(await keys.find('other')).toBe('key_unknown');
    expect(keys.fetches).toBe(3);
  });

  it('D-17: garbage instead of a set leaves the known keys in use', async () => {
    const keys = await warm();
    keys.answer({ keys: 'none' });
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(await keys.find('a')).toBe('a');
  });
});
