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

describe('D-16: keys, fetched when first asked for', () => {
  it('D-16: making a source fetches nothing', () => {
    expect(sourceUnderTest().fetches).toBe(0);
  });

  it('D-16: many that ask at once on a cold cache share one fetch', async () => {
    const keys = sourceUnderTest();
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    const waiting = times(100, () => keys.find('a'));
    expect(keys.fetches).toBe(1);
    slow.resolve(json(keySet('a')));
    expect(await Promise.all(waiting)).toEqual(times(100, () => 'a'));
    expect(keys.fetches).toBe(1);
  });

  it('D-16: a key at hand is found without waiting', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    expect(keys.source.find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
  });

  it('D-16: a set is used up to the millisecond before its time is over, and then a new one is waited for', async () => {
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

  it('D-16: many that ask at the end of its age share one fetch', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.clock.advance(600);
    await Promise.all(times(50, () => keys.find('a')));
    expect(keys.fetches).toBe(2);
  });

  it('[RS-OIDC-10.1.1-c] D-16: a refresh replaces the set: a key that left verifies nothing any more', async () => {
    const keys = sourceUnderTest();
    keys.publish('old', 'both');
    expect(await keys.find('old')).toBe('old');
    keys.publish('both', 'new');
    keys.clock.advance(600);
    expect(await keys.find('both')).toBe('both');
    expect(await keys.find('new')).toBe('new');
    expect(await keys.find('old')).toBe('key_unknown');
  });

  it('D-16: a valid empty set replaces too', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.publish();
    keys.clock.advance(600);
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('D-16: a kid reused for another key verifies with the new key only', async () => {
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

describe('ready', () => {
  it('fetches keys that are not at hand, once', async () => {
    const keys = sourceUnderTest();
    expect(await Promise.all([keys.source.ready(), keys.source.ready()])).toEqual([undefined, undefined]);
    await keys.source.ready();
    expect(keys.fetches).toBe(1);
  });

  it('D-08: is a refusal where they cannot be had', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    expect(await keys.source.ready()).toMatchObject({ code: 'keys_unavailable' });
  });
});

describe('D-19: patience', () => {
  it('D-19: who has waited long enough is told so, while the fetch goes on for the next', async () => {
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

  it('D-19: a fetch for an unknown kid is waited for no longer, and known keys are not touched', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    await keys.find('a');
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    expect(await keys.find('new')).toBe('keys_unavailable');
    expect(keys.source.find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
    slow.resolve(json(keySet('a', 'new')));
    expect(await keys.find('new')).toBe('new');
  });

  it('D-19: a fetch that fails when nobody waits any more is nobody’s unhandled rejection', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    expect(await keys.find('a')).toBe('keys_unavailable');
    slow.reject(new NetworkError('unreachable', 'late'));
    await slow.promise.catch(() => {});
    expect(await keys.find('a')).toBe('keys_unavailable');
    expect(keys.fetches).toBe(1);
  });

  it('ready waits no longer either', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    keys.answer(() => new Promise(() => {}));
    expect(await keys.source.ready()).toBeInstanceOf(Refusal);
  });
});
