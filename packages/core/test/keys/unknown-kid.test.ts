import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { Refusal } from '../../src/model/refusal.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';

/** A source that has fetched the key `a` once. */
async function warm(): Promise<SourceUnderTest> {
  const keys = sourceUnderTest({ cooldownSeconds: 30 });
  await keys.find('a');
  return keys;
}

describe('unknown kid (D-17)', () => {
  it('a token with an unknown kid waits for one fetch and is verified with the rotated key (D-17) [RS-OIDC-10.1.1-a]', async () => {
    const keys = await warm();
    keys.publish('a', 'new');
    expect(await keys.find('new')).toBe('new');
    expect(keys.fetches).toBe(2);
  });

  it('a kid that is missing in the new key set too is refused with key_unknown (D-17)', async () => {
    const keys = await warm();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
  });

  it('within the cooldown an unknown kid is refused synchronously (D-17)', async () => {
    const keys = await warm();
    await keys.find('forged');
    expect(keys.source.find(tokenNaming('other'))).toBeInstanceOf(Refusal);
  });

  it('an expired set is fetched during the cooldown, and not a second time for an unknown kid (D-17)', async () => {
    const keys = sourceUnderTest({ maxAgeSeconds: 60, staleMaxSeconds: 0, cooldownSeconds: 300 });
    await keys.find('a');
    expect(await keys.find('forged')).toBe('key_unknown');
    keys.clock.advance(60);
    expect(await keys.find('other')).toBe('key_unknown');
    expect(keys.fetches).toBe(3);
  });

  it('concurrent requests with unknown kids join one fetch (D-17)', async () => {
    const keys = await warm();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const pending = times(50, (at) => keys.find(`kid-${at}`));
    await nextEventLoopTurn();
    expect(keys.fetches).toBe(2);
    slow.resolve(json(keySet('a', 'kid-7')));
    const found = await Promise.all(pending);
    expect(found[7]).toBe('kid-7');
    expect(found.filter((one) => one === 'key_unknown')).toHaveLength(49);
    expect(keys.fetches).toBe(2);
  });

  it('during the cooldown an unknown kid is refused with key_unknown, without a fetch (D-17) [RS-OIDC-10.1.1-b]', async () => {
    const keys = await warm();
    await keys.find('forged-1');
    keys.clock.advance(29.999);
    expect(await keys.find('forged-2')).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
    keys.clock.advance(0.001);
    expect(await Promise.all(times(20, (at) => keys.find(`again-${at}`)))).toEqual(times(20, () => 'key_unknown'));
    expect(keys.fetches).toBe(3);
  });

  it('on a cold cache 30 concurrent forged kids and then a valid token cause two fetches (D-17)', async () => {
    const keys = sourceUnderTest();
    const forged = await Promise.all(times(30, (at) => keys.find(`forged-${at}`)));
    expect(forged).toEqual(times(30, () => 'key_unknown'));
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
  });

  it('on a cold cache 30 sequential forged kids and then a valid token cause two fetches (D-17)', async () => {
    const keys = sourceUnderTest();
    for (const at of times(30, (index) => index)) expect(await keys.find(`forged-${at}`)).toBe('key_unknown');
    expect(await keys.find('a')).toBe('a');
    expect(keys.fetches).toBe(2);
  });

  it('tokens whose key is cached are verified while a fetch for an unknown kid hangs (D-17)', async () => {
    const keys = await warm();
    keys.answer(() => new Promise(() => {}));
    void keys.find('forged');
    await nextEventLoopTurn();
    expect(keys.fetches).toBe(2);
    expect(await keys.find('a')).toBe('a');
  });

  it('a token without a kid, which fits no key, causes no fetch during the cooldown of unknown kids (D-17)', async () => {
    const keys = await warm();
    keys.publish();
    expect(await keys.find('forged')).toBe('key_unknown');
    expect(await keys.find(undefined)).toBe('key_unknown');
    expect(keys.fetches).toBe(2);
  });

  it('a withdrawn key is refused after a fetch for another kid has replaced the set [RS-OIDC-10.1.1-c]', async () => {
    const keys = await warm();
    keys.publish('new');
    expect(await keys.find('new')).toBe('new');
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('after a fetch for an unknown kid the key set is fresh for its whole lifetime (D-17)', async () => {
    const keys = await warm();
    keys.clock.advance(400);
    await keys.find('forged');
    // Not yet due for a refresh, whatever the jitter.
    keys.clock.advance(455);
    expect([await keys.find('a'), keys.fetches]).toEqual(['a', 2]);
  });
});

describe('failed fetch for an unknown kid (D-17)', () => {
  async function failed(): Promise<SourceUnderTest> {
    const keys = await warm();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('new');
    return keys;
  }

  it('after a failed fetch cached keys stay in use, and an unknown kid causes a 503 response (D-17)', async () => {
    const keys = await failed();
    expect(await keys.find('a')).toBe('a');
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(keys.fetches).toBe(2);
  });

  it('Retry-After for an unknown kid ends at or after the time of the next possible fetch (D-17, D-08)', async () => {
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

  it('after a successful fetch a kid that is in no key set causes a 401 response again (D-17)', async () => {
    const keys = await failed();
    keys.publish('a');
    keys.clock.advance(30);
    expect(await keys.find('new')).toBe('key_unknown');
    expect(await keys.find('other')).toBe('key_unknown');
    expect(keys.fetches).toBe(3);
  });

  it('a response that is not a key set leaves the cached keys in use (D-17)', async () => {
    const keys = await warm();
    keys.answer({ keys: 'none' });
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(await keys.find('a')).toBe('a');
  });
});
