import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** The process lives: fails the test in whose time a rejection or an error was nobody's. */
export function watchProcess(): void {
  const unhandled: unknown[] = [];
  const note = (failure: unknown) => unhandled.push(failure);
  beforeAll(() => {
    process.on('unhandledRejection', note).on('uncaughtExceptionMonitor', note);
  });
  afterEach(async () => {
    // Rejections are told of after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled.splice(0)).toEqual([]);
  });
  afterAll(() => {
    process.off('unhandledRejection', note).off('uncaughtExceptionMonitor', note);
  });
}
