import { describe, expect, it } from 'vitest';
import { withTimeout } from '../../src/async/with-timeout.js';
import { deferred } from '../support-network/scripted-fetcher.js';

describe('timeout of a promise', () => {
  it('a result within the timeout is returned', async () => {
    await expect(withTimeout(60_000, Promise.resolve('answer'), () => 'late')).resolves.toBe('answer');
  });

  it('after the timeout the fallback is returned', async () => {
    await expect(withTimeout(1, new Promise(() => {}), () => 'late')).resolves.toBe('late');
  });

  it('the timed-out promise goes on, and its late rejection causes no unhandled rejection', async () => {
    const work = deferred<string>();
    await expect(withTimeout(1, work.promise, () => 'late')).resolves.toBe('late');
    work.reject(new Error('late failure'));
    await expect(work.promise).rejects.toThrow('late failure');
  });

  it('a rejection within the timeout is passed on', async () => {
    await expect(withTimeout(60_000, Promise.reject(new Error('failed')), () => 'late')).rejects.toThrow('failed');
  });

  it('withTimeout leaves no timer running, so that the process can end', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const answer = deferred<void>();
    const pending = withTimeout(60_000, answer.promise, () => undefined);
    expect(timers()).toBe(before + 1);
    answer.resolve();
    await pending;
    expect(timers()).toBe(before);
  });
});
