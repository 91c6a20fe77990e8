import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Semaphore } from '../../src/async/semaphore.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const limits = { maxAtOnce: 2, maxWaiting: 3, maxWaitMilliseconds: 1000 };

/** Records which callers got a slot, in order, and which were refused. */
function callersOf(semaphore: Semaphore) {
  const served: string[] = [];
  const refused: string[] = [];
  return {
    served,
    refused,
    enter: async (name: string) => void ((await semaphore.acquire()) ? served : refused).push(name),
  };
}

describe('concurrency limit of a semaphore', () => {
  it('a free slot is taken synchronously', () => {
    const semaphore = new Semaphore(limits);
    expect([semaphore.acquire(), semaphore.acquire(), semaphore.taken]).toEqual([true, true, 2]);
  });

  it('waiting callers get slots in order of arrival, and a later caller does not overtake them', async () => {
    const semaphore = new Semaphore(limits);
    const { served, enter } = callersOf(semaphore);
    const pending = ['a', 'b', 'c', 'd', 'e'].map(enter);
    await vi.advanceTimersByTimeAsync(0);
    expect(served).toEqual(['a', 'b']);
    semaphore.release();
    const late = semaphore.acquire();
    await vi.advanceTimersByTimeAsync(0);
    expect([served, semaphore.taken]).toEqual([['a', 'b', 'c'], 2]);
    expect(late).toBeInstanceOf(Promise);
    for (let at = 0; at < 3; at++) semaphore.release();
    await Promise.all(pending);
    expect(served).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await late).toBe(true);
  });

  it('a caller is refused at once when maxWaiting callers are queued', () => {
    const semaphore = new Semaphore(limits);
    const taken = Array.from({ length: 6 }, () => semaphore.acquire());
    expect(taken.slice(0, 2)).toEqual([true, true]);
    expect(taken.slice(2, 5).every((slot) => slot instanceof Promise)).toBe(true);
    expect(taken[5]).toBe(false);
  });

  it('a caller is refused after maxWaitMilliseconds and gets no slot afterwards', async () => {
    const semaphore = new Semaphore({ ...limits, maxAtOnce: 1 });
    const { served, refused, enter } = callersOf(semaphore);
    void enter('a');
    void enter('b');
    await vi.advanceTimersByTimeAsync(999);
    expect(refused).toEqual([]);
    void enter('c');
    await vi.advanceTimersByTimeAsync(1);
    expect(refused).toEqual(['b']);
    semaphore.release();
    await vi.advanceTimersByTimeAsync(0);
    expect([served, semaphore.taken]).toEqual([['a', 'c'], 1]);
  });

  it('the semaphore leaves no timer running, and all slots are free in the end', async () => {
    const semaphore = new Semaphore(limits);
    const pending = Array.from({ length: 5 }, () => semaphore.acquire());
    for (let at = 0; at < 5; at++) semaphore.release();
    expect(await Promise.all(pending)).toEqual([true, true, true, true, true]);
    expect([semaphore.taken, vi.getTimerCount()]).toEqual([0, 0]);
    expect(semaphore.acquire()).toBe(true);
  });
});
