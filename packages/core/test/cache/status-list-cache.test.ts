import { describe, expect, it } from 'vitest';
import { LruStatusListCache } from '../../src/cache/status-list-cache.js';

const mebibyte = 1024 * 1024;
const held = (size: number) => ({ list: { size } });

describe('D-28: what is remembered of status lists', () => {
  it('is what was remembered last under a name', () => {
    const memory = new LruStatusListCache();
    const [first, second] = [held(1), held(1)];
    memory.set('a', first);
    memory.set('a', second);
    expect(memory.get('a')).toBe(second);
    expect(memory.get('b')).toBeUndefined();
  });

  it('D-28: is a thousand lists, and then the one that was not used longest goes', () => {
    const memory = new LruStatusListCache();
    for (let at = 0; at < 1000; at++) memory.set(`l${at}`, held(0));
    expect(memory.get('l0')).toEqual(held(0));
    memory.set('one more', held(0));
    expect([memory.get('l0'), memory.get('l1')]).toEqual([held(0), undefined]);
  });

  it('D-28: is 32 MiB in all', () => {
    const memory = new LruStatusListCache();
    for (let at = 0; at < 16; at++) memory.set(`l${at}`, held(2 * mebibyte));
    expect(memory.get('l0')).toEqual(held(2 * mebibyte));
    memory.set('one more', held(1));
    expect([memory.get('l0'), memory.get('l1')]).toEqual([held(2 * mebibyte), undefined]);
  });
});
