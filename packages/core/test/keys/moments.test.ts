import { afterEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { sourceUnderTest } from '../support-network/key-source.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('timeout of a request for keys (D-19)', () => {
  it.each([3, 0.5])(
    'a request for keys ends after timeoutSeconds, not a millisecond earlier: %d s (D-19)',
    async (timeoutSeconds) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const keys = sourceUnderTest({ timeoutSeconds });
      keys.answer(() => new Promise(() => {}));
      const answers: unknown[] = [];
      void keys.find('a').then((answer) => answers.push(answer));
      await vi.advanceTimersByTimeAsync(timeoutSeconds * 1000 - 1);
      expect(answers).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(answers).toEqual(['keys_unavailable']);
    },
  );
});

describe('Retry-After of a refusal for missing keys (D-08)', () => {
  it('in an outage without usable keys, Retry-After is the back-off, not the cooldown (D-08)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const keys = sourceUnderTest({ maxAgeSeconds: 60, staleMaxSeconds: 0, cooldownSeconds: 300 });
    await keys.find('a');
    expect(await keys.find('forged')).toBe('key_unknown');
    keys.answer(new NetworkError('unreachable', 'down'));
    keys.clock.advance(60);
    expect((await keys.refusalOf('a')).fields.retryAfterSeconds).toBe(2);
  });

  it('while only an unknown kid cannot be resolved, Retry-After is the cooldown (D-08)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const keys = sourceUnderTest({ maxAgeSeconds: 100, cooldownSeconds: 30 });
    await keys.find('a');
    keys.answer(new NetworkError('unreachable', 'down'));
    expect((await keys.refusalOf('new')).fields.retryAfterSeconds).toBe(30);
    expect(await keys.find('a')).toBe('a');
  });
});

describe('key set that expires during a request (D-16)', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'a key set that expires at clock reading %i of a request yields the key or keys_unavailable (D-16)',
    async (expiringReading) => {
      const keys = sourceUnderTest({ maxAgeSeconds: 600 });
      await keys.find('a');
      keys.publish('a', 'new');
      const { monotonic } = keys.clock;
      let readings = 0;
      vi.spyOn(keys.clock, 'monotonic').mockImplementation(() => {
        readings += 1;
        if (readings === expiringReading) keys.clock.advance(600);
        return monotonic();
      });
      expect(['new', 'keys_unavailable']).toContain(await keys.find('new'));
      keys.clock.advance(30);
      expect(await keys.find('new')).toBe('new');
    },
  );
});
