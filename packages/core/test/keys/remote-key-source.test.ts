import { afterEach, describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import { NetworkError } from '../../src/model/ports.js';
import { Refusal } from '../../src/model/refusal.js';
import { keySet, sourceUnderTest, times } from '../support-network/key-source.js';
import { named, tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('fetching and caching of a key set (D-16)', () => {
  it('creating a key source fetches nothing (D-16)', () => {
    expect(sourceUnderTest().fetches).toBe(0);
  });

  it('concurrent requests on a cold cache share one fetch of the key set (D-16)', async () => {
    const keys = sourceUnderTest();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const pending = times(100, () => keys.find('a'));
    expect(keys.fetches).toBe(1);
    slow.resolve(json(keySet('a')));
    expect(await Promise.all(pending)).toEqual(times(100, () => 'a'));
    expect(keys.fetches).toBe(1);
  });

  it('a cached key is returned synchronously (D-16)', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    expect(keys.source.find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
  });

  it('a key set is used up to the millisecond before it expires; then requests await a new one (D-16)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const keys = sourceUnderTest({ maxAgeSeconds: 600 });
    await keys.find('a');
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(599.999);
    expect(keys.source.find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
    keys.clock.advance(0.001);
    const found = keys.source.find(tokenNaming('a'));
    expect(found).toBeInstanceOf(Promise);
    slow.resolve(json(keySet('a')));
    expect([named(await found), keys.fetches]).toEqual(['a', 2]);
  });

  it('concurrent requests after the key set has expired share one fetch (D-16)', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.clock.advance(600);
    await Promise.all(times(50, () => keys.find('a')));
    expect(keys.fetches).toBe(2);
  });

  it('after a refresh a key that was removed from the set yields key_unknown (D-16) [RS-OIDC-10.1.1-c]', async () => {
    const keys = sourceUnderTest();
    keys.publish('old', 'both');
    expect(await keys.find('old')).toBe('old');
    keys.publish('both', 'new');
    keys.clock.advance(600);
    expect(await keys.find('both')).toBe('both');
    expect(await keys.find('new')).toBe('new');
    expect(await keys.find('old')).toBe('key_unknown');
  });

  it('a valid empty key set replaces the old one (D-16)', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.publish();
    keys.clock.advance(600);
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('a kid that is reused for another key verifies with the new key only (D-16)', async () => {
    const keys = sourceUnderTest();
    const [first] = keySet('first').keys;
    const [second] = keySet('second').keys;
    keys.answer({ keys: [{ ...first, kid: 'k' }] });
    const before = await keys.source.find(tokenNaming('k'));
    keys.answer({ keys: [{ ...second, kid: 'k' }] });
    keys.clock.advance(600);
    const after = await keys.source.find(tokenNaming('k'));
    if (!(before instanceof PublicKey) || !(after instanceof PublicKey)) throw new Error('not found');
    expect(after.material.key.equals(before.material.key)).toBe(false);
  });
});

describe('ready() of a key source', () => {
  it('ready() fetches keys that are not cached, once', async () => {
    const keys = sourceUnderTest();
    expect(await Promise.all([keys.source.ready(), keys.source.ready()])).toEqual([undefined, undefined]);
    await keys.source.ready();
    expect(keys.fetches).toBe(1);
  });

  it('ready() returns keys_unavailable where the keys cannot be fetched (D-08)', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    expect(await keys.source.ready()).toMatchObject({ code: 'keys_unavailable' });
  });
});

describe('timeout of requests for keys (D-19)', () => {
  it('a request that times out yields keys_unavailable; the fetch goes on for later requests (D-19)', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const refusal = await keys.refusalOf('a');
    expect(refusal).toMatchObject({ code: 'keys_unavailable', fields: { retryAfterSeconds: 1 } });
    const next = keys.find('a');
    slow.resolve(json(keySet('a')));
    expect(await next).toBe('a');
    expect(keys.fetches).toBe(1);
  });

  it('a request with an unknown kid times out, too, while cached keys stay available (D-19)', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    await keys.find('a');
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(keys.source.find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
    slow.resolve(json(keySet('a', 'new')));
    expect(await keys.find('new')).toBe('new');
  });

  it('a fetch that fails after its last request has timed out causes no unhandled rejection (D-19)', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    expect(await keys.find('a')).toBe('keys_unavailable');
    slow.reject(new NetworkError('unreachable', 'late'));
    await slow.promise.catch(() => {});
    expect(await keys.find('a')).toBe('keys_unavailable');
    expect(keys.fetches).toBe(1);
  });

  it('ready() of a key source times out with a refusal', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    keys.answer(() => new Promise(() => {}));
    expect(await keys.source.ready()).toBeInstanceOf(Refusal);
  });
});
