import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/**
 * Fails the test during which a rejection or an error was not handled: the process must survive.
 */
export function watchProcess(): void {
  const unhandled: unknown[] = [];
  const note = (failure: unknown) => unhandled.push(failure);
  beforeAll(() => {
    process.on('unhandledRejection', note).on('uncaughtExceptionMonitor', note);
  });
  afterEach(async () => {
    // Node reports rejections after the microtasks of a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled.splice(0)).toEqual([]);
  });
  afterAll(() => {
    process.off('unhandledRejection', note).off('uncaughtExceptionMonitor', note);
  });
}
