import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { sourceUnderTest, times } from '../support-network/key-source.js';

beforeEach(() => {
  // The longest delay that jitter allows: 2, 4, 8, 16, 30 s.
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

describe('D-18: an issuer out of reach, with no keys at hand', () => {
  it('D-08: is keys_unavailable with its cause and the seconds to the next attempt', async () => {
    const keys = down();
    const refusal = await keys.refusalOf('a');
    expect(refusal).toMatchObject({ code: 'keys_unavailable', fields: { retryAfterSeconds: 2 } });
    expect(refusal.fields.cause).toBeInstanceOf(NetworkError);
    expect(refusal.detail.expected).toContain('down');
  });

  it('D-18: during back-off it is so at once, without a fetch', async () => {
    const keys = down();
    await keys.find('a');
    keys.clock.advance(1.999);
    expect(await Promise.all(times(50, () => keys.find('a')))).toEqual(times(50, () => 'keys_unavailable'));
    expect(await keys.source.ready()).toMatchObject({ code: 'keys_unavailable' });
    expect(keys.fetches).toBe(1);
  });

  it('D-18: each failure doubles the delay up to 30 s', async () => {
    const keys = down();
    const waits: (number | undefined)[] = [];
    for (let at = 0; at < 7; at++) {
      const { retryAfterSeconds = 0 } = (await keys.refusalOf('a')).fields;
      waits.push(retryAfterSeconds);
      expect(keys.fetches).toBe(at + 1);
      keys.clock.advance(retryAfterSeconds);
    }
    expect(waits).toEqual([2, 4, 8, 16, 30, 30, 30]);
  });

  it('D-18: whoever asks when the delay is over finds the issuer back', async () => {
    const keys = down();
    await keys.find('a');
    keys.publish('a');
    expect(await keys.find('a')).toBe('keys_unavailable');
    keys.clock.advance(2);
    expect(await Promise.all(times(50, () => keys.find('a')))).toEqual(times(50, () => 'a'));
    expect(keys.fetches).toBe(2);
  });

  it('D-18: a recovery forgets the failures before it', async () => {
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

  it('D-18: no forged kid causes a fetch during back-off', async () => {
    const keys = down();
    await keys.find('a');
    await Promise.all(times(30, (at) => keys.find(`forged-${at}`)));
    expect(keys.fetches).toBe(1);
  });

  it.each([
    [7, 7],
    [120, 120],
    [3600, 120],
  ])('D-08: its own Retry-After of %i s is copied as %i s and kept to', async (requested, seconds) => {
    const keys = sourceUnderTest();
    keys.answer(new NetworkError('bad_status', 'answered 429', { retryAfterSeconds: requested }));
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(seconds);
    keys.publish('a');
    keys.clock.advance(seconds - 0.001);
    expect(await keys.find('a')).toBe('keys_unavailable');
    keys.clock.advance(0.001);
    expect(await keys.find('a')).toBe('a');
  });

  it('what the loader throws that is no NetworkError is an outage, too', async () => {
    const keys = sourceUnderTest();
    keys.answer(() => {
      throw new TypeError('ours');
    });
    expect(await keys.find('a')).toBe('keys_unavailable');
    keys.publish('a');
    keys.clock.advance(2);
    expect(await keys.find('a')).toBe('a');
  });
});
