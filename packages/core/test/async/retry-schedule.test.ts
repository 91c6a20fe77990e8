import { afterEach, describe, expect, it, vi } from 'vitest';
import { RetrySchedule } from '../../src/async/retry-schedule.js';
import { NetworkError } from '../../src/model/ports.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const never = Number.NEGATIVE_INFINITY;
const almostOne = 1 - Number.EPSILON;

function jitter(fraction: number): void {
  vi.spyOn(Math, 'random').mockReturnValue(fraction);
}

function afterFailures(count: number, failure = new NetworkError('unreachable', 'down')) {
  const clock = frozenClock();
  const schedule = new RetrySchedule(clock);
  for (let at = 0; at < count; at++) schedule.fail(failure);
  return { clock, schedule };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('schedule of retries (D-18)', () => {
  it('before any failure a retry is due at once', () => {
    const { schedule } = afterFailures(0);
    expect(schedule).toMatchObject({ due: true, failed: false, lastFailure: undefined });
  });

  it.each([
    [1, 2],
    [2, 4],
    [3, 8],
    [4, 16],
    [5, 30],
    [6, 30],
    [2000, 30],
  ])('after %i failures the delay is between 1 and %i s, by full jitter (D-18)', (failures, ceiling) => {
    jitter(0);
    expect(afterFailures(failures).schedule.secondsUntilNext(never)).toBe(1);
    jitter(almostOne);
    expect(afterFailures(failures).schedule.secondsUntilNext(never)).toBe(ceiling);
  });

  it('a retry is due exactly when its delay has passed (D-18)', () => {
    jitter(0);
    const { clock, schedule } = afterFailures(1);
    clock.advance(0.999);
    expect(schedule.due).toBe(false);
    clock.advance(0.001);
    expect(schedule.due).toBe(true);
  });

  it('a success resets the retry schedule (D-18)', () => {
    jitter(almostOne);
    const { schedule } = afterFailures(5);
    expect(schedule).toMatchObject({ due: false, failed: true });
    schedule.succeed();
    expect(schedule).toMatchObject({ due: true, failed: false, lastFailure: undefined });
    schedule.fail(new NetworkError('unreachable', 'down again'));
    expect(schedule.secondsUntilNext(never)).toBe(2);
  });
});

describe('Retry-After of the retry schedule (D-08)', () => {
  it.each([
    [0, 1],
    [1, 1],
    [45, 45],
    [120, 120],
    [121, 120],
    [999_999_999, 120],
  ])('a Retry-After of %i s from the server delays the retry by %i s (D-08)', (requested, seconds) => {
    const { clock, schedule } = afterFailures(
      9,
      new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: requested }),
    );
    expect(schedule.secondsUntilNext(never)).toBe(seconds);
    clock.advance(seconds - 0.001);
    expect(schedule.due).toBe(false);
    clock.advance(0.001);
    expect(schedule.due).toBe(true);
  });

  it('secondsUntilNext is in whole seconds, rounded up, and at least 1 (D-08)', () => {
    jitter(0.5);
    const { clock, schedule } = afterFailures(1);
    expect(schedule.secondsUntilNext(never)).toBe(2);
    clock.advance(1.4);
    expect(schedule.secondsUntilNext(never)).toBe(1);
    clock.advance(100);
    expect(schedule.secondsUntilNext(never)).toBe(1);
  });

  it('secondsUntilNext is never before the given earliest moment (D-08)', () => {
    jitter(0);
    const { clock, schedule } = afterFailures(1);
    expect(schedule.secondsUntilNext(clock.monotonic() + 29_500)).toBe(30);
    expect(schedule.secondsUntilNext(clock.monotonic() + 500)).toBe(1);
  });
});
