import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { importKeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { keySet, sourceUnderTest } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

describe('the status of keys', () => {
  it('that nobody has asked for yet is none, and asking for it fetches nothing', async () => {
    const keys = sourceUnderTest();
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 0 });
    await nextTurn();
    expect(keys.fetches).toBe(0);
  });

  it('at hand is fresh, with their age', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 0, fetches: 1 });
    keys.clock.advance(599.5);
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 599.5, fetches: 1 });
    await nextTurn();
    // A health endpoint that is asked at 80 % and more is no request that starts a refresh.
    expect(keys.fetches).toBe(1);
  });

  it('past their time is stale, and in an outage says why and for how long', async () => {
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

  it('too old to serve is none, without an age', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.clock.advance(4199.999);
    expect(keys.source.status()).toMatchObject({ keys: 'stale' });
    keys.clock.advance(0.001);
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 1 });
  });

  it('that could never be had is none, with the last error', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'none', fetches: 1, lastError: 'unreachable', nextAttemptSeconds: 1 });
  });

  it('fresh ones whose refresh fails are fresh, with the error', async () => {
    const keys = sourceUnderTest();
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(480);
    await keys.find('a');
    await nextTurn();
    expect(keys.source.status()).toMatchObject({ keys: 'fresh', fetches: 2, lastError: 'unreachable' });
  });

  it('after a recovery mentions no error any more', async () => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('unreachable', 'down'));
    await keys.find('a');
    keys.publish('a');
    keys.clock.advance(1);
    await keys.find('a');
    expect(keys.source.status()).toEqual({ keys: 'fresh', ageSeconds: 0, fetches: 2 });
  });

  it('counts fetches, not requests', async () => {
    const keys = sourceUnderTest();
    await Promise.all(['a', 'a', 'a'].map((kid) => keys.find(kid)));
    expect(keys.source.status().fetches).toBe(keys.fetches);
  });

  it('has a code even for a failure that is none of the network', async () => {
    const keys = sourceUnderTest();
    keys.answer(() => Promise.reject('a string'));
    await keys.find('a');
    expect(keys.source.status()).toMatchObject({ keys: 'none', lastError: 'bad_document' });
  });

  it('that were given is given', () => {
    const set = importKeySet({ keys: keySet('a').keys }, keyRules());
    if (set instanceof Malformed) throw new Error(set.reason);
    const source = new StaticKeySource(set);
    expect(source.status()).toEqual({ keys: 'given', fetches: 0 });
    expect(source.snapshot()).toBeUndefined();
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(sourceUnderTest().source.status())).toBe(true);
  });
});
