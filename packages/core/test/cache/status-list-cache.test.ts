import { describe, expect, it } from 'vitest';
import { LruStatusListCache } from '../../src/cache/status-list-cache.js';

const mebibyte = 1024 * 1024;
const held = (size: number) => ({ list: { size } });

describe('cache of status lists (D-28)', () => {
  it('the status list cache returns the list that was stored last under a key', () => {
    const cache = new LruStatusListCache();
    const [first, second] = [held(1), held(1)];
    cache.set('a', first);
    cache.set('a', second);
    expect(cache.get('a')).toBe(second);
    expect(cache.get('b')).toBeUndefined();
  });

  it('the cache holds a thousand status lists and evicts the least recently used one (D-28)', () => {
    const cache = new LruStatusListCache();
    for (let at = 0; at < 1000; at++) cache.set(`l${at}`, held(0));
    expect(cache.get('l0')).toEqual(held(0));
    cache.set('one more', held(0));
    expect([cache.get('l0'), cache.get('l1')]).toEqual([held(0), undefined]);
  });

  it('the cache holds at most 32 MiB of status lists (D-28)', () => {
    const cache = new LruStatusListCache();
    for (let at = 0; at < 16; at++) cache.set(`l${at}`, held(2 * mebibyte));
    expect(cache.get('l0')).toEqual(held(2 * mebibyte));
    cache.set('one more', held(1));
    expect([cache.get('l0'), cache.get('l1')]).toEqual([held(2 * mebibyte), undefined]);
  });
});
