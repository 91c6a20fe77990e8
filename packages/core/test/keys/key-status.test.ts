import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { importKeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { keySet, sourceUnderTest } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

describe('status of the keys', () => {
  it('before the first request the key status is none, and reading it starts no fetch', async () => {
    const keys = sourceUnderTest();
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 0 });
    await nextEventLoopTurn();
    expect(keys.fetches).toBe(0);
  });

  it('the status of cached keys is fresh and contains their age', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 0, fetches: 1 });
    keys.clock.advance(599.5);
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 599.5, fetches: 1 });
    await nextEventLoopTurn();
    // Reading the status at 80 % of the lifetime and later starts no background refresh.
    expect(keys.fetches).toBe(1);
  });

  it('the status of expired keys is stale and contains the last error and the next attempt', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.answer(new NetworkError('bad_status', 'answered 429', { retryAfterSeconds: 45 }));
    keys.clock.advance(600);
    await keys.find('a');
    const outage = { fetches: 2, lastError: 'bad_status' };
    expect(keys.source.status()).toEqual({ keys: 'stale', ageSeconds: 600, ...outage, nextAttemptSeconds: 45 });
    keys.clock.advance(30.5);
    expect(keys.source.status()).toMatchObject({ ageSeconds: 630.5, nextAttemptSeconds: 15 });
  });

  it('the status of keys past staleMaxSeconds is none, without an age', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.clock.advance(4199.999);
    expect(keys.source.status()).toMatchObject({ keys: 'stale' });
    keys.clock.advance(0.001);
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 1 });
  });

  it('the status of keys that were never fetched is none, with the last error', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 1, lastError: 'unreachable', nextAttemptSeconds: 1 });
  });

  it('the status of fresh keys whose refresh fails is fresh, with the last error', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(480);
    await keys.find('a');
    await nextEventLoopTurn();
    expect(keys.source.status()).toMatchObject({ keys: 'fresh', fetches: 2, lastError: 'unreachable' });
  });

  it('the key status after a recovery contains no error', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('a');
    keys.publish('a');
    keys.clock.advance(1);
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 0, fetches: 2 });
  });

  it('the key status counts fetches, not requests', async () => {
    const keys = sourceUnderTest();
    await Promise.all(['a', 'a', 'a'].map((kid) => keys.find(kid)));
    expect(keys.source.status().fetches).toBe(keys.fetches);
  });

  it('the key status has an error code even for a failure that is not a NetworkError', async () => {
    const keys = sourceUnderTest();
    keys.answer(() => Promise.reject('a string'));
    await keys.find('a');
    expect(keys.source.status()).toMatchObject({ keys: 'none', lastError: 'bad_document' });
  });

  it('the status of configured keys is given', () => {
    const set = importKeySet({ keys: keySet('a').keys }, keyRules());
    if (set instanceof Malformed) throw new Error(set.reason);
    const source = new StaticKeySource(set);
    expect(source.status()).toEqual({ keys: 'given', fetches: 0 });
    expect(source.snapshot()).toBeUndefined();
  });

  it('the key status is frozen', () => {
    expect(Object.isFrozen(sourceUnderTest().source.status())).toBe(true);
  });
});
