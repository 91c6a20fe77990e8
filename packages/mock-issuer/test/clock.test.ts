import { expect, test } from 'vitest';
import { createMockClock } from '../src/index.js';

test('advancing moves both hands by the same time', () => {
  const clock = createMockClock();
  const [now, monotonic] = [clock.now(), clock.monotonic()];
  clock.advance(3600.5);
  expect(clock.now() - now).toBeGreaterThanOrEqual(3_600_500);
  expect(clock.now() - now).toBeLessThan(3_610_000);
  expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(3_600_500);
  expect(clock.monotonic() - monotonic).toBeLessThan(3_610_000);
});

test('a clock nobody advanced shows real time', () => {
  expect(Math.abs(createMockClock().now() - Date.now())).toBeLessThan(1000);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('no hand can be moved by %s seconds', (seconds) => {
  expect(() => createMockClock().advance(seconds)).toThrow(RangeError);
});

test('no hand can be moved beyond the last moment that a Date knows, at once or little by little', () => {
  const clock = createMockClock();
  expect(() => clock.advance(1e300)).toThrow(RangeError);
  clock.advance(8e12);
  expect(() => clock.advance(8e12)).toThrow(RangeError);
  expect(new Date(clock.now()).getFullYear()).toBeGreaterThan(250_000);
});

test('a reset takes the wall clock back to real time, and the monotonic hand never steps back', () => {
  const clock = createMockClock();
  clock.advance(3600);
  const monotonic = clock.monotonic();
  clock.reset();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(monotonic);
});
