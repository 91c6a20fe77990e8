import { afterEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { sourceUnderTest } from '../support-network/key-source.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('D-19: a request waits for keys as long as was said, in seconds', () => {
  it.each([3, 0.5])('%d s: not a millisecond less', async (timeoutSeconds) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const keys = sourceUnderTest({ timeoutSeconds });
    keys.answer(() => new Promise(() => {}));
    const answers: unknown[] = [];
    void keys.find('a').then((answer) => answers.push(answer));
    await vi.advanceTimersByTimeAsync(timeoutSeconds * 1000 - 1);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toEqual(['keys_unavailable']);
  });
});

describe('D-08: Retry-After is that of what is in the way', () => {
  it('of the outage, where the keys of everybody are out of reach, and not of the cooldown of unknown kids', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const keys = sourceUnderTest({ maxAgeSeconds: 60, staleMaxSeconds: 0, cooldownSeconds: 300 });
    await keys.find('a');
    expect(await keys.find('forged')).toBe('key_unknown');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(60);
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(2);
  });

  it('of the cooldown, where only an unknown kid has to wait', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const keys = sourceUnderTest({ maxAgeSeconds: 100, cooldownSeconds: 30 });
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    expect((await keys.refusalOf('new')).fields.retryAfterSeconds).toBe(30);
    expect(await keys.find('a')).toBe('a');
  });
});

describe('D-16: a set that grows too old in the middle of a request', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'at its look %i at the clock: the key is found or unavailable, and it is no error',
    async (look) => {
      const keys = sourceUnderTest({ maxAgeSeconds: 600 });
      await keys.find('a');
      keys.publish('a', 'new');
      const { monotonic } = keys.clock;
      let looks = 0;
      vi.spyOn(keys.clock, 'monotonic').mockImplementation(() => {
        looks += 1;
        if (looks === look) keys.clock.advance(600);
        return monotonic();
      });
      expect(['new', 'keys_unavailable']).toContain(await keys.find('new'));
      keys.clock.advance(30);
      expect(await keys.find('new')).toBe('new');
    },
  );
});
