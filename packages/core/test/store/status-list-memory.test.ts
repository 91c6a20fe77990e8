import { describe, expect, it } from 'vitest';
import { LruStatusListMemory } from '../../src/store/status-list-memory.js';

const mebibyte = 1024 * 1024;
const held = (size: number) => ({ list: { size } });

describe('D-28: what is remembered of status lists', () => {
  it('is what was remembered last under a name', () => {
    const memory = new LruStatusListMemory();
    const [first, second] = [held(1), held(1)];
    memory.remember('a', first);
    memory.remember('a', second);
    expect(memory.recall('a')).toBe(second);
    expect(memory.recall('b')).toBeUndefined();
  });

  it('D-28: is a thousand lists, and then the one that was not used longest goes', () => {
    const memory = new LruStatusListMemory();
    for (let at = 0; at < 1000; at++) memory.remember(`l${at}`, held(0));
    expect(memory.recall('l0')).toEqual(held(0));
    memory.remember('one more', held(0));
    expect([memory.recall('l0'), memory.recall('l1')]).toEqual([held(0), undefined]);
  });

  it('D-28: is 32 MiB in all', () => {
    const memory = new LruStatusListMemory();
    for (let at = 0; at < 16; at++) memory.remember(`l${at}`, held(2 * mebibyte));
    expect(memory.recall('l0')).toEqual(held(2 * mebibyte));
    memory.remember('one more', held(1));
    expect([memory.recall('l0'), memory.recall('l1')]).toEqual([held(2 * mebibyte), undefined]);
  });
});
