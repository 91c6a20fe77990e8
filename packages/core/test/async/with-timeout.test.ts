import { describe, expect, it } from 'vitest';
import { withTimeout } from '../../src/async/with-timeout.js';
import { deferred } from '../support-network/scripted-fetcher.js';

describe('patience', () => {
  it('an answer in time is the answer', async () => {
    await expect(withTimeout(60_000, Promise.resolve('answer'), () => 'late')).resolves.toBe('answer');
  });

  it('when the time is up, it is what was said to answer otherwise', async () => {
    await expect(withTimeout(1, new Promise(() => {}), () => 'late')).resolves.toBe('late');
  });

  it('what it waited for goes on, and its late failure is nobody’s unhandled rejection', async () => {
    const work = deferred<string>();
    await expect(withTimeout(1, work.promise, () => 'late')).resolves.toBe('late');
    work.reject(new Error('late failure'));
    await expect(work.promise).rejects.toThrow('late failure');
  });

  it('a failure in time is a failure', async () => {
    await expect(withTimeout(60_000, Promise.reject(new Error('failed')), () => 'late')).rejects.toThrow('failed');
  });

  it('leaves no timer behind, so that a process can end', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const answer = deferred<void>();
    const waiting = withTimeout(60_000, answer.promise, () => undefined);
    expect(timers()).toBe(before + 1);
    answer.resolve();
    await waiting;
    expect(timers()).toBe(before);
  });
});
