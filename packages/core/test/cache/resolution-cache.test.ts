import { describe, expect, it } from 'vitest';
import { LruResolutionCache } from '../../src/cache/resolution-cache.js';
import { Moment } from '../../src/model/clock.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const name = (at: number) => `https://tenant-${at}.example`;
const clock = frozenClock();
const answeredAt = Moment.of(clock);
const trustedAnswer = (issuer: string) => ({ issuer, answeredAt, seconds: 1 });
const refusedAnswer = { issuer: undefined, answeredAt, seconds: 1 };

function filled(trusted: number, refused = 0): LruResolutionCache<string> {
  const cache = new LruResolutionCache<string>();
  for (let at = 0; at < trusted; at++) cache.set(name(at), trustedAnswer(`lane ${at}`));
  for (let at = 0; at < refused; at++) cache.set(`https://unknown-${at}.example`, refusedAnswer);
  return cache;
}

describe('cache of resolved issuers', () => {
  it('the resolution cache returns an answer unchanged', () => {
    const cache = filled(1, 1);
    expect(cache.get(name(0))).toEqual(trustedAnswer('lane 0'));
    expect(cache.get('https://unknown-0.example')).toEqual(refusedAnswer);
    expect(cache.get('https://absent.example')).toBeUndefined();
  });

  it('a refusal replaces a trusted issuer in the cache, and vice versa', () => {
    const cache = filled(1);
    cache.set(name(0), refusedAnswer);
    expect([cache.get(name(0)), [...cache.trusted(clock)]]).toEqual([refusedAnswer, []]);
    cache.set(name(0), trustedAnswer('again'));
    expect([cache.get(name(0)), [...cache.trusted(clock)]]).toEqual([trustedAnswer('again'), [[name(0), 'again']]]);
  });

  it('the resolution cache returns expired entries, since its caller checks their age', () => {
    const cache = new LruResolutionCache<string>();
    cache.set(name(0), { issuer: 'lane', answeredAt, seconds: 0 });
    expect(cache.get(name(0))?.issuer).toBe('lane');
    expect([...cache.trusted(clock)]).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('the resolution cache has no entry for %s', (identifier) => {
    expect(filled(1).get(identifier)).toBeUndefined();
  });
});

describe('limits of the resolution cache (D-28)', () => {
  it('the cache holds 10 000 trusted issuers and evicts the least recently used one', () => {
    const cache = filled(10_000);
    expect(cache.get(name(0))).toBeDefined();
    cache.set(name(10_000), trustedAnswer('one more'));
    expect([...cache.trusted(clock)]).toHaveLength(10_000);
    expect(cache.get(name(0))).toBeDefined();
    expect(cache.get(name(1))).toBeUndefined();
    expect(cache.get(name(2))).toBeDefined();
  });

  it('the cache holds 1000 refused issuers', () => {
    const cache = filled(0, 1001);
    const left = Array.from({ length: 1001 }, (_, at) => cache.get(`https://unknown-${at}.example`));
    expect(left.map((one) => one !== undefined)).toEqual([false, ...Array.from({ length: 1000 }, () => true)]);
  });

  it('many refused issuers evict no trusted one', () => {
    const cache = filled(10_000, 50_000);
    expect([...cache.trusted(clock)]).toHaveLength(10_000);
    for (const at of [0, 1, 5000, 9999]) expect(cache.get(name(at))).toEqual(trustedAnswer(`lane ${at}`));
  });

  it('many trusted issuers evict no refused one', () => {
    const cache = filled(0, 1);
    for (let at = 0; at < 20_000; at++) cache.set(name(at), trustedAnswer('lane'));
    expect(cache.get('https://unknown-0.example')).toEqual(refusedAnswer);
  });
});
