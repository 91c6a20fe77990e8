import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PublicKey } from '../../src/jws/public-key.js';
import type { KeySettings } from '../../src/keys/remote-key-source.js';
import { NetworkError } from '../../src/model/ports.js';
import { keySet, type SourceUnderTest, sourceUnderTest, times } from '../support-network/key-source.js';
import { tokenNaming } from '../support-network/keys.js';
import { deferred, json } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

// The set is fresh for 600 s and usable for 4200 s; the shortest back-off is 1 s.
withoutJitter();

const freshSeconds = 600;

/** A source that has fetched key `a` and whose issuer is unreachable since then. */
async function down(settings: Partial<KeySettings> = {}): Promise<SourceUnderTest> {
  const keys = sourceUnderTest(settings);
  await keys.find('a');
  keys.answer(new NetworkError('unreachable', 'down'));
  return keys;
}

function isCached(keys: SourceUnderTest): boolean {
  return keys.source.find(tokenNaming('a')) instanceof PublicKey;
}

describe('unreachable issuer with cached keys (D-18)', () => {
  it('in an outage expired keys are used for an hour, then requests are answered with 503 (D-18) [RS-OIDC-10.1.1-d]', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(3599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    const refusal = await keys.refusalOf('a');
    expect(refusal.code).toBe('keys_unavailable');
    expect(refusal.fields.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(refusal.fields.retryAfterSeconds).toBeLessThanOrEqual(30);
  });

  it('staleMaxSeconds starts when the max-age of the key set ends (D-18)', async () => {
    const keys = sourceUnderTest();
    keys.answer(keySet('a'), 100);
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(100 + 3599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('with staleMaxSeconds 0 an outage causes 503 responses when the keys expire (D-18) [RS-OIDC-10.1.1-d]', async () => {
    const keys = await down({ staleMaxSeconds: 0 });
    keys.clock.advance(599.999);
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('in an outage only the first request awaits a fetch; later ones use the stale keys at once (D-18)', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    for (const seconds of [0, 0.5, 0.5, 30]) {
      keys.clock.advance(seconds);
      expect(times(20, () => isCached(keys))).toEqual(times(20, () => true));
      await nextEventLoopTurn();
    }
    // Fetches at 600 s, 601 s and 631 s.
    expect(keys.fetches).toBe(1 + 3);
  });

  it('a request one back-off delay after the recovery of the issuer fetches the new key set (D-18)', async () => {
    vi.mocked(Math.random).mockReturnValue(1 - Number.EPSILON);
    const keys = await down();
    keys.clock.advance(freshSeconds);
    for (const seconds of [2, 4, 8, 16, 30, 30]) {
      expect(await keys.find('a')).toBe('a');
      await nextEventLoopTurn();
      keys.clock.advance(seconds);
    }
    keys.publish('a', 'b');
    expect(isCached(keys)).toBe(true);
    await nextEventLoopTurn();
    expect(keys.source.status()).toMatchObject({ keys: 'fresh', ageSeconds: 0 });
    expect(await keys.find('b')).toBe('b');
  });

  it('in an outage an unknown kid causes a 503 response instead of 401 (D-17) [RS-OIDC-10.1.1-d]', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
    for (const seconds of [0, 1, 29, 30, 600]) {
      keys.clock.advance(seconds);
      expect(await keys.find('forged')).toBe('keys_unavailable');
      expect(await keys.find('a')).toBe('a');
    }
  });

  it('a response that is not a key set counts as an outage (D-18)', async () => {
    const keys = await down();
    keys.answer({ keys: 'none' });
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('a');
  });

  it('with an expired key set, Retry-After is the time to the next fetch, not the cooldown (D-08)', async () => {
    const keys = await down({ maxAgeSeconds: 60, staleMaxSeconds: 0 });
    keys.clock.advance(40);
    // Starts the cooldown for unknown kids, which lasts until 70 s.
    expect(await keys.find('forged')).toBe('keys_unavailable');
    keys.clock.advance(20);
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(1);
    keys.publish('a');
    keys.clock.advance(1);
    expect(await keys.find('a')).toBe('a');
  });
});

describe('withdrawal of keys by a reachable issuer [RS-OIDC-10.1.1-c]', () => {
  it('a withdrawn key is refused from the first request after the set has expired [RS-OIDC-10.1.1-c]', async () => {
    const keys = await down();
    keys.publish('b');
    keys.clock.advance(freshSeconds);
    expect(await Promise.all(times(20, () => keys.find('a')))).toEqual(times(20, () => 'key_unknown'));
    expect(await keys.find('b')).toBe('b');
  });

  it('every key of a set that was emptied is refused after the set has expired [RS-OIDC-10.1.1-c]', async () => {
    const keys = await down();
    keys.publish();
    keys.clock.advance(freshSeconds);
    expect(await keys.find('a')).toBe('key_unknown');
  });

  it('a withdrawn key that was used in an outage is refused once the issuer is back [RS-OIDC-10.1.1-c]', async () => {
    const keys = await down();
    keys.clock.advance(freshSeconds + 1800);
    expect(await keys.find('a')).toBe('a');
    keys.publish('b');
    keys.clock.advance(1);
    isCached(keys);
    await nextEventLoopTurn();
    expect(await keys.find('a')).toBe('key_unknown');
  });
});

describe('issuer that hangs when the key set expires (D-19)', () => {
  async function hanging() {
    const keys = await down({ timeoutSeconds: 0.01 });
    const slow = deferred<Uint8Array>();
    keys.answer(() => slow.promise);
    keys.clock.advance(freshSeconds);
    return { keys, slow };
  }

  it('a request awaits a hanging issuer for timeoutSeconds, then uses the stale keys (D-18, D-19)', async () => {
    const { keys } = await hanging();
    expect(await Promise.all(times(20, () => keys.find('a')))).toEqual(times(20, () => 'a'));
    expect(keys.fetches).toBe(2);
  });

  it('an unknown kid causes a 503 response while the issuer hangs (D-17)', async () => {
    const { keys } = await hanging();
    expect(await keys.find('forged')).toBe('keys_unavailable');
  });

  it('when staleMaxSeconds has passed, every request is answered with 503 while the issuer hangs (D-18)', async () => {
    const { keys } = await hanging();
    expect(await keys.find('a')).toBe('a');
    keys.clock.advance(3600);
    expect(await keys.find('a')).toBe('keys_unavailable');
  });

  it('a late response of a hanging issuer replaces the key set (D-19)', async () => {
    const { keys, slow } = await hanging();
    expect(await keys.find('a')).toBe('a');
    slow.resolve(json(keySet('b')));
    expect(await keys.find('b')).toBe('b');
    expect(await keys.find('a')).toBe('key_unknown');
  });
});

describe('use of stale keys after an old failure', () => {
  it('an old failure does not keep a withdrawn key: the expired set is fetched first [RS-OIDC-10.1.1-c]', async () => {
    const { source, clock, publish, answer, find, refusalOf } = sourceUnderTest();
    publish('a');
    expect(await find('a')).toBe('a');
    clock.advance(590);
    answer(new NetworkError('unreachable', 'down'));
    expect(await find('a')).toBe('a');
    await nextEventLoopTurn();
    expect(source.status()).toMatchObject({ lastError: 'unreachable' });
    publish('b');
    clock.advance(1800);
    expect((await refusalOf('a')).code).toBe('key_unknown');
    expect(await find('b')).toBe('b');
  });

  it('after a recent failure an expired key set is used without awaiting a fetch', async () => {
    const { clock, answer, find } = sourceUnderTest();
    expect(await find('a')).toBe('a');
    clock.advance(590);
    answer(new NetworkError('unreachable', 'down'));
    expect(await find('a')).toBe('a');
    await nextEventLoopTurn();
    clock.advance(20);
    answer(() => new Promise(() => {}));
    expect(await find('a')).toBe('a');
  });
});
