import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/jws/json.js';
import { importKeySet, KeySet } from '../../src/keys/key-set.js';
import { publicPart } from '../../src/keys/public-part.js';
import type { Seed } from '../../src/keys/remote-key-source.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { keySet, sourceUnderTest } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

function seedOf(kid: string, ageSeconds: number): Seed {
  const jwks = keySet(kid) as unknown as JsonObject;
  const keys = importKeySet(jwks, keyRules());
  if (!(keys instanceof KeySet)) throw new Error(keys.reason);
  return { keys, jwks, freshSeconds: 600, ageMilliseconds: ageSeconds * 1000 };
}

describe('key snapshot', () => {
  it('a key snapshot is undefined before the first fetch and for configured keys', () => {
    expect(sourceUnderTest().source.snapshot()).toBeUndefined();
    expect(new StaticKeySource(new KeySet([])).snapshot()).toBeUndefined();
    expect(new StaticKeySource(new KeySet([])).status()).toEqual({ keys: 'given', fetches: 0 });
  });

  it('a key snapshot contains the issuer, the time of the fetch, the lifetime and the keys', async () => {
    const { source, clock, find } = sourceUnderTest();
    const fetchedAt = clock.now();
    await find('a');
    clock.advance(100);
    const snapshot = source.snapshot();
    expect(snapshot).toEqual({ issuer: 'https://issuer.example', fetchedAt, freshSeconds: 600, jwks: keySet('a') });
    expect(Object.isFrozen(snapshot)).toBe(true);
  });

  it('a key snapshot omits keys with private members', () => {
    const [good] = keySet('a').keys;
    const jwks = { more: 1, keys: [good, { ...good, d: 'secret' }, null, 'text'] } as unknown as JsonObject;
    expect(publicPart(jwks)).toEqual({ more: 1, keys: [good, null, 'text'] });
    expect(publicPart({ keys: 'none' })).toEqual({ keys: 'none' });
  });
});

describe('seed of a key source', () => {
  it('seeded keys are used without a fetch for the rest of their lifetime', async () => {
    const { source, clock, find, fetches } = sourceUnderTest({}, seedOf('a', 100));
    expect(await find('a')).toBe('a');
    expect(fetches).toBe(0);
    expect(source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 100 });
    clock.advance(499);
    expect(source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 599 });
    clock.advance(1);
    expect(source.status()).toMatchObject({ keys: 'stale', ageSeconds: 600 });
  });

  it('a seed older than staleMaxSeconds is not used', async () => {
    const under = sourceUnderTest({}, seedOf('a', 4200));
    under.answer(new NetworkError('unreachable', 'down'));
    expect(under.source.status()).toMatchObject({ keys: 'none' });
    expect(await under.find('a')).toBe('keys_unavailable');
  });
});

describe('age of a failed fetch', () => {
  it.each([
    [60, 'a'],
    [60.001, 'key_unknown'],
  ])('stale keys are used for 60 s after a failed fetch: %s s after it the result is %s', async (seconds, expected) => {
    const under = sourceUnderTest({}, seedOf('a', 600));
    under.answer(new NetworkError('unreachable', 'down'));
    expect(await under.find('a')).toBe('a');
    under.publish('b');
    // No request arrives in between, so no fetch has detected the recovery of the issuer.
    under.clock.advance(seconds);
    expect(await under.find('a')).toBe(expected);
  });
});
