import { describe, expect, it } from 'vitest';
import { LruAnswerCache } from '../../src/cache/answer-cache.js';
import { Moment } from '../../src/model/clock.js';
import type { CachedAnswer } from '../../src/model/ports.js';
import { jsonObject } from '../support/json-object.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const answeredAt = Moment.of(frozenClock());
const isActive: CachedAnswer = {
  claims: jsonObject({ active: true }),
  answeredAt,
  seconds: 1,
  expiresAt: undefined,
};
const isNot: CachedAnswer = { claims: undefined, answeredAt, seconds: 1, expiresAt: undefined };
const mebibyte = 1024 * 1024;

describe('D-23: what is remembered of introspected tokens', () => {
  it('is what was said last, of either kind', () => {
    const memory = new LruAnswerCache(10);
    for (const answer of [isActive, isNot, isActive, isNot]) {
      memory.set('t', answer, 10);
      expect(memory.get('t')).toBe(answer);
    }
    expect(memory.get('other')).toBeUndefined();
  });

  it('D-23: is so much of each kind, and neither pushes out the other', () => {
    const memory = new LruAnswerCache(2);
    memory.set('a', isActive, 1);
    for (let at = 0; at < 100; at++) memory.set(`n${at}`, isNot, 1);
    expect(memory.get('a')).toBe(isActive);
    expect([memory.get('n97'), memory.get('n98'), memory.get('n99')]).toEqual([undefined, isNot, isNot]);
    for (let at = 0; at < 100; at++) memory.set(`a${at}`, isActive, 1);
    expect(memory.get('a')).toBeUndefined();
    expect(memory.get('n99')).toBe(isNot);
  });

  it('D-28: of active tokens no more than 16 MiB in all', () => {
    const memory = new LruAnswerCache(1000);
    for (let at = 0; at < 16; at++) memory.set(`a${at}`, isActive, mebibyte);
    expect(memory.get('a0')).toBe(isActive);
    memory.set('one more', isActive, 1);
    expect([memory.get('a0'), memory.get('a1')]).toEqual([isActive, undefined]);
    expect(memory.get('one more')).toBe(isActive);
  });

  it('an answer of no octets has its place all the same', () => {
    const memory = new LruAnswerCache(10);
    memory.set('t', isActive, 0);
    expect(memory.get('t')).toBe(isActive);
  });
});
