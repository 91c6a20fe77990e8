import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BloomFilter } from '../../src/cache/bloom-filter.js';

const endOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(-12);

describe('the bloomFilter', () => {
  it('lets in who comes a second time', () => {
    const bloomFilter = new BloomFilter();
    const end = endOf('token');
    expect([bloomFilter.hasSeen(end), bloomFilter.hasSeen(end), bloomFilter.hasSeen(end)]).toEqual([false, true, true]);
  });

  it('mistakes few strangers for guests, however many came before', () => {
    const bloomFilter = new BloomFilter();
    let mistaken = 0;
    for (let at = 0; at < 200_000; at++) if (bloomFilter.hasSeen(endOf(String(at)))) mistaken += 1;
    expect(mistaken).toBeLessThan(200_000 * 0.05);
  });

  it('forgets who has not come for long', () => {
    const bloomFilter = new BloomFilter();
    const early = Array.from({ length: 100 }, () => randomBytes(9).toString('base64url'));
    for (const end of early) bloomFilter.hasSeen(end);
    for (let at = 0; at < 50_000; at++) bloomFilter.hasSeen(endOf(String(at)));
    expect(early.filter((end) => bloomFilter.hasSeen(end)).length).toBeLessThan(30);
  });

  it('knows through one generation who came in it', () => {
    const bloomFilter = new BloomFilter();
    const ends = Array.from({ length: 10_000 }, (_, at) => endOf(String(at)));
    for (const end of ends) bloomFilter.hasSeen(end);
    expect(ends.every((end) => bloomFilter.hasSeen(end))).toBe(true);
  });
});
