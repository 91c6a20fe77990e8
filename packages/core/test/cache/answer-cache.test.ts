import { describe, expect, it } from 'vitest';
import { LruAnswerCache } from '../../src/cache/answer-cache.js';
import { Moment } from '../../src/model/clock.js';
import type { CachedAnswer } from '../../src/model/ports.js';
import { jsonObject } from '../support/json-object.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const answeredAt = Moment.of(frozenClock());
const activeAnswer: CachedAnswer = {
  claims: jsonObject({ active: true }),
  answeredAt,
  seconds: 1,
  expiresAt: undefined,
};
const inactiveAnswer: CachedAnswer = { claims: undefined, answeredAt, seconds: 1, expiresAt: undefined };
const mebibyte = 1024 * 1024;

describe('cache of introspection answers (D-23)', () => {
  it('the answer cache returns the latest answer, active or inactive', () => {
    const cache = new LruAnswerCache(10);
    for (const answer of [activeAnswer, inactiveAnswer, activeAnswer, inactiveAnswer]) {
      cache.set('t', answer, 10);
      expect(cache.get('t')).toBe(answer);
    }
    expect(cache.get('other')).toBeUndefined();
  });

  it('active and inactive answers have separate limits and never evict each other (D-23)', () => {
    const cache = new LruAnswerCache(2);
    cache.set('a', activeAnswer, 1);
    for (let at = 0; at < 100; at++) cache.set(`n${at}`, inactiveAnswer, 1);
    expect(cache.get('a')).toBe(activeAnswer);
    expect([cache.get('n97'), cache.get('n98'), cache.get('n99')]).toEqual([undefined, inactiveAnswer, inactiveAnswer]);
    for (let at = 0; at < 100; at++) cache.set(`a${at}`, activeAnswer, 1);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('n99')).toBe(inactiveAnswer);
  });

  it('active answers in the cache have at most 16 MiB in all (D-28)', () => {
    const cache = new LruAnswerCache(1000);
    for (let at = 0; at < 16; at++) cache.set(`a${at}`, activeAnswer, mebibyte);
    expect(cache.get('a0')).toBe(activeAnswer);
    cache.set('one more', activeAnswer, 1);
    expect([cache.get('a0'), cache.get('a1')]).toEqual([activeAnswer, undefined]);
    expect(cache.get('one more')).toBe(activeAnswer);
  });

  it('an answer with a size of 0 octets is cached', () => {
    const cache = new LruAnswerCache(10);
    cache.set('t', activeAnswer, 0);
    expect(cache.get('t')).toBe(activeAnswer);
  });
});
