import type { Clock } from '../model/clock.js';

/** The clock of the operating system. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
});
