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

describe('a snapshot', () => {
  it('is nothing before the first set, and of keys that were given', () => {
    expect(sourceUnderTest().source.snapshot()).toBeUndefined();
    expect(new StaticKeySource(new KeySet([])).snapshot()).toBeUndefined();
    expect(new StaticKeySource(new KeySet([])).status()).toEqual({ keys: 'given', fetches: 0 });
  });

  it('says whose keys they are, when they were fetched and how long they are fresh', async () => {
    const { source, clock, find } = sourceUnderTest();
    const fetchedAt = clock.now();
    await find('a');
    clock.advance(100);
    const snapshot = source.snapshot();
    expect(snapshot).toEqual({ issuer: 'https://issuer.example', fetchedAt, freshSeconds: 600, jwks: keySet('a') });
    expect(Object.isFrozen(snapshot)).toBe(true);
  });

  it('hands on no key that should have been secret', () => {
    const [good] = keySet('a').keys;
    const jwks = { more: 1, keys: [good, { ...good, d: 'secret' }, null, 'text'] } as unknown as JsonObject;
    expect(publicPart(jwks)).toEqual({ more: 1, keys: [good, null, 'text'] });
    expect(publicPart({ keys: 'none' })).toEqual({ keys: 'none' });
  });
});

describe('a seed', () => {
  it('serves without a fetch, for as long as its age leaves', async () => {
    const { source, clock, find, fetches } = sourceUnderTest({}, seedOf('a', 100));
    expect(await find('a')).toBe('a');
    expect(fetches).toBe(0);
    expect(source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 100 });
    clock.advance(499);
    expect(source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 599 });
    clock.advance(1);
    expect(source.status()).toMatchObject({ keys: 'stale', ageSeconds: 600 });
  });

  it('that is too old serves nobody', async () => {
    const under = sourceUnderTest({}, seedOf('a', 4200));
    under.answer(new NetworkError('unreachable', 'down'));
    expect(under.source.status()).toMatchObject({ keys: 'none' });
    expect(await under.find('a')).toBe('keys_unavailable');
  });
});

describe('a failure', () => {
  it.each([
    [60, 'a'],
    [60.001, 'key_unknown'],
  ])('of %s s ago: the issuer is out of reach, or it is not', async (seconds, expected) => {
    const under = sourceUnderTest({}, seedOf('a', 600));
    under.answer(new NetworkError('unreachable', 'down'));
    expect(await under.find('a')).toBe('a');
    under.publish('b');
    // Nobody may ask meanwhile: what an earlier request would have found out is not known.
    under.clock.advance(seconds);
    expect(await under.find('a')).toBe(expected);
  });
});
