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

describe('the isRevoked callback', () => {
  it.each([
    ['false', () => false],
    ['a promise of false', async () => false],
  ])('isRevoked that returns %s accepts the token', async (_, isRevoked) => {
    expect(await outcome(isRevoked)).toBe(auth);
  });

  it.each([
    ['true', () => true],
    ['a promise of true', async () => true],
  ])('isRevoked that returns %s refuses the token', async (_, isRevoked) => {
    expect(await outcome(isRevoked)).toBe('token_revoked');
  });

  it.each([undefined, null, 0, 1, '', 'false', {}, []])(
    'isRevoked that returns %j, or a promise of it, causes a 500 response (D-09)',
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
  ])(
    'isRevoked that %s causes a 503 response with the cause; the detail quotes nothing of the error',
    async (_, isRevoked) => {
      const refusal = await checkRevocation(auth, isRevoked as IsRevoked, 3);
      if (!(refusal instanceof Refusal)) throw new Error('accepted');
      expect(refusal.code).toBe('revocation_unavailable');
      expect(refusal.detail.expected).toBe('a result of isRevoked (TypeError)');
      expect(refusal.fields).toMatchObject({ retryAfterSeconds: 1, cause: expect.any(TypeError) });
    },
  );

  it('isRevoked that times out causes a 503 response, and its late result is ignored', async () => {
    vi.useFakeTimers();
    const answer = deferred<boolean>();
    const pending = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(2999);
    const inTime = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(1);
    expect(await pending).toBe('revocation_unavailable');
    answer.resolve(false);
    expect(await inTime).toBe(auth);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('isRevoked that rejects after the timeout causes no unhandled rejection', async () => {
    vi.useFakeTimers();
    const answer = deferred<boolean>();
    const pending = outcome(() => answer.promise);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await pending).toBe('revocation_unavailable');
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

  it('isRevoked gets the auth record of the accepted token', async () => {
    const received: unknown[] = [];
    await outcome((one: unknown) => {
      received.push(one);
      return false;
    });
    expect(received).toEqual([auth]);
  });
});
