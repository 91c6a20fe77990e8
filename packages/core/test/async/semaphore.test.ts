import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Semaphore } from '../../src/async/semaphore.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const limits = { maxAtOnce: 2, maxWaiting: 3, maxWaitMilliseconds: 1000 };

/** Those who came, in the order in which they had their turn. */
function comersTo(turns: Semaphore) {
  const served: string[] = [];
  const turnedAway: string[] = [];
  return {
    served,
    turnedAway,
    come: async (name: string) => void ((await turns.take()) ? served : turnedAway).push(name),
  };
}

describe('turns', () => {
  it('are had at once while there are some', () => {
    const turns = new Semaphore(limits);
    expect([turns.take(), turns.take(), turns.taken]).toEqual([true, true, 2]);
  });

  it('are handed on in the order of waiting, and who comes later overtakes nobody', async () => {
    const turns = new Semaphore(limits);
    const { served, come } = comersTo(turns);
    const coming = ['a', 'b', 'c', 'd', 'e'].map(come);
    await vi.advanceTimersByTimeAsync(0);
    expect(served).toEqual(['a', 'b']);
    turns.leave();
    const late = turns.take();
    await vi.advanceTimersByTimeAsync(0);
    expect([served, turns.taken]).toEqual([['a', 'b', 'c'], 2]);
    expect(late).toBeInstanceOf(Promise);
    for (let at = 0; at < 3; at++) turns.leave();
    await Promise.all(coming);
    expect(served).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await late).toBe(true);
  });

  it('are refused at once where too many wait already', () => {
    const turns = new Semaphore(limits);
    const taken = Array.from({ length: 6 }, () => turns.take());
    expect(taken.slice(0, 2)).toEqual([true, true]);
    expect(taken.slice(2, 5).every((turn) => turn instanceof Promise)).toBe(true);
    expect(taken[5]).toBe(false);
  });

  it('are not waited for longer than the limit, and who gave up has no turn later', async () => {
    const turns = new Semaphore({ ...limits, maxAtOnce: 1 });
    const { served, turnedAway, come } = comersTo(turns);
    void come('a');
    void come('b');
    await vi.advanceTimersByTimeAsync(999);
    expect(turnedAway).toEqual([]);
    void come('c');
    await vi.advanceTimersByTimeAsync(1);
    expect(turnedAway).toEqual(['b']);
    turns.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect([served, turns.taken]).toEqual([['a', 'c'], 1]);
  });

  it('leave no timer behind, and are all free again in the end', async () => {
    const turns = new Semaphore(limits);
    const coming = Array.from({ length: 5 }, () => turns.take());
    for (let at = 0; at < 5; at++) turns.leave();
    expect(await Promise.all(coming)).toEqual([true, true, true, true, true]);
    expect([turns.taken, vi.getTimerCount()]).toEqual([0, 0]);
    expect(turns.take()).toBe(true);
  });
});
