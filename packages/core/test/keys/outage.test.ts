import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { sourceUnderTest, times } from '../support-network/key-source.js';

beforeEach(() => {
  // The longest delays that jitter allows: 2, 4, 8, 16, 30 s.
  vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function down() {
  const keys = sourceUnderTest();
  keys.answer(new NetworkError('unreachable', 'down'));
  return keys;
}

describe('unreachable issuer without cached keys (D-18)', () => {
  it('an unreachable issuer yields keys_unavailable, with the cause and with Retry-After (D-08)', async () => {
    const keys = down();
    const refusal = await keys.refusalOf('a');
    expect(refusal).toMatchObject({ code: 'keys_unavailable', fields: { retryAfterSeconds: 2 } });
    expect(refusal.fields.cause).toBeInstanceOf(NetworkError);
    expect(refusal.detail.expected).toContain('down');
  });

  it('during back-off requests are refused at once with keys_unavailable, without a fetch (D-18)', async () => {
    const keys = down();
    await keys.find('a');
    keys.clock.advance(1.999);
    expect(await Promise.all(times(50, () => keys.find('a')))).toEqual(times(50, () => 'keys_unavailable'));
    expect(await keys.source.ready()).toMatchObject({ code: 'keys_unavailable' });
    expect(keys.fetches).toBe(1);
  });

  it('each failed fetch of the key set doubles the back-off delay, up to 30 s (D-18)', async () => {
    const keys = down();
    const delays: (number | undefined)[] = [];
    for (let at = 0; at < 7; at++) {
      const { retryAfterSeconds = 0 } = (await keys.refusalOf('a')).fields;
      delays.push(retryAfterSeconds);
      expect(keys.fetches).toBe(at + 1);
      keys.clock.advance(retryAfterSeconds);
    }
    expect(delays).toEqual([2, 4, 8, 16, 30, 30, 30]);
  });

  it('the first request after the back-off fetches the keys of a recovered issuer (D-18)', async () => {
    const keys = down();
    await keys.find('a');
    keys.publish('a');
    expect(await keys.find('a')).toBe('keys_unavailable');
    keys.clock.advance(2);
    expect(await Promise.all(times(50, () => keys.find('a')))).toEqual(times(50, () => 'a'));
    expect(keys.fetches).toBe(2);
  });

  it('a recovery of the issuer resets the back-off (D-18)', async () => {
    const keys = down();
    for (const seconds of [2, 4, 8]) {
      await keys.find('a');
      keys.clock.advance(seconds);
    }
    keys.publish('a');
    expect(await keys.find('a')).toBe('a');
    keys.answer(new NetworkError('unreachable', 'down again'));
    keys.clock.advance(600 + 3600);
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(2);
  });

  it('a forged kid causes no fetch during back-off (D-18)', async () => {
    const keys = down();
    await keys.find('a');
    await Promise.all(times(30, (at) => keys.find(`forged-${at}`)));
    expect(keys.fetches).toBe(1);
  });

  it.each([
    [7, 7],
    [120, 120],
    [3600, 120],
  ])(
    'a Retry-After of %i s from the issuer is passed on as %i s and delays the next fetch (D-08)',
    async (requested, seconds) => {
      const keys = sourceUnderTest();
      keys.answer(new NetworkError('bad_status', 'answered 429', { retryAfterSeconds: requested }));
      expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(seconds);
      keys.publish('a');
      keys.clock.advance(seconds - 0.001);
      expect(await keys.find('a')).toBe('keys_unavailable');
      keys.clock.advance(0.001);
      expect(await keys.find('a')).toBe('a');
    },
  );

  it('an error of the loader that is not a NetworkError yields keys_unavailable, too', async () => {
    const keys = sourceUnderTest();
    keys.answer(() => {
      throw new TypeError('internal');
    });
    expect(await keys.find('a')).toBe('keys_unavailable');
    keys.publish('a');
    keys.clock.advance(2);
    expect(await keys.find('a')).toBe('a');
  });
});
