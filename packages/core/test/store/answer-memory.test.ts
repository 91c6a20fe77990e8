import { describe, expect, it } from 'vitest';
import { Moment } from '../../src/model/clock.js';
import type { RememberedAnswer } from '../../src/model/ports.js';
import { LruAnswerMemory } from '../../src/store/answer-memory.js';
import { jsonObject } from '../support/json-object.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const answeredAt = Moment.of(frozenClock());
const isActive: RememberedAnswer = {
  claims: jsonObject({ active: true }),
  answeredAt,
  seconds: 1,
  expiresAt: undefined,
};
const isNot: RememberedAnswer = { claims: undefined, answeredAt, seconds: 1, expiresAt: undefined };
const mebibyte = 1024 * 1024;

describe('D-23: what is remembered of introspected tokens', () => {
  it('is what was said last, of either kind', () => {
    const memory = new LruAnswerMemory(10);
    for (const answer of [isActive, isNot, isActive, isNot]) {
      memory.remember('t', answer, 10);
      expect(memory.recall('t')).toBe(answer);
    }
    expect(memory.recall('other')).toBeUndefined();
  });

  it('D-23: is so much of each kind, and neither pushes out the other', () => {
    const memory = new LruAnswerMemory(2);
    memory.remember('a', isActive, 1);
    for (let at = 0; at < 100; at++) memory.remember(`n${at}`, isNot, 1);
    expect(memory.recall('a')).toBe(isActive);
    expect([memory.recall('n97'), memory.recall('n98'), memory.recall('n99')]).toEqual([undefined, isNot, isNot]);
    for (let at = 0; at < 100; at++) memory.remember(`a${at}`, isActive, 1);
    expect(memory.recall('a')).toBeUndefined();
    expect(memory.recall('n99')).toBe(isNot);
  });

  it('D-28: of active tokens no more than 16 MiB in all', () => {
    const memory = new LruAnswerMemory(1000);
    for (let at = 0; at < 16; at++) memory.remember(`a${at}`, isActive, mebibyte);
    expect(memory.recall('a0')).toBe(isActive);
    memory.remember('one more', isActive, 1);
    expect([memory.recall('a0'), memory.recall('a1')]).toEqual([isActive, undefined]);
    expect(memory.recall('one more')).toBe(isActive);
  });

  it('an answer of no octets has its place all the same', () => {
    const memory = new LruAnswerMemory(10);
    memory.remember('t', isActive, 0);
    expect(memory.recall('t')).toBe(isActive);
  });
});
