import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../src/model/refusal.js';
import { fakeAuth } from '../../src/testing.js';
import { checkRevocation, type IsRevoked } from '../../src/validity/check-revocation.js';
import { deferred } from '../support-network/scripted-fetcher.js';

afterEach(() => {
  vi.useRealTimers();
});

const auth = fakeAuth();

async function outcome(isRevoked: unknown): Promise<unknown> {
  const found = await checkRevocation(auth, isRevoked as IsRevoked, 3);
  return found instanceof Refusal ? found.code : found;
}

describe('isRevoked', () => {
  it.each([
    ['false', () => false],
    ['a promise of false', async () => false],
  ])('admits by %s', async (_, isRevoked) => {
    expect(await outcome(isRevoked)).toBe(auth);
  });

  it.each([
    ['true', () => true],
    ['a promise of true', async () => true],
  ])('refuses by %s', async (_, isRevoked) => {
    expect(await outcome(isRevoked)).toBe('token_revoked');
  });

  it.each([undefined, null, 0, 1, '', 'false', {}, []])(
    'D-09: that gives %j, or a promise of it, is 500: it admits nobody by mistake',
    async (answer) => {
      expect(await outcome(() => answer)).toBe('callback_failed');
      expect(await outcome(async () => answer)).toBe('callback_failed');
    },
  );

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new TypeError('s3cret');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('s3cret'))],
  ])('that %s is 503, with the cause, and quotes nothing of it', async (_, isRevoked) => {
    const refusal = await checkRevocation(auth, isRevoked as IsRevoked, 3);
    if (!(refusal instanceof Refusal)) throw new Error('admitted');
    expect(refusal.code).toBe('revocation_unavailable');
    expect(refusal.detail.expected).toBe('an answer of isRevoked (TypeError)');
    expect(refusal.fields).toMatchObject({ retryAfterSeconds: 1, cause: expect.any(TypeError) });
  });

  it('that takes too long is 503, and what it says afterwards counts for nobody', async () => {
    vi.useFakeTimers();
    const answer = deferred<boolean>();
    const judging = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(2999);
    const inTime = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(1);
    expect(await judging).toBe('revocation_unavailable');
    answer.resolve(false);
    expect(await inTime).toBe(auth);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that rejects when nobody waits any more ends no process', async () => {
    vi.useFakeTimers();
    const answer = deferred<boolean>();
    const judging = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await judging).toBe('revocation_unavailable');
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    answer.reject(new Error('late'));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('is asked about who would be admitted', async () => {
    const asked: unknown[] = [];
    await outcome((one: unknown) => {
      asked.push(one);
      return false;
    });
    expect(asked).toEqual([auth]);
  });
});
